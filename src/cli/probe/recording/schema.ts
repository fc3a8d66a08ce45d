import { z } from 'zod'
import { platforms } from '../../../config/platforms.ts'
import type { Route } from '../../../operations/operation.ts'
import { checkResults, probeKinds, type SkipReason, skipReasons } from '../probe.ts'
import { formSchema } from './form.ts'
import { headerNames, phraseNames, publishedCodes } from './header-allowlist.ts'
import { kinds } from './kinds.ts'

// The schema of a recording. Every value is a number, an allowed name, or a word from this program's lists.

const wholeNumber = z.int().min(0)

/** A route as QUALYS_ROUTES accepts it, so that it can be pasted safely. */
const routeSchema = z
  .string()
  .max(200)
  .regex(/^(?:GET|POST) \/[\w/{}.-]+$/)
  .transform((text) => text as Route)

/** A total shows how large an account is, so only its number of digits is recorded. */
const magnitudes = ['0', '1-9', '10-99', '100-999', '1,000-9,999', '10,000 or more'] as const
export type Magnitude = (typeof magnitudes)[number]

export function magnitudeOf(count: number): Magnitude {
  const digits = count === 0 ? 0 : String(Math.floor(count)).length
  return magnitudes[digits] ?? '10,000 or more'
}

const failureKinds = ['input', 'setup', 'busy', 'vendor', 'drift', 'unclear', 'declined'] as const

const answerSchema = z.strictObject({
  operation: z.string().regex(/^(?:car|saq)_[a-z_]{1,60}$/),
  kind: z.enum(probeKinds),
  /** The route that was probed. */
  route: routeSchema,
  /** The route as sent, if its method differs. */
  sent: routeSchema.optional(),
  about: z.string().regex(/^[\w .,:()-]{1,80}$/),
  skipped: z.enum(Object.keys(skipReasons) as SkipReason[]).optional(),
  status: z.int().min(100).max(999).optional(),
  headers: z.partialRecord(z.enum(headerNames), z.string().regex(/^[\w/.+() -]{1,60}$/)).optional(),
  milliseconds: wholeNumber.optional(),
  bytes: wholeNumber.optional(),
  /** True if the answer has the form that the operation declares. */
  held: z.boolean().optional(),
  failure: z.enum(failureKinds).optional(),
  code: z.enum(publishedCodes).optional(),
  says: z.enum(phraseNames).optional(),
  result: z.enum(checkResults).optional(),
  rows: z
    .strictObject({
      count: wholeNumber,
      total: z.enum(magnitudes).optional(),
      /** True for rows of the form `{sortValues, data}`. */
      wrapped: z.boolean(),
      sortValues: z.array(z.enum(kinds)).max(10).optional(),
      more: z.boolean().optional(),
    })
    .optional(),
  /** The fields around the records, or of the error. */
  envelope: formSchema.optional(),
  record: formSchema.optional(),
})

export type RecordedAnswer = z.output<typeof answerSchema>

/** Why a recording ended early. */
export const endReasons = {
  interrupted: 'it was interrupted',
  limit: 'Qualys asked to wait',
  shut: 'a host let nobody in, or did not answer',
} as const
export type EndReason = keyof typeof endReasons

export const recordingFormat = 'qualys-mcp transcript'
export const recordingVersion = 2

export const recordingSchema = z.strictObject({
  format: z.literal(recordingFormat),
  version: z.literal(recordingVersion),
  program: z.string().regex(/^[\w.-]{1,40}$/),
  /** A private platform is recorded without its name and address. */
  platform: z.enum(['sandbox', 'private', ...platforms.map(({ code }) => code)]),
  recordedOn: z.iso.date(),
  complete: z.boolean(),
  ended: z.enum(Object.keys(endReasons) as EndReason[]).optional(),
  answers: z.array(answerSchema).max(300),
})

export type RecordingFile = z.output<typeof recordingSchema>
