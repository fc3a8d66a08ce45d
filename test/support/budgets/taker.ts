import { randomUUID } from 'node:crypto'
import { BudgetFile } from '../../../src/tools/effects/budgets/budget-file.ts'
import { waitForOthers } from '../audit/start-barrier.ts'

// Runs as several processes: takes one host after another, and prints how many it got.

const [folder = '', takes = '0', max = '0', compactFrom = '1000'] = process.argv.slice(2)
const file = new BudgetFile(folder, Date.now, Number(compactFrom))
const limit = { max: Number(max), windowMs: 24 * 3_600_000 }
const charge = { account: 'a', caller: 'local', what: 'hosts', n: 1 } as const
await waitForOthers()
let taken = 0
for (let take = 0; take < Number(takes); take += 1)
  if (file.take({ id: randomUUID(), ...charge }, limit, new Set()) === undefined) taken += 1
process.stdout.write(String(taken))
