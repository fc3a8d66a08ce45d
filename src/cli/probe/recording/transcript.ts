import { z } from 'zod'
import { platforms } from '../../../config/platforms.ts'
import type { Route } from '../../../operations/operation.ts'
import { questionKinds, results, type Skip, skips } from '../question.ts'
import { fields } from './fields.ts'
import { codeForm, headerNames, otherCode, otherValue, phraseNames } from './header-allowlist.ts'
import { kinds } from './kinds.ts'

// The schema of a recording: every value is a number, an allowed name, or a word from this program's lists.

const whole = z.int().min(0)

/** A route as QUALYS_ROUTES accepts it, so that it can be pasted safely. */
const route = z
  .string()
  .max(200)
  .regex(/^(?:GET|POST) \/[\w/{}.-]+$/)
  .transform((text) => text as Route)

/** A total shows how large an account is, so only its number of digits is kept. */
const magnitudes = ['0', '1-9', '10-99', '100-999', '1,000-9,999', '10,000 or more'] as const
export type Magnitude = (typeof magnitudes)[number]

export function magnitudeOf(count: number): Magnitude {
  const digits = count === 0 ? 0 : String(Math.floor(count)).length
  return magnitudes[digits] ?? '10,000 or more'
}

const failures = ['input', 'setup', 'busy', 'vendor', 'drift', 'unclear', 'declined'] as const

const answer = z.strictObject({
  operation: z.string().regex(/^(?:car|saq)_[a-z_]{1,60}$/),
  kind: z.enum(questionKinds),
  /** The route that was asked. */
  route,
  /** The route as sent, if its method differs. */
  sent: route.optional(),
  about: z.string().regex(/^[\w .,:()-]{1,80}$/),
  skipped: z.enum(Object.keys(skips) as [Skip, ...Skip[]]).optional(),
  status: z.int().min(100).max(999).optional(),
  headers: z
    .partialRecord(
      z.enum(headerNames),
      z
        .string()
        .regex(/^[\w/.+-]{1,60}$/)
        .or(z.literal(otherValue)),
    )
    .optional(),
  milliseconds: whole.optional(),
  bytes: whole.optional(),
  /** True if the answer has the form that the operation declares. */
  held: z.boolean().optional(),
  failure: z.enum(failures).optional(),
  code: z.string().regex(codeForm).or(z.literal(otherCode)).optional(),
  says: z.enum(phraseNames).optional(),
  result: z.enum(results).optional(),
  rows: z
    .strictObject({
      count: whole,
      total: z.enum(magnitudes).optional(),
      /** As `{sortValues, data}`. */
      wrapped: z.boolean(),
      sortValues: z.array(z.enum(kinds)).max(10).optional(),
      more: z.boolean().optional(),
    })
    .optional(),
  /** What surrounds the rows, or the error. */
  envelope: fields.optional(),
  fields: fields.optional(),
})

export type RecordedAnswer = z.output<typeof answer>

/** Why a recording ended early. */
export const ends = {
  interrupted: 'it was interrupted',
  limit: 'Qualys asked to wait',
  shut: 'a host let nobody in, or did not answer',
} as const
export type End = keyof typeof ends

export const format = 'qualys-mcp transcript'

export const transcript = z.strictObject({
  format: z.literal(format),
  version: z.literal(1),
  program: z.string().regex(/^[\w.-]{1,40}$/),
  /** A private platform is recorded without its name and address. */
  platform: z.enum(['sandbox', 'private', ...platforms.map(({ code }) => code)]),
  recordedOn: z.iso.date(),
  complete: z.boolean(),
  ended: z.enum(Object.keys(ends) as [End, ...End[]]).optional(),
  answers: z.array(answer).max(300),
})

export type Transcript = z.output<typeof transcript>
