import { TimeoutError, TooLargeError, VendorError } from '../../shared/errors.ts'
import type { FetchPage } from './paging.ts'

/** Below this number of rows, a smaller batch does not make Qualys faster. */
const minBatchSize = 100

/** True if a smaller batch may succeed: the answer was too large, or Qualys took too long. */
function mayBeTooLarge(error: unknown, size: number): boolean {
  if (error instanceof TooLargeError) return size > 1
  const isSlow =
    error instanceof TimeoutError || (error instanceof VendorError && error.details.status === 504)
  return isSlow && size > minBatchSize
}

/** Asks again for half of a batch that is too large or too slow, and for no more from then on. */
export function inHalves(fetchPage: FetchPage): FetchPage {
  let most = Infinity
  return async (cursor, count) => {
    for (;;) {
      const size = Math.min(count, most)
      try {
        return await fetchPage(cursor, size)
      } catch (error) {
        if (!mayBeTooLarge(error, size)) throw error
        most = Math.ceil(size / 2)
      }
    }
  }
}
