import { setImmediate as yieldToEventLoop } from 'node:timers/promises'

/** Work in small steps, and its result: other work can run between two of them. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Milliseconds of work before other work may run. */
const maxTurnMs = 30

/** Does the work and lets other work run in between. Throws if the signal is aborted. */
export async function runSteps<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  let turnEnd = performance.now() + maxTurnMs
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (performance.now() < turnEnd) continue
    await yieldToEventLoop(undefined, { signal })
    turnEnd = performance.now() + maxTurnMs
  }
}
