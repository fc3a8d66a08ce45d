import { expect } from 'vitest'
import { followRun } from '../../../src/tools/workflows/run/follow-run.ts'
import { type CannedAnswer, callerOn, type ToolOutcome, Upstream } from './memory.ts'
import { assetJobs, type Host, hostsReply } from './runs.ts'

/** The result of run 1, where Qualys gives this answer to the search for its hosts. */
export async function followRunOn(
  answer: Omit<CannedAnswer, 'route'>,
  form: 'text' | 'json' = 'json',
  budget = 24_000,
): Promise<ToolOutcome> {
  const upstream = new Upstream()
  upstream.serve({ ...answer, route: assetJobs })
  const caller = callerOn(upstream.answer, { QUALYS_REPLY_CHARS: String(budget) })
  const reply = await caller.call(followRun, { jobId: 1, waitSeconds: 0 }, form)
  expect(reply.isError, reply.text).toBe(false)
  return reply
}

/** The result of run 1 on these hosts. */
export const digest = (
  hosts: readonly Host[],
  form: 'text' | 'json' = 'json',
  budget?: number,
): Promise<ToolOutcome> => followRunOn({ body: hostsReply(hosts) }, form, budget)

/** A host that printed this. */
export const digestText = (printed: string): Host => ({ output: printed })
