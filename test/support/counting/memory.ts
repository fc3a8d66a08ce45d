import type { Environment } from '../../../src/config/settings.ts'
import { countAssetJobs, countJobs } from '../../../src/tools/workflows/count/count.ts'
import { type Called, type Caller, type Canned, callerOn, Upstream } from '../workflows/memory.ts'
import { assetJobs, jobs } from '../workflows/runs.ts'

// Counting on canned answers in memory.

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
export const runsWith = (parts: readonly object[], totalCount = parts.length): Canned => ({
  route: jobs,
  body: { errorCode: null, message: null, body: { totalCount, list: parts.map(runOf) } },
})

/** Qualys lists hosts with these parts. */
export const hostsWith = (parts: readonly object[]): Canned => ({
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

/** Counts what is canned. */
export class Counter {
  readonly upstream = new Upstream()
  readonly caller: Caller

  constructor(environment: Environment = {}) {
    this.caller = callerOn(this.upstream.answer, environment)
  }

  serve(...answers: readonly Canned[]): void {
    this.upstream.serve(...answers)
  }

  jobs(args: object = {}, form: 'text' | 'json' = 'json'): Promise<Called> {
    return this.caller.call(countJobs, args, form)
  }

  assetJobs(args: object = {}, form: 'text' | 'json' = 'json'): Promise<Called> {
    return this.caller.call(countAssetJobs, args, form)
  }
}
