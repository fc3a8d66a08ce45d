import { VendorError } from './errors.ts'

/** To end by itself, with what it knows of an effect that was sent; what does not listen is left behind. */
const graceMs = 2_000

/** Something took longer than it may. */
export class LateError extends VendorError {}

/** Does some work with a signal that also aborts after so many seconds: then with this sentence, and what to do next. */
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
