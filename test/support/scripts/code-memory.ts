import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'vitest'

const program = fileURLToPath(new URL('memory-program.ts', import.meta.url))

/** Searches code in a process of its own: a heap that grows beyond its limit ends it. */
export async function expectWithin(
  maxHeapMiB: number,
  kind: string,
  headline: string,
  line: number,
): Promise<void> {
  const args = ['--import', 'tsx', `--max-old-space-size=${maxHeapMiB}`, program, kind]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { text, row } = JSON.parse(stdout)
  expect(text).toContain(headline)
  expect(row.line).toBe(line)
  expect(row.text).toContain('Get-Service')
  expect(row.text.length).toBeLessThanOrEqual(160)
}
