import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import { onTestFinished, vi } from 'vitest'

// Time for tests that wait for nothing: pauses end at once, and time-outs go off when a test says so.

const require = createRequire(import.meta.url)
const promises = require('node:timers/promises') as typeof import('node:timers/promises')

/**
 * Every pause of the program ends at once, until the test ends; gives how long each should have taken, in milliseconds.
 * Pauses without a signal are those of the sandbox's faults, and stay as they are.
 */
export function skipPauses(onPause: (ms: number) => void = () => undefined): readonly number[] {
  const pauses: number[] = []
  const real = promises.setTimeout
  const skipped: typeof real = async (ms = 0, value, options = {}) => {
    if (!options.signal) return real(ms, value, options)
    options.signal.throwIfAborted()
    pauses.push(ms)
    onPause(ms)
    await turn()
    options.signal.throwIfAborted()
    return value as NonNullable<typeof value>
  }
  const spy = vi.spyOn(promises, 'setTimeout').mockImplementation(skipped)
  // What was imported by name follows only then.
  syncBuiltinESMExports()
  onTestFinished(() => {
    spy.mockRestore()
    syncBuiltinESMExports()
  })
  return pauses
}

/** Timers that were held back. */
export interface HeldTimers {
  /** How many are running. */
  readonly running: () => number
  /** Lets all of them go off. */
  readonly fire: () => void
}

/** Timers of this length go off only when the test says so; all others as usual. */
export function holdTimers(ms: number): HeldTimers {
  const held = new Map<unknown, () => void>()
  const { setTimeout: start, clearTimeout: stop } = globalThis
  const spies = [
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
      call: () => void,
      delay = 0,
      ...rest: unknown[]
    ) => {
      if (delay !== ms) return (start as (...all: unknown[]) => NodeJS.Timeout)(call, delay, ...rest)
      // A timer of the right kind, which never goes off by itself.
      const timer = start(() => undefined, 2 ** 31 - 1).unref()
      held.set(timer, call)
      return timer
    }) as typeof start),
    vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
      held.delete(timer)
      stop(timer)
    }),
  ]
  onTestFinished(() => {
    for (const timer of held.keys()) stop(timer as NodeJS.Timeout)
    for (const spy of spies) spy.mockRestore()
  })
  return {
    running: () => held.size,
    fire: () => {
      for (const [timer, call] of [...held]) {
        held.delete(timer)
        stop(timer as NodeJS.Timeout)
        call()
      }
    },
  }
}

/** The clock of undici, which counts time-outs of connections, headers and bodies in steps of its own. */
const undiciClock = require('undici/lib/util/timers.js') as { readonly tick: (ms: number) => void }

/** Lets so much time pass for time-outs of the network. */
export function passNetworkTime(ms: number): void {
  // The first step starts timers that began since the last one; it takes a second, less two milliseconds.
  undiciClock.tick(1)
  undiciClock.tick(ms)
}

/** What undici reports of each request, by the name of its diagnostics channel. */
export type NetworkEvent = 'client:sendHeaders' | 'request:headers' | 'request:bodyChunkReceived'

/** Calls back each time that this happens to a request of the program other than a login. */
export function onNetwork(event: NetworkEvent, call: () => void): void {
  const channel = `undici:${event}`
  const listener = (message: unknown): void => {
    const { path } = (message as { readonly request: { readonly path: string } }).request
    if (!path.startsWith('/auth')) call()
  }
  subscribe(channel, listener)
  onTestFinished(() => void unsubscribe(channel, listener))
}

/** Resolves when this happens for the first time. */
export function networkEvent(event: NetworkEvent): Promise<void> {
  return new Promise((resolve) => onNetwork(event, resolve))
}

/** The clock by which the program counts stands still, and is moved by hand: in milliseconds. */
export function holdClock(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  return (ms) => vi.advanceTimersByTime(ms)
}

/** Nothing is left to chance until the test ends: every random number is this one. */
export function fixRandom(value: number): void {
  const spy = vi.spyOn(Math, 'random').mockReturnValue(value)
  onTestFinished(() => spy.mockRestore())
}

/** How `vi.waitFor` waits for what must come: long, for the machine may be busy. */
export const patiently = { timeout: 15_000, interval: 2 } as const

/** Deadlines made by `AbortSignal.timeout` pass only when the test says so, until it ends. */
export function holdDeadlines(): { readonly set: readonly number[]; readonly pass: () => void } {
  const controllers: AbortController[] = []
  const set: number[] = []
  const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController()
    controllers.push(controller)
    set.push(ms)
    return controller.signal
  })
  onTestFinished(() => spy.mockRestore())
  return {
    set,
    pass: () => {
      for (const controller of controllers.splice(0))
        controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    },
  }
}
