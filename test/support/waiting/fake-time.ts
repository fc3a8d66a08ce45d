import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import { onTestFinished, vi } from 'vitest'

// Time for tests that do not wait: pauses end at once, and a test fires time-outs.

const require = createRequire(import.meta.url)
const promises = require('node:timers/promises') as typeof import('node:timers/promises')

/**
 * Makes every pause of the program end at once, until the test ends; returns their intended lengths in
 * milliseconds. Pauses without a signal belong to the sandbox's faults, and stay as they are.
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
  // Named imports get the mock only after this.
  syncBuiltinESMExports()
  onTestFinished(() => {
    spy.mockRestore()
    syncBuiltinESMExports()
  })
  return pauses
}

/** Timers that only fire on request. */
export interface HeldTimers {
  /** How many are running. */
  readonly running: () => number
  /** Fires all of them. */
  readonly fire: () => void
}

/** Timers of this length fire only when the test says so; all others as usual. */
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
      // A timer of the right type that never fires by itself.
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

/** The clock of undici, which counts time-outs of connections, headers and bodies in its own steps. */
const undiciClock = require('undici/lib/util/timers.js') as { readonly tick: (ms: number) => void }

/** Advances the clock for time-outs of the network. */
export function passNetworkTime(ms: number): void {
  // The first step starts timers that were set since the last one; it advances a second, less two milliseconds.
  undiciClock.tick(1)
  undiciClock.tick(ms)
}

/** What undici publishes about each request, by the name of its diagnostics channel. */
export type NetworkEvent = 'client:sendHeaders' | 'request:headers' | 'request:bodyChunkReceived'

/** Calls back on each such event of a request other than a login. */
export function onNetwork(event: NetworkEvent, call: () => void): void {
  const channel = `undici:${event}`
  const listener = (message: unknown): void => {
    const { path } = (message as { readonly request: { readonly path: string } }).request
    if (!path.startsWith('/auth')) call()
  }
  subscribe(channel, listener)
  onTestFinished(() => void unsubscribe(channel, listener))
}

/** Resolves on the first such event. */
export function networkEvent(event: NetworkEvent): Promise<void> {
  return new Promise((resolve) => onNetwork(event, resolve))
}

/** Stops the program's clock; the returned function advances it by milliseconds. */
export function holdClock(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  return (ms) => vi.advanceTimersByTime(ms)
}

/** Makes every random number this one, until the test ends. */
export function fixRandom(value: number): void {
  const spy = vi.spyOn(Math, 'random').mockReturnValue(value)
  onTestFinished(() => spy.mockRestore())
}

/** Options of `vi.waitFor`: a long time-out, since the machine may be busy. */
export const waitOptions = { timeout: 15_000, interval: 2 } as const

/** Deadlines of `AbortSignal.timeout` pass only when the test says so, until it ends. */
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
