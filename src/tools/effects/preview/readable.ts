import { InputError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import type { Preview } from './preview.ts'
import { linesToRead } from './text.ts'

const maxLines = 2_000

/** Throws for a preview that nobody can read. No limit of the operator: to do less in one call is what helps. */
export function refuseUnreadable({ facts }: Preview): void {
  const lines = linesToRead(facts)
  if (lines <= maxLines) return
  throw new InputError(
    `The preview of this call would take ${formatNumber(lines)} lines, and nobody can read more than ${formatNumber(maxLines)}.`,
    'Do less in one call, or pass shorter arguments.',
  )
}
