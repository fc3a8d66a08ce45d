import { VendorError } from './errors.ts'

/**
 * After the signal, the work has this long to end by itself and to report what it knows of an effect that was
 * sent. Work that ignores the signal is abandoned.
 */
const graceMs = 2_000

/** The work took longer than its time limit. */
export class CallTimeoutError extends VendorError {}

/**
 * Runs `work` with a signal that aborts after `seconds`; the error then says `what` happened and what to do
 * `next`.
 */
export async function withDeadline<T>(
  seconds: number,
  [what, next]: readonly [what: string, next: string],
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const graceOver = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new CallTimeoutError(what, next)
      timeout.abort(error)
      timer = setTimeout(() => reject(error), graceMs)
    }, seconds * 1000)
  })
  try {
    return await Promise.race([
      work(signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal),
      graceOver,
    ])
  } finally {
    clearTimeout(timer)
  }
}
