import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { CallTimeoutError, withDeadline } from '../../../src/shared/deadline.ts'

// Work with a time limit, and a little more time to end by itself.

const late = ['It took too long.', 'Ask for less.'] as const

function holdTime(): (ms: number) => Promise<unknown> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  return (ms) => vi.advanceTimersByTimeAsync(ms)
}
const never = new Promise<never>(() => undefined)
const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** The state of a promise. */
function watch(promise: Promise<unknown>) {
  const seen: { value?: unknown; error?: unknown } = {}
  promise.then(
    (value) => Object.assign(seen, { value }),
    (error: unknown) => Object.assign(seen, { error }),
  )
  return seen
}

test('work that is done in time returns its result, and leaves no timer', async () => {
  holdTime()
  expect(await withDeadline(3, late, undefined, async () => 7)).toBe(7)
  expect(vi.getTimerCount()).toBe(0)
})

test('work that fails in time fails as usual, and leaves no timer', async () => {
  holdTime()
  const error = new Error('no')
  await expect(withDeadline(3, late, undefined, () => Promise.reject(error))).rejects.toBe(error)
  expect(vi.getTimerCount()).toBe(0)
})

describe('when time is up', () => {
  test('work that listens to the signal ends at once, with the sentence', async () => {
    const pass = holdTime()
    const seen = watch(withDeadline(3, late, undefined, ended))
    await pass(2_999)
    expect(seen).toEqual({})
    await pass(1)
    expect(seen.error).toBeInstanceOf(CallTimeoutError)
    expect(seen.error).toMatchObject({ kind: 'vendor', message: late[0], next: late[1] })
  })

  test('work may still return what it knows, for two seconds', async () => {
    const pass = holdTime()
    let finish = (_word: string): void => undefined
    const seen = watch(
      withDeadline(3, late, undefined, () => new Promise<string>((resolve) => (finish = resolve))),
    )
    await pass(4_999)
    expect(seen).toEqual({})
    finish('it was sent')
    await pass(0)
    expect(seen).toEqual({ value: 'it was sent' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('work that does not listen is abandoned then', async () => {
    const pass = holdTime()
    const seen = watch(withDeadline(3, late, undefined, () => never))
    await pass(5_000)
    expect(seen.error).toBeInstanceOf(CallTimeoutError)
  })
})

test('cancelled work ends as cancelled', async () => {
  holdTime()
  const cancel = new AbortController()
  const seen = watch(withDeadline(3, late, cancel.signal, ended))
  const stop = new Error('the assistant gave up')
  cancel.abort(stop)
  await vi.waitFor(() => expect(seen.error).toBe(stop))
})
