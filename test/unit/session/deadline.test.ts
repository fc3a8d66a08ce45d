import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { LateError, within } from '../../../src/shared/deadline.ts'

// Work that is given so many seconds, and a little more to end by itself.

const late = ['It took too long.', 'Ask for less.'] as const

function holdTime(): (ms: number) => Promise<unknown> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  return (ms) => vi.advanceTimersByTimeAsync(ms)
}
const never = new Promise<never>(() => undefined)
const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** How far a promise has come. */
function watch(promise: Promise<unknown>) {
  const seen: { value?: unknown; error?: unknown } = {}
  promise.then(
    (value) => Object.assign(seen, { value }),
    (error: unknown) => Object.assign(seen, { error }),
  )
  return seen
}

test('work that is done in time is that work, and leaves no timer', async () => {
  holdTime()
  expect(await within(3, late, undefined, async () => 7)).toBe(7)
  expect(vi.getTimerCount()).toBe(0)
})

test('work that fails in time is that failure, and leaves no timer', async () => {
  holdTime()
  const error = new Error('no')
  await expect(within(3, late, undefined, () => Promise.reject(error))).rejects.toBe(error)
  expect(vi.getTimerCount()).toBe(0)
})

describe('when time is up', () => {
  test('work that listens ends at once, with the sentence', async () => {
    const pass = holdTime()
    const seen = watch(within(3, late, undefined, ended))
    await pass(2_999)
    expect(seen).toEqual({})
    await pass(1)
    expect(seen.error).toBeInstanceOf(LateError)
    expect(seen.error).toMatchObject({ kind: 'vendor', message: late[0], next: late[1] })
  })

  test('work may still say what it knows, for two seconds', async () => {
    const pass = holdTime()
    let tell = (_word: string): void => undefined
    const seen = watch(within(3, late, undefined, () => new Promise<string>((resolve) => (tell = resolve))))
    await pass(4_999)
    expect(seen).toEqual({})
    tell('it was sent')
    await pass(0)
    expect(seen).toEqual({ value: 'it was sent' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('work that does not listen is left behind then', async () => {
    const pass = holdTime()
    const seen = watch(within(3, late, undefined, () => never))
    await pass(5_000)
    expect(seen.error).toBeInstanceOf(LateError)
  })
})

test('work that is cancelled ends as it was cancelled', async () => {
  holdTime()
  const cancel = new AbortController()
  const seen = watch(within(3, late, cancel.signal, ended))
  const stop = new Error('the assistant gave up')
  cancel.abort(stop)
  await vi.waitFor(() => expect(seen.error).toBe(stop))
})
