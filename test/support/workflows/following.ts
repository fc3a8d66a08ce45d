import type { Environment } from '../../../src/config/settings.ts'
import { followRunBy } from '../../../src/tools/workflows/run/follow-run.ts'
import { Clock } from './clock.ts'
import { type Called, type Caller, type Canned, callerOn, Upstream } from './memory.ts'
import { assetJobs, type Host, listed } from './runs.ts'

/** Follows runs on canned answers, by a clock on which only sleeping takes time. */
export class Following {
  readonly upstream: Upstream
  readonly clock: Clock
  readonly caller: Caller
  readonly #tool

  constructor({ upstream = new Upstream(), clock = new Clock(), environment = {} as Environment } = {}) {
    this.upstream = upstream
    this.clock = clock
    this.caller = callerOn(upstream.answer, environment)
    this.#tool = followRunBy(clock)
  }

  /** From now on Qualys lists these hosts, one run after the other, the last one for good. */
  list(...runs: readonly (readonly Host[])[]): void {
    this.upstream.serve(...listedInTurn(...runs))
  }

  follow(args: object, form: 'text' | 'json' = 'text'): Promise<Called> {
    return this.caller.call(this.#tool, args, form)
  }

  /** The bodies that asked for outputs. */
  get heavy(): Record<string, unknown>[] {
    return this.upstream.bodies.filter(({ includeScriptResult }) => includeScriptResult === true)
  }
}

/** Answers that list one run after the other, the last one for good. */
export const listedInTurn = (...runs: readonly (readonly Host[])[]): Canned[] =>
  runs.map((hosts, index) => ({
    route: assetJobs,
    body: listed(hosts),
    ...(index < runs.length - 1 && { times: 1 }),
  }))

/** So many hosts that are done. */
export const done = (count: number): Host[] =>
  Array.from({ length: count }, (_, index) => ({ name: `ws-${index}`, printed: 'ok' }))

export const waiting: Host = { name: 'ws-off', open: true }
