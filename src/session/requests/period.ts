import type { Input } from '../../operations/operation.ts'
import { InputError } from '../../shared/errors.ts'

/**
 * Throws for a period that ends before it starts. Both times are in UTC and in one notation, so that they compare
 * as text.
 */
export function refuseReversedPeriod({ startAt, endAt }: Input): void {
  if (typeof startAt !== 'string' || typeof endAt !== 'string' || startAt <= endAt) return
  throw new InputError(
    `startAt (${startAt}) lies after endAt (${endAt}).`,
    'Pass the earlier time as startAt and the later one as endAt.',
  )
}
