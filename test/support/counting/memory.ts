import type { Environment } from '../../../src/config/settings.ts'
import { countAssetJobs, countJobs } from '../../../src/tools/workflows/count/count.ts'
import {
  type CannedAnswer,
  callerOn,
  type ToolCaller,
  type ToolOutcome,
  Upstream,
} from '../workflows/memory.ts'
import { assetJobs, jobs } from '../workflows/runs.ts'

// Counts over canned replies in memory.

export const moment = 1_700_000_000_000

/** A run with these parts, as Qualys sends it. */
export const runOf = (part: object, index: number): object => ({
  sortValues: [moment - index, String(index)],
  data: {
    id: String(index),
    title: 'a run',
    created: { dateTime: moment - index },
    platform: 'LINUX',
    executionType: 'Manual',
    scriptId: 1,
    ...part,
  },
})

/** Qualys lists runs with these parts. */
export const runsWith = (parts: readonly object[], totalCount = parts.length): CannedAnswer => ({
  route: jobs,
  body: { errorCode: null, message: null, body: { totalCount, list: parts.map(runOf) } },
})

/** Qualys lists hosts with these parts. */
export const hostsWith = (parts: readonly object[]): CannedAnswer => ({
  route: assetJobs,
  body: {
    body: {
      totalCount: parts.length,
      list: parts.map((part, index) => ({
        sortValues: [index],
        data: { id: String(index), created: { dateTime: moment }, ...part },
      })),
    },
  },
})

/** Counts the canned rows. */
export class Counter {
  readonly upstream = new Upstream()
  readonly caller: ToolCaller

  constructor(environment: Environment = {}) {
    this.caller = callerOn(this.upstream.answer, environment)
  }

  serve(...answers: readonly CannedAnswer[]): void {
    this.upstream.serve(...answers)
  }

  jobs(args: object = {}, form: 'text' | 'json' = 'json'): Promise<ToolOutcome> {
    return this.caller.call(countJobs, args, form)
  }

  assetJobs(args: object = {}, form: 'text' | 'json' = 'json'): Promise<ToolOutcome> {
    return this.caller.call(countAssetJobs, args, form)
  }
}
