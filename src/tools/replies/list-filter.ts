import { z } from 'zod'
import { whole } from '../../operations/fields.ts'
import type { Input, Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import { plainText } from './cells.ts'
import { chooseColumns, replyRow, truncateToMinute } from './columns.ts'

const pageSize = whole(1, 200, '1-200, default 20').optional()

export const continuationToken = z
  .string({ error: 'must be the text from the last page' })
  .min(1, { error: 'must not be empty; leave it out to start at the first row' })
  .max(2000, { error: 'is longer than any that was given out' })
  .describe('from the last page')
  .optional()

const fields = z
  .array(
    z.string().regex(/^\S{1,80}$/, { error: 'must be the name of a column, of at most 80 characters' }),
    { error: 'must be a list such as ["id","title"] or ["*"]' },
  )
  .refine((names) => names.length > 0 && names.length <= 50, {
    error: 'must name 1 to 50 columns, such as ["id","title"] or ["*"]',
  })
  .describe('other columns; ["*"] for all')
  .optional()

const match = z
  .string({ error: 'must be plain words' })
  .regex(/\S/, { error: 'must not be empty' })
  .max(200, { error: 'must be at most 200 characters' })
  .describe('plain words that rows must hold')
  .optional()

/** The inputs that every list takes besides the operation's own. */
export function listInput(operation: Operation): z.ZodRawShape {
  const filterInputs = Object.entries(operation.rowFilters ?? {}).map(([name, words]) => {
    const [first = '', ...others] = Object.keys(words)
    return [
      name,
      z.enum([first, ...others], { error: `must be one of ${Object.keys(words).join(', ')}` }).optional(),
    ] as const
  })
  return { match, ...Object.fromEntries(filterInputs), fields, pageSize, continuationToken }
}

/** A filter for rows by `match` and the operation's row filters; undefined if none is given. */
export function rowFilter(
  operation: Operation,
  args: Input,
  redact: Redact,
): ((row: Row) => boolean) | undefined {
  const words = String(args['match'] ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const filters = Object.entries(operation.rowFilters ?? {}).flatMap(
    ([name, byWord]) => byWord[String(args[name])] ?? [],
  )
  if (words.length === 0 && filters.length === 0) return undefined
  const containsWords = (row: Row): boolean => {
    const flat = replyRow(row)
    const { names: shownColumns } = chooseColumns([flat], operation, undefined)
    const names = [...shownColumns, ...(operation.alsoMatched ?? [])]
    // Redacted like the shown text: otherwise a secret could be guessed letter by letter. Times are searched
    // to the second and to the minute, as they are shown, so that any word can be copied from a page.
    const toMinute = truncateToMinute(flat)
    const texts = names.flatMap((name) => [...new Set([flat[name], toMinute[name]])])
    const text = redact(texts.map((value) => safeText(redact(plainText(value)))).join('\n')).toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return (row) => filters.every((filter) => filter(row)) && (words.length === 0 || containsWords(row))
}
