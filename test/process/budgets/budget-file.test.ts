import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { BudgetFile } from '../../../src/tools/effects/budgets/budget-file.ts'
import { bundleScript, runConcurrently } from '../../support/audit/processes.ts'

// Four processes take from one file of budgets at the same time, and never more than there is.

const taker = new URL('../../support/budgets/taker.ts', import.meta.url)
const sum = (numbers: readonly string[]): number => numbers.reduce((all, one) => all + Number(one), 0)

async function race(max: number, compactFrom: number, text = ''): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-budget-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'budget.jsonl')
  writeFileSync(path, text, { mode: 0o600 })
  const script = await bundleScript(taker, folder)
  const taken = sum(await runConcurrently(script, 4, [folder, '200', String(max), String(compactFrom)]))
  const { charges } = new BudgetFile(folder).balance()
  const spent = charges.filter(({ account }) => account === 'a').reduce((all, { n }) => all + n, 0)
  expect(spent).toBe(taken)
  expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true)
  return taken
}

test('200 takes each, with room for 150 of the 800: 150 at most, and nearly all of them', async () => {
  const taken = await race(150, 1_000)
  expect(taken).toBeLessThanOrEqual(150)
  // A charge that does not fit counts until it is given back, so that the last ones may be refused together.
  expect(taken).toBeGreaterThan(140)
})

test('with room for all: all of them, also those that come while the file is compacted', async () => {
  const old = Array.from(
    { length: 300 },
    (_, id) =>
      `${JSON.stringify({ at: 1, id: `old-${id}`, account: 'z', caller: 'c', what: 'hosts', n: 1 })}\n`,
  ).join('')
  expect(await race(800, 100, old)).toBe(800)
})
