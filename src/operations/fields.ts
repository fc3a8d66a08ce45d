import { z } from 'zod'
import { decodeOutput, decodeText } from '../shared/text-decoding.ts'
import { toIso } from './time-text.ts'

// Input fields: what an assistant may pass. Clients show the messages as they are, so they say what is
// allowed.

/** The arguments that fit some inputs. */
export type InputOf<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>

/** An id as a list shows it. Qualys uses both numbers and numeric strings, so both are accepted. */
export function id(from: string) {
  return idSchema(from).describe(`id ${from}`)
}

const bare = /^(?!\.+$)[\w.:-]{1,128}$/

/** True for an id in the form that inputs take: no text of others can stand in it. */
export const isBareId = (value: unknown): value is string | number =>
  (typeof value === 'string' || typeof value === 'number') && bare.test(String(value))

/**
 * True for `007`, `0x7` and `7e0`: Qualys reads them as the id 7, but the checks here compare ids as text.
 */
const isOddNumeral = (text: string): boolean =>
  Number.isFinite(Number(text)) && !/^(?:0|[1-9]\d*)$/.test(text)

/** Words that programs write for a missing value; as an id they would be looked up. */
const isNoValue = (text: string): boolean => /^(?:true|false|null|none|nil|undefined|nan)$/i.test(text)

/**
 * An id as text, without blanks around it. A number beyond 2^53 has already lost digits: as text it would be
 * another id.
 */
export function idAsText(value: unknown): unknown {
  if (typeof value === 'string') return value.trim()
  return Number.isSafeInteger(value) ? String(value) : value
}

/** An id where Qualys wants a number: a bigint beyond 2^53, where a number would be another id. */
export function idNumber(id: string): number | bigint {
  const number = Number(id)
  return /^\d+$/.test(id) && !Number.isSafeInteger(number) ? BigInt(id) : number
}

function idSchema(from: string) {
  return z.preprocess(
    idAsText,
    z
      .string({ error: `must be an id ${from}` })
      .refine((text) => bare.test(text) && !isOddNumeral(text) && !isNoValue(text), {
        error: `must be an id ${from}: letters, digits and hyphens, no path`,
      }),
  )
}

/** A QQL query, passed on unchanged. `tokens` names the documented ones. */
export function filter(tokens: string) {
  return z
    .string({ error: 'must be a QQL query as text' })
    .regex(/\S/, { error: 'must not be empty; leave it out to see everything' })
    .max(4000, { error: 'must be at most 4,000 characters' })
    .describe(`QQL, e.g. ${tokens}`)
    .optional()
}

