import type { Operation } from '../../../src/operations/operation.ts'
import { someJwt } from '../../support/leak-search.ts'
import type { Ending } from './expected.ts'
import {
  callOn,
  type Door,
  findLeaks,
  freshSandbox,
  type OpenSandbox,
  quoted,
  requestsAt,
  type Told,
} from './ground.ts'
import { type Run, runsOf, type Times, type Trial, type Tried } from './trial.ts'
import {
  type Change,
  type Collection,
  changeFrom,
  collections,
  isNothing,
  isSame,
  type Truth,
  truthOf,
} from './truth.ts'

/** How a call ends on a platform without a fault. */
export interface Clean {
  readonly rows: Told['rows']
  readonly change: Change
  /** The collections that it changes. */
  readonly of: readonly Collection[]
  /** At its own route. */
  readonly requests: number
}

/** Calls an operation on a sandbox that is as new. */
export async function cleanRun(operation: Operation, args: object, door: Door): Promise<Clean> {
  const sandbox = await freshSandbox()
  try {
    const { control } = sandbox
    const before = await truthOf(control, collections)
    const told = await callOn(sandbox, door, {}, operation.name, args)
    if (told.isError) throw new Error(`${operation.name} fails without a fault: ${told.text}`)
    const change = changeFrom(before, await truthOf(control, collections))
    if (isNothing(change) !== (operation.effect === 'read')) {
      throw new Error(`${operation.name} changes ${JSON.stringify(change)} without a fault`)
    }
    const requests = requestsAt(operation.route, await control.requests()).length
    return { rows: told.rows, change, of: Object.keys(change) as Collection[], requests }
  } finally {
    await sandbox.close()
  }
}

/** A sandbox on which one cell is tried after the other; another one once it is no longer as new. */
export class Station {
  readonly #cleanRuns: ReadonlyMap<string, Clean>
  readonly #calls: ReadonlyMap<string, object>
  #sandbox: Promise<OpenSandbox> | undefined
  /** What is known to be in it: as long as nothing changes, it need not be asked again. */
  #truth = new Map<string, Truth>()

  constructor(cleanRuns: ReadonlyMap<string, Clean>, calls: ReadonlyMap<string, object>) {
    this.#cleanRuns = cleanRuns
    this.#calls = calls
  }

  async try(trial: Trial): Promise<Tried> {
    const runs: Run[] = []
    for (const [times, expected] of runsOf(trial)) runs.push(await this.#run(trial, times, expected))
    return { ...trial, runs }
  }

  async close(): Promise<void> {
    const sandbox = await this.#sandbox
    this.#sandbox = undefined
    this.#truth.clear()
    await sandbox?.close()
  }

  async #run(trial: Trial, times: Times, expected: Ending): Promise<Run> {
    const { operation, route, row, door } = trial
    const clean = this.#cleanRuns.get(operation.name)
    if (!clean) throw new Error(`${operation.name} was not called without a fault`)
    this.#sandbox ??= freshSandbox()
    const sandbox = await this.#sandbox
    const { control } = sandbox
    const before = this.#truth.get(operation.name) ?? (await truthOf(control, clean.of))
    this.#truth.set(operation.name, before)
    await control.faults([
      {
        route,
        ...row.fault,
        ...(trial.line === 'echo' && { body: { message: `${quoted} Bearer ${someJwt}` } }),
        ...(times === 'once' && { times: 1 }),
      },
    ])
    await control.forget()
    const told = await callOn(sandbox, door, row, operation.name, this.#calls.get(operation.name) ?? {})
    const seen = await control.requests()
    await control.faults([])
    const change = changeFrom(before, await truthOf(control, clean.of))
    const ended = told.isError ? (told.kind ?? 'unexpected') : 'success'
    // What is still under way, or has been changed, must not meet the next cell.
    if (ended === 'unclear' || !isNothing(change)) await this.close()
    const requests = requestsAt(route, seen).length
    const own = requestsAt(operation.route, seen).length
    const spare = route === operation.route ? clean.requests - 1 : 0
    const wrong = [
      ...wrongEnd(operation, expected, told, clean),
      ...wrongChange(expected, change, clean),
      ...(requests > expected.most + spare
        ? [`${requests} requests, at most ${expected.most + spare} are allowed`]
        : []),
      ...(route !== operation.route && own > clean.requests ? [`${own} requests at its own route`] : []),
      ...findLeaks(told.left).map((leak) => `shows ${leak}`),
    ]
    return { times, expected, ended, requests, wrong, text: told.text }
  }
}

function wrongEnd(operation: Operation, { end }: Ending, told: Told, { rows }: Clean): string[] {
  const ended = told.isError ? (told.kind ?? 'unexpected') : 'success'
  const wanted = ['same', 'ids', 'rows', 'none', 'done', 'told'].includes(end) ? 'success' : end
  if (ended !== wanted) return [`ended in ${ended} instead of ${end}`]
  if (end === 'none') return told.rows.length === 0 ? [] : [`${told.rows.length} rows instead of none`]
  if (end === 'rows' && told.rows.length !== rows.length)
    return [`${told.rows.length} rows instead of ${rows.length}`]
  if (end === 'same' && JSON.stringify(told.rows) !== JSON.stringify(rows)) return ['other rows']
  if (end === 'ids') {
    const [got, all] = [told.rows.map(keyOf(operation)), rows.map(keyOf(operation))]
    if (JSON.stringify(got) !== JSON.stringify(all)) return [`rows ${got.join()} instead of ${all.join()}`]
  }
  return []
}

/** By what a row is known: its id; a file by those of its letters that every encoding has. */
const keyOf =
  ({ returns }: Operation) =>
  (row: Record<string, unknown>): string =>
    returns === 'file' ? String(row['content']).replace(/[^!->@-~]/g, '') : String(row['id'])

function wrongChange({ end }: Ending, change: Change, clean: Clean): string[] {
  const text = JSON.stringify(change)
  if (end === 'done') {
    return isSame(change, clean.change) ? [] : [`changed ${text} instead of ${JSON.stringify(clean.change)}`]
  }
  if (isNothing(change)) return []
  if (end === 'unclear' && isSame(change, clean.change)) return []
  return [`changed ${text}`]
}
