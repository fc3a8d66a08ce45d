import { setTimeout as wait } from 'node:timers/promises'

/** The milliseconds of a minute. */
export const minuteMs = 60_000

/** The milliseconds of an hour. */
export const hourMs = 60 * minuteMs

/** The milliseconds of a day. */
export const dayMs = 24 * hourMs

/** The clock for waiting. */
export interface Clock {
  /** A monotonic time in milliseconds. */
  readonly now: () => number
  /** Resolves after `ms` milliseconds; rejects at once if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Calls `call` once after `ms` milliseconds, unless the returned function is called first. */
  readonly after: (ms: number, call: () => void) => () => void
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, { signal }).catch((error: unknown) => {
      // Throws the reason of the abort, which says more.
      signal.throwIfAborted()
      throw error
    })
  },
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/** Runs some work until a time of the clock; true if it finished in time, false if it was aborted. */
export async function withTimeout(
  clock: Clock,
  deadline: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const timeout = new AbortController()
  const cancel = clock.after(Math.max(0, deadline - clock.now()), () => timeout.abort())
  try {
    await work(AbortSignal.any([signal, timeout.signal]))
    return true
  } catch (error) {
    if (!timeout.signal.aborted) throw error
    return false
  } finally {
    cancel()
  }
}
