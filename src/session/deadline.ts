import { VendorError } from './errors.ts'

/** Something took longer than it may. */
export class LateError extends VendorError {}

/** Does some work with a signal that also aborts after so many seconds: then with this sentence, and what to do next. */
export async function within<T>(
  seconds: number,
  [what, next]: readonly [what: string, next: string],
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new LateError(what, next)), seconds * 1000)
  try {
    return await work(signal ? AbortSignal.any([signal, late.signal]) : late.signal)
  } finally {
    clearTimeout(timer)
  }
}
