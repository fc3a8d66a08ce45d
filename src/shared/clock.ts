import { setTimeout as wait } from 'node:timers/promises'

/** The clock for waiting. */
export interface Pace {
  /** A monotonic time in milliseconds. */
  readonly now: () => number
  /** Resolves after `ms` milliseconds; rejects at once if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Calls `call` once after `ms` milliseconds, unless the returned function is called first. */
  readonly after: (ms: number, call: () => void) => () => void
}

/** The clock of this machine. */
export const realPace: Pace = {
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

/** Runs some work with a time limit; true if it finished in time. */
export async function inTime(
  pace: Pace,
  until: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const late = new AbortController()
  const cancel = pace.after(Math.max(0, until - pace.now()), () => late.abort())
  try {
    await work(AbortSignal.any([signal, late.signal]))
    return true
  } catch (error) {
    if (!late.signal.aborted) throw error
    return false
  } finally {
    cancel()
  }
}
