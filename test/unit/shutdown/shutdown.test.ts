import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { listenForShutdown, parentExited, waitAtMost } from '../../../src/cli/shutdown.ts'

// What makes a program end, and how long it waits.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A program that receives signals, and the result of each. */
function program(listened: readonly (typeof signals)[number][] = signals) {
  const emitter = new EventEmitter()
  const reported: unknown[] = []
  const shutdown = listenForShutdown(emitter as unknown as NodeJS.Process, listened, (error) =>
    reported.push(error),
  )
  return { emitter, reported, shutdown }
}

/** What a promise has resolved with by now. */
const settledValue = (promise: Promise<unknown>): Promise<unknown> =>
  Promise.race([promise, new Promise(setImmediate).then(() => 'nothing')])

describe('a shutdown is requested', () => {
  test.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s, with the exit code of shells %i', async (signal, code) => {
    const { emitter, shutdown } = program()
    expect(await settledValue(shutdown.requested)).toBe('nothing')
    emitter.emit(signal)
    expect(await shutdown.requested).toEqual({ reason: signal, code })
    expect(await settledValue(shutdown.forced)).toBe('nothing')
  })

  test('twice, in any way; a third time changes nothing', async () => {
    const { emitter, shutdown } = program()
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) emitter.emit(signal)
    expect(await shutdown.requested).toMatchObject({ reason: 'SIGTERM' })
    expect(await shutdown.forced).toEqual({ reason: 'SIGINT', code: 130 })
  })

  test('by an uncaught error, which is reported each time', async () => {
    const { emitter, shutdown, reported } = program()
    const errors = [new Error('one'), new Error('two'), new Error('three')]
    for (const error of errors) emitter.emit('uncaughtException', error)
    expect(await shutdown.requested).toEqual({ reason: 'an unexpected error', code: 1, broken: true })
    expect(await shutdown.forced).toMatchObject({ broken: true })
    expect(reported).toEqual(errors)
  })

  test('not by a signal that is left to the system', () => {
    const { emitter } = program(['SIGINT', 'SIGTERM'])
    expect(emitter.eventNames()).toEqual(['SIGINT', 'SIGTERM', 'uncaughtException'])
  })
})

describe('by the clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('work that ends in time is waited for, and leaves no timer', async () => {
    const waited = waitAtMost(4_000, new Promise((resolve) => setTimeout(() => resolve('there'), 3_999)))
    vi.advanceTimersByTime(3_999)
    expect(await waited).toBe('there')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('work that ends too late is not', async () => {
    const waited = waitAtMost(4_000, new Promise(() => undefined))
    vi.advanceTimersByTime(3_999)
    expect(await settledValue(waited)).toBe('nothing')
    vi.advanceTimersByTime(1)
    expect(await waited).toBeUndefined()
  })

  test('work that fails fails, and leaves no timer', async () => {
    await expect(waitAtMost(4_000, Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('the exit of the parent is noticed within a second, once', async () => {
    const program = { ppid: 7 }
    const gone = parentExited(program as unknown as NodeJS.Process)
    vi.advanceTimersByTime(10_000)
    expect(await settledValue(gone)).toBe('nothing')
    program.ppid = 1
    vi.advanceTimersByTime(1_000)
    expect(await gone).toBe('the parent process ended')
    expect(vi.getTimerCount()).toBe(0)
  })
})
