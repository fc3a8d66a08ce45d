import type { ServerContext } from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Progress, progressOf } from '../../../src/tools/progress.ts'
import { checkAsyncProperty } from '../../support/properties/property.ts'
import { FakeClock } from '../../support/workflows/fake-clock.ts'

// "progress … MUST increase with each notification, even if the total is unknown" (MCP).

interface Sent {
  readonly method: string
  readonly params: { readonly progress: number; readonly total?: number; readonly message: string }
}

/** Notifications of a call with this progress token, and the function that sends them. */
function callWithProgress(
  progressToken: string | number | undefined,
  notify = async (): Promise<void> => undefined,
) {
  const sent: Sent[] = []
  const mcpReq = {
    _meta: progressToken === undefined ? undefined : { progressToken },
    notify: (notification: Sent) => {
      sent.push(notification)
      return notify()
    },
  }
  return { sent, progress: progressOf({ mcpReq } as unknown as ServerContext) }
}

describe('a client that asks for progress', () => {
  test.each([7, 0, 'seven'])('is notified under its token %j', (token) => {
    const { sent, progress } = callWithProgress(token)
    progress.report(3, 10)
    expect(sent).toEqual([
      {
        method: 'notifications/progress',
        params: { progressToken: token, progress: 3, total: 10, message: '3 of 10 rows' },
      },
    ])
  })

  test('gets messages before any row, without a total', () => {
    const { sent, progress } = callWithProgress(1)
    progress.say('first')
    progress.say('second')
    progress.say('third')
    expect(sent.map(({ params }) => params)).toEqual([
      { progressToken: 1, progress: 0, message: 'first' },
      { progressToken: 1, progress: 0.001, message: 'second' },
      { progressToken: 1, progress: 0.002, message: 'third' },
    ])
  })

  test('gets rising values, rows and messages together, the total once it is known, and nothing twice', () => {
    const { sent, progress } = callWithProgress(1)
    progress.say('a')
    progress.report(1_000, 3_000)
    progress.say('b')
    progress.say('c')
    progress.report(2_000, 3_000)
    progress.report(2_000, 3_000)
    progress.report(1_500, undefined)
    expect(sent.map(({ params: { progress: value, total, message } }) => [value, total, message])).toEqual([
      [0, undefined, 'a'],
      [1_000, 3_000, '1,000 of 3,000 rows'],
      [1_000.001, 3_000, 'b'],
      [1_000.002, 3_000, 'c'],
      [2_000, 3_000, '2,000 of 3,000 rows'],
      [2_000.001, undefined, '1,500 rows'],
    ])
  })

  test('gets no total any more once all rows are done and the call goes on, until the total grows', () => {
    const { sent, progress } = callWithProgress(1)
    progress.report(1, 1, 'hosts done')
    progress.say('waiting')
    progress.report(1, 2, 'hosts done')
    expect(sent.map(({ params: { progress: value, total, message } }) => [value, total, message])).toEqual([
      [1, 1, '1 of 1 hosts done'],
      [1.001, undefined, 'waiting'],
      [1.002, 2, '1 of 2 hosts done'],
    ])
  })

  test('that has disconnected breaks nothing', async () => {
    const { sent, progress } = callWithProgress(1, () => Promise.reject(new Error('gone')))
    progress.say('news')
    await new Promise(setImmediate)
    expect(sent).toHaveLength(1)
  })
})

test('a client that does not ask is not notified', () => {
  const { sent, progress } = callWithProgress(undefined)
  progress.report(1, 2)
  progress.say('news')
  expect(sent).toEqual([])
})

const counts = fc.record({ done: fc.nat(6), total: fc.option(fc.nat(6), { nil: undefined }) })
const step = fc.oneof(counts, fc.constantFrom('news', 'five seconds'))

test('any sequence rises strictly, never passes its total, and always says something', async () => {
  const totals: unknown[] = []
  await checkAsyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), 200, async (steps) => {
    const sent: (readonly [value: number, total: number | undefined, message: string])[] = []
    const progress = new Progress((...one) => sent.push(one))
    const clock = new FakeClock()
    const stop = progress.repeat(clock)
    for (const next of steps) {
      if (next === 'news') progress.say('waiting for a limit')
      else if (next === 'five seconds') await clock.pass(5)
      else progress.report(next.done, next.total)
    }
    stop()
    for (const [index, [value, total, message]] of sent.entries()) {
      expect(value).toBeGreaterThan(sent[index - 1]?.[0] ?? -1)
      if (total !== undefined) expect(value).toBeLessThanOrEqual(total)
      expect(message).toMatch(/\w/)
      totals.push(total)
    }
  })
  expect(totals).toContain(undefined)
  expect(totals).toContain(6)
})
