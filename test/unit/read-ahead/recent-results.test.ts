import { expect, test } from 'vitest'
import { openInMemory, type QualysInMemory } from '../../support/session/memory.ts'

// The results of a run that may still be in progress.

const hosts = 200
const hour = 3_600_000

/** 200 hosts of one run, which began `age` ago; the test finishes them. */
function openRun(age: number, youngFrom = 0) {
  const asked: number[] = []
  const state = { done: false }
  const rowOf = (index: number): object => ({
    sortValues: [index],
    data: {
      id: String(index),
      created: { dateTime: Date.now() - (index >= youngFrom ? age : 48 * hour) },
      asset: { name: `ws-${index}` },
      job: { id: '7' },
      ...(state.done && { output: { code: 0, text: 'SUCCESS' }, enddate: '2026-11-22T06:42:13.692+00:00' }),
    },
  })
  const assistant = openInMemory(({ body }) => {
    const { pageSize, searchAfter } = JSON.parse(body) as { pageSize: number; searchAfter?: [number] }
    asked.push(pageSize)
    const from = (searchAfter?.[0] ?? -1) + 1
    const length = Math.min(pageSize, hosts - from)
    const list = Array.from({ length }, (_, at) => rowOf(from + at))
    return { body: { body: { totalCount: hosts, list } } }
  })
  return { asked, state, assistant }
}

/** The pages from the first on: the outcome of each host, and the token. */
async function pagesOf(assistant: QualysInMemory, count: number, from?: string) {
  const summaries: string[] = []
  const tokens: (string | undefined)[] = []
  let continuationToken = from
  for (let page = 0; page < count; page++) {
    const args = { jobId: 7, pageSize: 10, continuationToken }
    const { structured } = await assistant.call('car_search_asset_jobs', args)
    summaries.push(/\d+ (open|succeeded)/.exec(structured.summary)?.[0] ?? structured.summary)
    continuationToken = structured.continuationToken
    tokens.push(continuationToken)
  }
  return { summaries, tokens }
}

const times = <T>(count: number, value: T): T[] => Array(count).fill(value)

test.each([
  ['a second', 1_000],
  ['an hour', hour],
  ['23 hours', 23 * hour],
])('%s old: requested page by page, so that changes show', async (_, age) => {
  const { asked, state, assistant } = openRun(age)
  const { summaries, tokens } = await pagesOf(assistant, 6)
  expect(summaries).toEqual(times(6, '10 open'))
  // One larger answer showed that they are recent.
  expect(asked).toEqual([10, 10, 20, 10, 10, 10])
  state.done = true
  // Forward, and back to the position of the larger answer.
  expect((await pagesOf(assistant, 3, tokens[5])).summaries).toEqual(times(3, '10 succeeded'))
  expect((await pagesOf(assistant, 2, tokens[1])).summaries).toEqual(times(2, '10 succeeded'))
  expect(asked).toEqual([10, 10, 20, ...times(8, 10)])
})

test('older than a day: cached, since they no longer change', async () => {
  const { asked, assistant } = openRun(25 * hour)
  await pagesOf(assistant, 20)
  expect(asked).toEqual([10, 10, 20, 40, 80, 160])
})

test('old at first and recent further on: from there on page by page', async () => {
  const { asked, state, assistant } = openRun(hour, 100)
  const { tokens } = await pagesOf(assistant, 8)
  state.done = true
  expect((await pagesOf(assistant, 3, tokens[7])).summaries).toEqual(times(3, '10 succeeded'))
  expect(asked).toEqual([10, 10, 20, 40, 80, 10, 10])
})
