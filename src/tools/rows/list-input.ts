import { z } from 'zod'
import { whole } from '../../operations/fields.ts'
import type { Operation } from '../../operations/operation.ts'
import { wordsOf } from './searched-text.ts'

const pageSize = whole(1, 200, '1-200, default 20').optional()

export const continuationToken = z
  .string({ error: 'must be the text from the last page' })
  .min(1, { error: 'must not be empty; leave it out to start at the first row' })
  .max(2000, { error: 'is longer than any that was given out' })
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
  .regex(/\S/, { error: 'must not be empty', abort: true })
  .max(200, { error: 'must be at most 200 characters' })
  .refine((text) => wordsOf(text).length > 0, { error: 'must hold a word' })
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
  const localInputs = Object.entries(operation.localFilters ?? {}).map(([name, { input }]) => [
    name,
    input.optional(),
  ])
  return {
    ...Object.fromEntries(localInputs),
    match,
    ...Object.fromEntries(filterInputs),
    fields,
    pageSize,
    continuationToken,
  }
}
