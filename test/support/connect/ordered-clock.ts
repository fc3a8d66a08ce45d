import type { Clock } from '../../../src/shared/clock.ts'

interface Sleeper {
  readonly at: number
  readonly ms: number
  readonly wake: () => void
}

/**
 * A clock on which sleeping takes no real time: whenever nothing else is to be done, the first sleeper wakes. `mayPass`:
 * whether a sleep of so many milliseconds may end; until then time stands still.
 */
export function orderedClock(
  mayPass: (ms: number) => boolean = () => true,
): Clock & { readonly slept: readonly number[] } {
  const sleepers = new Set<Sleeper>()
  const slept: number[] = []
  let now = 0
  let isTicking = false

  const tick = (): void => {
    isTicking = false
    const [first] = [...sleepers].sort((one, other) => one.at - other.at)
    if (!first) return
    if (mayPass(first.ms)) {
      sleepers.delete(first)
      now = Math.max(now, first.at)
      first.wake()
    }
    begin()
  }
  const begin = (): void => {
    if (isTicking || sleepers.size === 0) return
    isTicking = true
    // What was woken goes on first, and may sleep again.
    setImmediate(() => setImmediate(tick))
  }

  return {
    slept,
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        slept.push(ms)
        const stop = (): void => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        }
        const sleeper: Sleeper = {
          at: now + ms,
          ms,
          wake: () => {
            signal.removeEventListener('abort', stop)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal.addEventListener('abort', stop, { once: true })
        begin()
      }),
    after: () => {
      throw new Error('Nothing here sets an alarm.')
    },
  }
}
