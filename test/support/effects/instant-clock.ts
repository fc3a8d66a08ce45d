import type { Clock } from '../../../src/shared/clock.ts'

/** A clock on which sleeping takes no real time, but moves the clock. */
export function instantClock(): Clock & { readonly slept: readonly number[] } {
  let now = 0
  const slept: number[] = []
  const alarms = new Map<() => void, number>()
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      slept.push(ms)
      now += ms
      for (const [call, at] of alarms) if (at <= now) call()
      await new Promise(setImmediate)
      signal.throwIfAborted()
    },
    after: (ms, call) => {
      alarms.set(call, now + ms)
      return () => void alarms.delete(call)
    },
  }
}
