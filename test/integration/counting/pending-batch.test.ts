import { json } from 'node:stream/consumers'
import { afterEach, expect, test, vi } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { deferred, openGateway } from '../../support/session/gateway.ts'

// The request that is pending when a count ends before the list does.

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const rowOf = (index: number): object => ({
  sortValues: [index],
  data: { id: String(index), created: { dateTime: 1_700_000_000_000 }, title: 't', platform: 'LINUX' },
})
const batch = (from: number): string =>
  JSON.stringify({
    body: { totalCount: 3_000, list: Array.from({ length: 1_000 }, (_, index) => rowOf(from + index)) },
  })

// One request at a time: an abandoned request would keep its place at Qualys, and be retried without a caller.
test('a count refused after its first batch cancels the next request', async () => {
  const end = deferred()
  const asked: string[] = []
  const gateway = await openGateway(async (request, response) => {
    const { pageSize, searchAfter } = (await json(request)) as { pageSize: number; searchAfter?: unknown }
    asked.push(pageSize === 1 ? 'another count' : searchAfter ? 'second batch' : 'first batch')
    if (searchAfter) await end.promise
    response.end(batch(searchAfter ? 1_000 : 0))
  })
  closing.push(gateway.close)
  const assistant = await openAssistantOn(gateway, { QUALYS_CONCURRENCY: '1' })
  closing.push(assistant.close)
  const { isError } = await assistant.call('car_count_jobs', { groupBy: ['plattform'] })
  expect(isError).toBe(true)
  const another = assistant.call('car_count_jobs')
  try {
    await vi.waitUntil(() => asked.includes('another count'), { timeout: 15_000 })
  } finally {
    end.resolve()
    await another
  }
})
