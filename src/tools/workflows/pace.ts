import { setTimeout as wait } from 'node:timers/promises'

/** The clock that waiting goes by. */
export interface Pace {
  /** Milliseconds since some moment; never runs back. */
  readonly now: () => number
  /** Resolves after so many milliseconds; rejects at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Calls once after so many milliseconds, unless what it answers is called before. */
  readonly after: (ms: number, call: () => void) => () => void
}

/** The clock of this machine. */
export const realPace: Pace = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, { signal }).catch((error: unknown) => {
      // Why it was ended says more than that it was.
      signal.throwIfAborted()
      throw error
    })
  },
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/** Does some work unless it takes too long; true when it was done. */
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
