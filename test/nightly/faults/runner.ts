import type { Operation } from '../../../src/operations/operation.ts'
import { someJwt } from '../../support/leak-search.ts'
import type { ExpectedEnd } from './expectations.ts'
import {
  type CallOutcome,
  callOn,
  findLeaks,
  freshSandbox,
  type LoginKind,
  type OpenSandbox,
  quotedSecrets,
  requestsAt,
} from './fixtures.ts'
import {
  type Change,
  type Collection,
  changeFrom,
  collections,
  isEmpty,
  isSame,
  readState,
  type SandboxState,
} from './sandbox-state.ts'
import { type Cell, type CellResult, type Run, runsOf, type Times } from './trial.ts'

/** How a call ends on a platform without a fault. */
export interface CleanRun {
  readonly rows: CallOutcome['rows']
  readonly change: Change
  /** The collections that it changes. */
  readonly of: readonly Collection[]
  /** At its own route. */
  readonly requests: number
}

/** Calls an operation on a fresh sandbox. */
export async function cleanRun(operation: Operation, args: object, login: LoginKind): Promise<CleanRun> {
  const sandbox = await freshSandbox()
  try {
    const { control } = sandbox
    const before = await readState(control, collections)
    const outcome = await callOn(sandbox, login, {}, operation.name, args)
    if (outcome.isError) throw new Error(`${operation.name} fails without a fault: ${outcome.text}`)
    const change = changeFrom(before, await readState(control, collections))
    if (isEmpty(change) !== (operation.effect === 'read')) {
      throw new Error(`${operation.name} changes ${JSON.stringify(change)} without a fault`)
    }
    const requests = requestsAt(operation.route, await control.requests()).length
    return { rows: outcome.rows, change, of: Object.keys(change) as Collection[], requests }
  } finally {
    await sandbox.close()
  }
}

/** Runs one cell after the other on a sandbox, and opens a new one once that has changed. */
export class CellRunner {
  readonly #cleanRuns: ReadonlyMap<string, CleanRun>
  readonly #calls: ReadonlyMap<string, object>
  #sandbox: Promise<OpenSandbox> | undefined
  /** The known contents of the sandbox: they are read once, as long as nothing changes. */
  #states = new Map<string, SandboxState>()

  constructor(cleanRuns: ReadonlyMap<string, CleanRun>, calls: ReadonlyMap<string, object>) {
    this.#cleanRuns = cleanRuns
    this.#calls = calls
  }

  async run(trial: Cell): Promise<CellResult> {
    const runs: Run[] = []
    for (const [times, expected] of runsOf(trial)) runs.push(await this.#run(trial, times, expected))
    return { ...trial, runs }
  }

  async close(): Promise<void> {
    const sandbox = await this.#sandbox
    this.#sandbox = undefined
    this.#states.clear()
    await sandbox?.close()
  }

  async #run(trial: Cell, times: Times, expected: ExpectedEnd): Promise<Run> {
    const { operation, route, row, loginKind } = trial
    const clean = this.#cleanRuns.get(operation.name)
    if (!clean) throw new Error(`${operation.name} was not called without a fault`)
    this.#sandbox ??= freshSandbox()
    const sandbox = await this.#sandbox
    const { control } = sandbox
    const before = this.#states.get(operation.name) ?? (await readState(control, clean.of))
    this.#states.set(operation.name, before)
    await control.faults([
      {
        route,
        ...row.fault,
        ...(trial.line === 'echo' && { body: { message: `${quotedSecrets} Bearer ${someJwt}` } }),
        ...(times === 'once' && { times: 1 }),
      },
    ])
    await control.clearRequests()
    const outcome = await callOn(
      sandbox,
      loginKind,
      row,
      operation.name,
      this.#calls.get(operation.name) ?? {},
    )
    const seen = await control.requests()
    await control.faults([])
    const change = changeFrom(before, await readState(control, clean.of))
    const ended = outcome.isError ? (outcome.kind ?? 'unexpected') : 'success'
    // What is still running, or has changed, must not affect the next cell.
    if (ended === 'unclear' || !isEmpty(change)) await this.close()
    const requests = requestsAt(route, seen).length
    const own = requestsAt(operation.route, seen).length
    const spare = route === operation.route ? clean.requests - 1 : 0
    const wrong = [
      ...endErrors(operation, expected, outcome, clean),
      ...changeErrors(expected, change, clean),
      ...(requests > expected.most + spare
        ? [`${requests} requests, at most ${expected.most + spare} are allowed`]
        : []),
      ...(route !== operation.route && own > clean.requests ? [`${own} requests at its own route`] : []),
      ...findLeaks(outcome.output).map((leak) => `shows ${leak}`),
    ]
    return { times, expected, ended, requests, wrong, text: outcome.text }
  }
}

function endErrors(
  operation: Operation,
  { end }: ExpectedEnd,
  outcome: CallOutcome,
  { rows }: CleanRun,
): string[] {
  const ended = outcome.isError ? (outcome.kind ?? 'unexpected') : 'success'
  const wanted = ['same', 'ids', 'rows', 'none', 'done', 'told'].includes(end) ? 'success' : end
  if (ended !== wanted) return [`ended in ${ended} instead of ${end}`]
  if (end === 'none') return outcome.rows.length === 0 ? [] : [`${outcome.rows.length} rows instead of none`]
  if (end === 'rows' && outcome.rows.length !== rows.length)
    return [`${outcome.rows.length} rows instead of ${rows.length}`]
  if (end === 'same' && JSON.stringify(outcome.rows) !== JSON.stringify(rows)) return ['other rows']
  if (end === 'ids') {
    const [got, all] = [outcome.rows.map(keyOf(operation)), rows.map(keyOf(operation))]
    if (JSON.stringify(got) !== JSON.stringify(all)) return [`rows ${got.join()} instead of ${all.join()}`]
  }
  return []
}

/** What identifies a row: its id; for a file its letters that every encoding has. */
const keyOf =
  ({ returns }: Operation) =>
  (row: Record<string, unknown>): string =>
    returns === 'file' ? String(row['content']).replace(/[^!->@-~]/g, '') : String(row['id'])

function changeErrors({ end }: ExpectedEnd, change: Change, clean: CleanRun): string[] {
  const text = JSON.stringify(change)
  if (end === 'done') {
    return isSame(change, clean.change) ? [] : [`changed ${text} instead of ${JSON.stringify(clean.change)}`]
  }
  if (isEmpty(change)) return []
  if (end === 'unclear' && isSame(change, clean.change)) return []
  return [`changed ${text}`]
}
