import { operations } from '../../../src/operations/index.ts'
import { expectationOf } from './expectations.ts'
import { callsOn, freshSandbox } from './fixtures.ts'
import { loginCells } from './logins.ts'
import { type FaultName, faultRows } from './rows.ts'
import { CellRunner, type CleanRun, cleanRun } from './runner.ts'
import type { Cell, CellResult } from './trial.ts'

/** Every cell: each operation under each fault at its own route, and some under faults at the login. */
export function allCells(): Cell[] {
  const names = Object.keys(faultRows) as FaultName[]
  const atRoute = names.flatMap((line) =>
    operations.map(
      (operation): Cell => ({
        line,
        operation,
        route: operation.route,
        row: faultRows[line],
        loginKind: 'client',
        expected: expectationOf(operation, line),
      }),
    ),
  )
  return [...atRoute, ...loginCells()]
}

/** How many cells run at the same time: most of them wait. */
const atOnce = 16

/** Works through a list with a limited number of workers. */
async function forEachConcurrently<Item>(
  items: readonly Item[],
  work: (item: Item, worker: number) => Promise<void>,
): Promise<void> {
  const rest = items.values()
  const worker = async (_: unknown, index: number): Promise<void> => {
    for (const item of rest) await work(item, index)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
}

/** Runs all of these cells, each on a fresh platform, and reports each when it ends. */
export async function runCells(all: readonly Cell[], onResult: (tried: CellResult) => void): Promise<void> {
  const model = await freshSandbox()
  const calls = await callsOn(model.control).finally(() => model.close())
  const cleanRuns = new Map<string, CleanRun>()
  await forEachConcurrently([...new Set(all.map(({ operation }) => operation))], async (operation) => {
    const args = calls.get(operation.name) ?? {}
    cleanRuns.set(operation.name, await cleanRun(operation, args, 'client'))
  })
  const runners = Array.from({ length: atOnce }, () => new CellRunner(cleanRuns, calls))
  // Cells that wait for time-outs go first, so that the last ones end together; the others in the order of the
  // operations, so that large answers are not all requested at once.
  const place = new Map(operations.map((operation, at) => [operation, at]))
  const order = [...all].sort(
    (a, b) =>
      Number(b.row.hasShortTimeouts ?? false) - Number(a.row.hasShortTimeouts ?? false) ||
      Number(place.get(a.operation)) - Number(place.get(b.operation)),
  )
  await forEachConcurrently(order, async (trial, worker) => {
    const runner = runners[worker]
    if (runner) onResult(await runner.run(trial))
  })
  await Promise.all(runners.map((runner) => runner.close()))
}
