import { operations } from '../../../src/operations/index.ts'
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
const atOnce = 16

/** Works through a list, so many at a time; each worker goes on as soon as it can. */
async function each<Item>(
  items: readonly Item[],
  work: (item: Item, worker: number) => Promise<void>,
): Promise<void> {
  const rest = items.values()
  const worker = async (_: unknown, index: number): Promise<void> => {
    for (const item of rest) await work(item, index)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
}

/** Tries all of these, each on a platform that is as new, and tells of each when it ends. */
export async function tryEach(all: readonly Trial[], tell: (tried: Tried) => void): Promise<void> {
  const model = await freshSandbox()
  const calls = await callsOn(model.control).finally(() => model.close())
  const cleanRuns = new Map<string, Clean>()
  await each([...new Set(all.map(({ operation }) => operation))], async (operation) => {
    const args = calls.get(operation.name) ?? {}
    cleanRuns.set(operation.name, await cleanRun(operation, args, 'client'))
  })
  const stations = Array.from({ length: atOnce }, () => new Station(cleanRuns, calls))
  // Those that wait for time-outs go first, so that the last ones end together; the others by operation, so that not
  // all of those with large answers are tried at once.
  const place = new Map(operations.map((operation, at) => [operation, at]))
  const order = [...all].sort(
    (a, b) =>
      Number(b.row.hurried ?? false) - Number(a.row.hurried ?? false) ||
      Number(place.get(a.operation)) - Number(place.get(b.operation)),
  )
  await each(order, async (trial, worker) => {
    const station = stations[worker]
    if (station) tell(await station.try(trial))
  })
  await Promise.all(stations.map((station) => station.close()))
}
