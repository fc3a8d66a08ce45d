import type { ServerContext } from '@modelcontextprotocol/server'
import { describe, expect, test } from 'vitest'
import { progressOf } from '../../../src/tools/progress.ts'

// "progress … MUST increase with each notification, even if the total is unknown" (MCP).

interface Sent {
  readonly method: string
  readonly params: { readonly progress: number; readonly total?: number; readonly message?: string }
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
      { method: 'notifications/progress', params: { progressToken: token, progress: 3, total: 10 } },
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
      [1_000, 3_000, undefined],
      [1_000.001, 3_000, 'b'],
      [1_000.002, 3_000, 'c'],
      [2_000, 3_000, undefined],
      [2_000.001, undefined, undefined],
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
