import { expect, test } from 'vitest'
import { TooLargeError } from '../../../src/shared/errors.ts'
import { followRun } from '../../../src/tools/workflows/run/follow-run.ts'
import { callerOn } from '../../support/workflows/memory.ts'

// Runs of many hosts: read in batches, large ones without outputs, small ones with them.

/** A request for hosts of the run. */
interface HostRequest {
  readonly pageSize: number
  readonly includeScriptResult?: boolean
  readonly searchAfter?: readonly number[]
}

/** Follows a run of this number of hosts; `refuse` may treat an answer as too large. */
async function followRunOn(count: number, refuse: (asked: HostRequest) => boolean = () => false) {
  const seen: HostRequest[] = []
  const row = (id: number, heavy: boolean): object => ({
    sortValues: [id],
    data: {
      id: String(id),
      created: { dateTime: 1 },
      asset: { name: `ws-${id}` },
      output: { code: id % 7 === 0 ? 1 : 0, text: 'DONE' },
      ...(heavy && {
        scriptResult: Buffer.from(`ws-${id}: ${id % 7 === 0 ? 'no' : 'ok'}`).toString('base64'),
      }),
    },
  })
  const caller = callerOn(({ body }) => {
    const asked = JSON.parse(body) as HostRequest
    seen.push(asked)
    if (refuse(asked)) throw new TooLargeError('The answer is larger than 64 MiB.', 'Ask for fewer rows.')
    const from = asked.searchAfter?.[0] ?? 0
    const length = Math.min(asked.pageSize, count - from)
    const list = Array.from({ length }, (_, index) =>
      row(from + index + 1, asked.includeScriptResult === true),
    )
    return { body: { body: { totalCount: count, list } } }
  })
  const reply = await caller.call(followRun, { jobId: 1, waitSeconds: 0 }, 'json')
  const sizes = (heavy: boolean): number[] =>
    seen
      .filter(({ includeScriptResult }) => (includeScriptResult === true) === heavy)
      .map(({ pageSize }) => pageSize)
  return { ...reply, light: sizes(false), heavy: sizes(true) }
}

test('1,200 hosts are read in batches of 50 with outputs, 1,000 without', async () => {
  const { structured, light, heavy } = await followRunOn(1_200)
  expect(light).toEqual([1_000, 1_000])
  expect(heavy).toEqual(Array(24).fill(50))
  expect(structured.summary).toBe(
    'run 1 so far: 1,200 of 1,200 hosts done; 1,029 succeeded, 171 failed; 2 kinds of output',
  )
  // The name of the host makes no difference: one kind for each outcome remains.
  expect(structured.rows.map(({ count, outcome }) => [count, outcome])).toEqual([
    [171, 'failed'],
    [1_029, 'succeeded'],
  ])
  for (const row of structured.rows) expect(Object.keys(row)).not.toContain('results')
})

test('a batch too large to be read is requested again in halves', async () => {
  const { structured, heavy } = await followRunOn(
    14,
    ({ includeScriptResult = false, pageSize }) => includeScriptResult && pageSize > 7,
  )
  expect(heavy).toEqual([50, 25, 13, 7, 7])
  expect(structured.summary).toMatch(/^run 1 so far: 14 of 14 hosts done; 12 succeeded, 2 failed/)
  expect(structured.rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(14)
})
