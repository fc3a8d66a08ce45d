import type { Environment } from '../../../src/config/settings.ts'
import { followRunTool } from '../../../src/tools/workflows/run/follow-run.ts'
import { FakeClock } from './fake-clock.ts'
import { type CannedAnswer, callerOn, type ToolCaller, type ToolOutcome, Upstream } from './memory.ts'
import { assetJobs, type Host, hostsReply } from './runs.ts'

/** Follows runs on canned answers, on a clock that only sleeping advances. */
export class FollowRunCaller {
  readonly upstream: Upstream
  readonly clock: FakeClock
  readonly caller: ToolCaller
  readonly #tool

  constructor({ upstream = new Upstream(), clock = new FakeClock(), environment = {} as Environment } = {}) {
    this.upstream = upstream
    this.clock = clock
    this.caller = callerOn(upstream.answer, environment)
    this.#tool = followRunTool(clock)
  }

  /** Sets the hosts that Qualys lists: one run state after the other, and then always the last one. */
  list(...runs: readonly (readonly Host[])[]): void {
    this.upstream.serve(...cannedRunLists(...runs))
  }

  follow(args: object, form: 'text' | 'json' = 'text'): Promise<ToolOutcome> {
    return this.caller.call(this.#tool, args, form)
  }

  /** The bodies that requested outputs. */
  get outputRequests(): Record<string, unknown>[] {
    return this.upstream.bodies.filter(({ includeScriptResult }) => includeScriptResult === true)
  }
}

/** Answers that list one run state after the other, and then always the last one. */
export const cannedRunLists = (...runs: readonly (readonly Host[])[]): CannedAnswer[] =>
  runs.map((hosts, index) => ({
    route: assetJobs,
    body: hostsReply(hosts),
    ...(index < runs.length - 1 && { times: 1 }),
  }))

/** This number of finished hosts. */
export const doneHosts = (count: number): Host[] =>
  Array.from({ length: count }, (_, index) => ({ name: `ws-${index}`, output: 'ok' }))

export const openHost: Host = { name: 'ws-off', open: true }
