import { expect, test } from 'vitest'
import { countAssetJobs } from '../../../src/tools/workflows/count/count.ts'
import { moment, runOf } from '../../support/counting/memory.ts'
import { callerOn } from '../../support/workflows/memory.ts'

// Counts of many rows by what as many other rows hold. What is kept at most: test/unit/counting/bounds.test.ts.

test('100,000 results of as many runs are joined, and no row is lost', async () => {
  const total = 100_000
  const pageOf = (body: string, rowAt: (at: number) => object): object => {
    const { pageSize, searchAfter } = JSON.parse(body) as { pageSize: number; searchAfter?: [number, string] }
    const from = searchAfter === undefined ? 0 : moment - searchAfter[0] + 1
    const list = Array.from({ length: Math.min(pageSize, total - from) }, (_, at) => rowAt(from + at))
    return { body: { totalCount: total, list } }
  }
  const caller = callerOn(({ path, body }) => ({
    body: pageOf(body, (at) =>
      path.includes('assetjobs')
        ? {
            sortValues: [moment - at, String(at)],
            data: { id: String(at), created: { dateTime: moment }, job: { id: String(at) } },
          }
        : runOf({ platform: ['LINUX', 'MAC'][at % 2] }, at),
    ),
  }))
  const { structured } = await caller.call(
    countAssetJobs,
    { groupBy: ['job.platform'], distinct: 'job.id' },
    'json',
  )
  expect(structured.rows).toEqual(
    ['LINUX', 'MAC'].map((name) => ({ 'job.platform': name, count: 50_000, 'different job.id': 50_000 })),
  )
  expect(structured.note).toBeUndefined()
})