const written =
  /^(\d{4}-\d\d-\d\d)(?:(?:T|\s+)(\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/

/**
 * Converts a date or time to the vendor's form `2025-05-26T11:47:56.810Z` (release_2_6_api.htm); UTC if it has no
 * zone. A date without a time, used as an end, includes that day.
 */
function toInstant(text: string, side: 'start' | 'end'): string | undefined {
  const parts = written.exec(text.trim().toUpperCase())
  if (!parts) return undefined
  const wholeDay = side === 'end' ? '23:59:59.999' : '00:00:00'
  const [, date, minutes, seconds = ':00', zone = 'Z'] = parts
  const offset = zone.replace(/^(.\d\d):?(\d\d)?$/, (_, hours: string, rest = '00') => `${hours}:${rest}`)
  const whole = minutes === undefined ? `${date}T${wholeDay}Z` : `${date}T${minutes}${seconds}${offset}`
  return z.iso.datetime({ offset: true }).safeParse(whole).success ? new Date(whole).toISOString() : undefined
}

const notInstant = 'must be an ISO 8601 date or time, e.g. 2026-01-31 or 2026-01-31T08:00:00Z'

/** An ISO 8601 date or time, sent in UTC. */
export function instant(what?: string, side: 'start' | 'end' = 'start') {
  const schema = z.string({ error: notInstant }).transform((text, context) => {
    const wire = toInstant(text, side)
    if (wire !== undefined) return wire
    context.addIssue(notInstant)
    return z.NEVER
  })
  return described(schema, what && `${what}, ISO 8601 UTC`).optional()
}

/**
 * Adds a description, if there is one. Descriptions cost tokens in every conversation, so a clear name has
 * none.
 */
function described<S extends z.ZodType>(schema: S, what: string | undefined): S {
  return what === undefined ? schema : schema.describe(what)
}

/**
 * False for binary data: NUL, half a surrogate pair, which base64 would silently replace, and U+FFFF, which is no
 * character and covers secrets in what a person reads.
 */
export const isText = (text: string): boolean => !/[\0\p{Cs}\uffff]/u.test(text)

/** A text that is sent to Qualys unchanged. */
export function text(max: number, what?: string) {
  const schema = z
    .string({ error: 'must be text' })
    .regex(/\S/, { error: 'must not be empty' })
    .max(max, { error: `must be at most ${max.toLocaleString('en')} characters` })
    .refine(isText, { error: 'must be text, not bytes' })
  return described(schema, what)
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number, what?: string) {
  const error = `must be a whole number from ${min} to ${max.toLocaleString('en')}`
  return described(z.number({ error }).int({ error }).min(min, { error }).max(max, { error }), what)
}

/** One of the given words, spelled as Qualys spells them. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` })
}

/** A boolean. */
export function yesNo(what?: string) {
  return described(z.boolean({ error: 'must be true or false' }), what)
}

/** A list of ids without duplicates. */
export function listOfIds<T extends z.ZodType>(item: T, from: string, max: number) {
  const error = `must be a list of 1 to ${max.toLocaleString('en')} ids ${from}`
  return z
    .array(item, { error })
    .refine((list) => list.length > 0 && list.length <= max, { error })
    .refine((list) => new Set(list).size === list.length, { error: 'names an id twice; name each once' })
}

/** Several ids. */
export function ids(from: string, max = 1000) {
  return listOfIds(idSchema(from), from, max).describe(`ids ${from}`)
}

const direction = /^([\w.]{1,80}):(asc|desc)$/

/** Sort keys in this program's notation; session/paging.ts converts them. */
export function sort(fallback: string) {
  return z
    .array(z.string(), { error: 'must be a list such as ["created.dateTime:desc"]' })
    .refine((keys) => keys.length > 0 && keys.length <= 5 && keys.every((key) => direction.test(key)), {
      error: 'must be 1 to 5 fields with a direction, e.g. ["created.dateTime:desc"]',
    })
    .describe(`default ["${fallback}"]`)
    .optional()
}

// QQL clauses for named inputs.

const plainWords = /^(?!.*\b(?:and|or|not)\b)[\p{L}\p{N}_.-]+( [\p{L}\p{N}_.-]+)*$/iu

const quotes = ['"', '`', "'"]

/** A text for `clause`: Qualys documents no escape, so one kind of quote must not occur in it. */
export function searchText(what: string) {
  return z
    .string({ error: 'must be text' })
    .regex(/\S/, { error: 'must not be empty' })
    .max(256, { error: 'must be at most 256 characters' })
    .refine((text) => quotes.some((mark) => !text.includes(mark)), {
      error: 'must not hold ", ` and \' together: use words of it',
    })
    .describe(what)
    .optional()
}

/**
 * Writes `token:value`. Plain words are not quoted, as in the vendor's own sample (list_script_jobs.htm);
 * other values get a quote that they do not contain.
 */
export function writeClause(token: string, value: string): string {
  if (plainWords.test(value)) return `${token}:${value}`
  const quote = quotes.find((mark) => !value.includes(mark)) ?? ''
  return `${token}:${quote}${value}${quote}`
}

/** Joins clauses with AND; undefined if there is none. */
export function joinClauses(...clauses: readonly (string | undefined)[]): string | undefined {
  const given = clauses.filter((text) => text !== undefined)
  return given.length > 1
    ? given.map((text) => (/\b(and|or)\b/i.test(text) ? `(${text})` : text)).join(' AND ')
    : given[0]
}

const anyOf = (token: string) => (ids: readonly string[]) => ({
  filter: ids.map((id) => `${token}:${id}`).join(' OR '),
})

/** Finds rows of CAR by id, with an undocumented token. */
export const byIdToken = { args: anyOf('id'), maxIds: 100 } as const

/** The same for hosts, whose id is in one of two fields. */
export const byHostIdToken = { ...byIdToken, otherArgs: anyOf('assetId') } as const

// Record fields: the parsers for what Qualys sends.

/** A number on some objects, a numeric string on others (car-api: ids). Kept as sent. */
export const recordId = z.union([z.string(), z.number()])

/**
 * Converts epoch milliseconds or seconds, or ISO with Z, +00:00 or +0000, to ISO 8601 UTC in whole seconds.
 */
export const time = z.union([z.string(), z.number()]).transform((value, context) => {
  const iso = toIso(value)
  if (iso !== undefined) return iso
  context.addIssue('is no time')
  return z.NEVER
})

/** A boolean; Qualys also sends 0, 1, "true" and "false". */
export const boolean = z.union([
  z.boolean(),
  z.literal([0, 1]).transform((value) => value === 1),
  z.literal(['true', 'false']).transform((value) => value === 'true'),
])

/** Base64 on the wire, read by `decode`. */
export const base64 = <T>(decode: (bytes: Buffer) => T) =>
  z.string().transform((text, context) => {
    const packed = text.replace(/\s/g, '')
    if (packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed))
      return decode(Buffer.from(packed, 'base64'))
    context.addIssue('is no base64')
    return z.NEVER
  })

/** Base64 on the wire, plain text for the assistant. */
export const base64Text = base64(decodeText)

/** What a program on a host printed. */
export const base64Output = base64(decodeOutput)

/** `{ dateTime }`, as on jobs and asset jobs. */
export const created = z.looseObject({ dateTime: time })

/** `{ id, name }`, the form of categories. */
export const named = z.looseObject({ id: recordId.optional(), name: z.string().optional() })

/** The answer of a call that returns one object, of which every field is shown. */
export const oneRecord = <R extends z.ZodObject>(record: R) =>
  ({ returns: 'record', record, columns: ['*'] }) as const
