import { json } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openGateway } from '../../support/session/gateway.ts'

// The results of a run that may still be going on, served by a gateway of a few lines: the sandbox has its own clock.

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const hosts = 200
const hour = 3_600_000

/** 200 hosts of one run, which began `age` ago; they are done once somebody says so. */
async function openRun(age: number, youngFrom = 0) {
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
  const gateway = await openGateway(async (request, response) => {
    const body = (await json(request)) as { pageSize: number; searchAfter?: [number] }
    asked.push(body.pageSize)
    const from = (body.searchAfter?.[0] ?? -1) + 1
    const length = Math.min(body.pageSize, hosts - from)
    const list = Array.from({ length }, (_, at) => rowOf(from + at))
    response.end(JSON.stringify({ body: { totalCount: hosts, list } }))
  })
  closing.push(gateway.close)
  const assistant = await assistantOn(gateway)
  closing.push(assistant.close)
  return { asked, state, assistant }
}

/** Pages from the first on: what each said of its hosts, and its token. */
async function pagesOf(assistant: Assistant, count: number, from?: string) {
  const summaries: string[] = []
  const tokens: (string | undefined)[] = []
  let continuationToken = from
  for (let page = 0; page < count; page++) {
    const args = { jobId: 7, pageSize: 10, continuationToken }
    const { structured } = await assistant.call('car_search_asset_jobs', args, 'json')
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
])('%s old: asked for page by page, and what is done meanwhile shows', async (_, age) => {
  const { asked, state, assistant } = await openRun(age)
  const { summaries, tokens } = await pagesOf(assistant, 6)
  expect(summaries).toEqual(times(6, '10 open'))
  // One larger answer told that they are young.
  expect(asked).toEqual([10, 10, 20, 10, 10, 10])
  state.done = true
  // On, and back to where the larger answer was.
  expect((await pagesOf(assistant, 3, tokens[5])).summaries).toEqual(times(3, '10 succeeded'))
  expect((await pagesOf(assistant, 2, tokens[1])).summaries).toEqual(times(2, '10 succeeded'))
  expect(asked).toEqual([10, 10, 20, ...times(8, 10)])
})

test('older than a day: kept, since nothing comes in any more', async () => {
  const { asked, assistant } = await openRun(25 * hour)
  await pagesOf(assistant, 20)
  expect(asked).toEqual([10, 10, 20, 40, 80, 160])
})

test('old at first and young further on: from there on page by page', async () => {
  const { asked, state, assistant } = await openRun(hour, 100)
  const { tokens } = await pagesOf(assistant, 8)
  state.done = true
  expect((await pagesOf(assistant, 3, tokens[7])).summaries).toEqual(times(3, '10 succeeded'))
  expect(asked).toEqual([10, 10, 20, 40, 80, 10, 10])
})
