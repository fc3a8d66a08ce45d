import { afterEach, expect, test, vi } from 'vitest'
import { assistantOn } from '../harness.ts'
import { moment, openGateway } from '../session/gateway.ts'

// What happens to the batch that is on its way when a count ends before the list does.

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

// walk.ts, eager: nobody stops `coming` when the walk ends; it keeps its turn at Qualys, and is tried again, for nobody.
test.fails('a count that is refused after its first batch stops the second', async () => {
  const end = moment()
  let searches = 0
  let stopped = false
  const gateway = await openGateway((_, response) => {
    searches++
    if (searches === 1) {
      response.end(batch(0))
      return
    }
    response.on('close', () => {
      stopped ||= !response.writableEnded
    })
    void end.come.then(() => response.end(batch(1_000)))
  })
  closing.push(gateway.close)
  const assistant = await assistantOn(gateway)
  closing.push(assistant.close)
  const { isError, text } = await assistant.call('car_count_jobs', { groupBy: ['plattform'] })
  expect([isError, text]).toMatchObject([true, expect.stringContaining('did you mean platform?')])
  try {
    // It may not have left yet.
    const sent = await vi.waitUntil(() => searches > 1, { timeout: 1_000 }).catch(() => false)
    if (sent) await vi.waitUntil(() => stopped, { timeout: 1_000 })
  } finally {
    end.now()
  }
})
