import { operations } from '../../src/operations/index.ts'
import { expectationOf } from './expected.ts'
import { callsOn, freshSandbox } from './ground.ts'
import { loginTrials } from './logins.ts'
import { type FaultName, faultRows } from './rows.ts'
import { type Clean, cleanRun, Station } from './station.ts'
import type { Trial, Tried } from './trial.ts'

/** Every cell: each operation under each fault at its own route, and some under faults at the login. */
export function trials(): Trial[] {
  const names = Object.keys(faultRows) as FaultName[]
  const atRoute = names.flatMap((line) =>
    operations.map(
      (operation): Trial => ({
        line,
        operation,
        route: operation.route,
        row: faultRows[line],
        door: 'client',
        expected: expectationOf(operation, line),
      }),
    ),
  )
  return [...atRoute, ...loginTrials()]
}

/** How many cells are tried at the same time: most of them wait. */
const atOnce = 24

/** Works through a list, so many at a time, and keeps its order. */
async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item, worker: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async (_: unknown, index: number): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      results[at] = await work(items[at] as Item, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return results
}

/** Tries all of these, each on a platform that is as new. */
export async function tryAll(all: readonly Trial[]): Promise<Tried[]> {
  const model = await freshSandbox()
  const calls = await callsOn(model.control).finally(() => model.close())
  const called = [...new Set(all.map(({ operation }) => operation))]
  const clean = await each(
    called,
    async (operation): Promise<[string, Clean]> => [
      operation.name,
      await cleanRun(operation, calls.get(operation.name) ?? {}, 'client'),
    ],
  )
  const cleanRuns = new Map(clean)
  const stations = Array.from({ length: atOnce }, () => new Station(cleanRuns, calls))
  // Those that wait for time-outs go first, so that the last ones end together.
  const order = [...all].sort((a, b) => Number(b.row.hurried ?? false) - Number(a.row.hurried ?? false))
  const tried = await each(order, async (trial, worker) => stations[worker]?.try(trial))
  await Promise.all(stations.map((station) => station.close()))
  const found = new Map(tried.flatMap((cell) => (cell ? [[keyOf(cell), cell]] : [])))
  return all.flatMap((trial) => found.get(keyOf(trial)) ?? [])
}

const keyOf = ({ line, operation, door }: Trial): string => `${line} ${operation.name} ${door}`
