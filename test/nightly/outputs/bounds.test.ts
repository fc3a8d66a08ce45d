import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LargeRun, largeRuns } from '../../support/outputs/large-outputs.ts'
import { bundleMemoryProgram, memoryUseOf } from '../../support/outputs/memory.ts'

// The largest runs in bounded memory: 100 MB beside the batch that is being read.

const maxMiB = 100_000_000 / 2 ** 20
const folder = mkdtempSync(join(tmpdir(), 'qualys-outputs-'))
let program = ''

beforeAll(async () => {
  program = await bundleMemoryProgram(folder)
})

afterAll(() => rmSync(folder, { recursive: true }))

test.each(largeRuns)('$hosts hosts of $characters characters, $likeness', async (run: LargeRun) => {
  const bare = await memoryUseOf(program, run, 'read')
  // A heap that needs more than that ends the process, also between two measurements.
  const { characters, liveMiB } = await memoryUseOf(program, run, 'digest', Math.ceil(bare.peakMiB + maxMiB))
  expect(characters).toBe(run.hosts * run.characters)
  expect(liveMiB - Math.max(0, bare.liveMiB)).toBeLessThan(maxMiB)
})
