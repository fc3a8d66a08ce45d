import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { atMost, endingOf, orphaned } from '../../../src/cli/shutdown.ts'

// What tells a program to end, and how long it waits for something.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A program that is told things, and what came of each. */
function program(listened: readonly (typeof signals)[number][] = signals) {
  const emitter = new EventEmitter()
  const reported: unknown[] = []
  const ending = endingOf(emitter as unknown as NodeJS.Process, listened, (error) => reported.push(error))
  return { emitter, reported, ending }
}

/** What a promise has resolved with by now. */
const soFar = (promise: Promise<unknown>): Promise<unknown> =>
  Promise.race([promise, new Promise(setImmediate).then(() => 'nothing')])

describe('a program is told to end', () => {
  test.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s, with the exit code of shells %i', async (signal, code) => {
    const { emitter, ending } = program()
    expect(await soFar(ending.told)).toBe('nothing')
    emitter.emit(signal)
    expect(await ending.told).toEqual({ reason: signal, code })
    expect(await soFar(ending.toldAgain)).toBe('nothing')
  })

  test('twice, in any way; a third time changes nothing', async () => {
    const { emitter, ending } = program()
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) emitter.emit(signal)
    expect(await ending.told).toMatchObject({ reason: 'SIGTERM' })
    expect(await ending.toldAgain).toEqual({ reason: 'SIGINT', code: 130 })
  })

  test('by an error that nobody caught, which is reported each time', async () => {
    const { emitter, ending, reported } = program()
    const errors = [new Error('one'), new Error('two'), new Error('three')]
    for (const error of errors) emitter.emit('uncaughtException', error)
    expect(await ending.told).toEqual({ reason: 'an unexpected error', code: 1, broken: true })
    expect(await ending.toldAgain).toMatchObject({ broken: true })
    expect(reported).toEqual(errors)
  })

  test('not by a signal that it leaves to the system', () => {
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

  test('something that comes in time is waited for, and leaves no timer', async () => {
    const waited = atMost(4_000, new Promise((resolve) => setTimeout(() => resolve('there'), 3_999)))
    vi.advanceTimersByTime(3_999)
    expect(await waited).toBe('there')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('something that comes too late is not', async () => {
    const waited = atMost(4_000, new Promise(() => undefined))
    vi.advanceTimersByTime(3_999)
    expect(await soFar(waited)).toBe('nothing')
    vi.advanceTimersByTime(1)
    expect(await waited).toBeUndefined()
  })

  test('something that fails fails, and leaves no timer', async () => {
    await expect(atMost(4_000, Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a parent that is gone is noticed within a second, once', async () => {
    const program = { ppid: 7 }
    const gone = orphaned(program as unknown as NodeJS.Process)
    vi.advanceTimersByTime(10_000)
    expect(await soFar(gone)).toBe('nothing')
    program.ppid = 1
    vi.advanceTimersByTime(1_000)
    expect(await gone).toBe('the parent process ended')
    expect(vi.getTimerCount()).toBe(0)
  })
})
