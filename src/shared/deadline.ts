import { VendorError } from './errors.ts'

/**
 * After the signal, the work has this long to end by itself and to report what it knows of an effect that was
 * sent. Work that ignores the signal is abandoned.
 */
const graceMs = 2_000

/** The work took longer than its time limit. */
export class LateError extends VendorError {}

/**
 * Runs `work` with a signal that aborts after `seconds`; the error then says `what` happened and what to do
 * `next`.
 */
export async function within<T>(
  seconds: number,
  [what, next]: readonly [what: string, next: string],
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const error = new LateError(what, next)
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const left = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      late.abort(error)
      timer = setTimeout(() => reject(error), graceMs)
    }, seconds * 1000)
  })
  try {
    return await Promise.race([work(signal ? AbortSignal.any([signal, late.signal]) : late.signal), left])
  } finally {
    clearTimeout(timer)
  }
}
