import { z } from 'zod'
import { boolean, idAsText, listOfIds, recordId, text, time, yesNo } from '../fields.ts'

// Inputs and record fields that several SAQ objects share.

const numeral = /^(?:0|[1-9]\d{0,18})$/

const plainId = (from: string) =>
  z.preprocess(
    idAsText,
    z
      .string({ error: `must be an id ${from}` })
      .regex(numeral, { error: `must be an id ${from}: digits alone` }),
  )

/** An id: a Long everywhere in SAQ, accepted as number or text. */
export function longId(from: string) {
  return plainId(from).describe(`id ${from}`)
}

/** Accepts a single value as a list of one. */
const oneOrMany = <T extends z.ZodType>(list: T) =>
  z.preprocess((value) => (['string', 'number'].includes(typeof value) ? [value] : value), list)

/** Several ids without duplicates. */
export function longIds(from: string, max: number) {
  return oneOrMany(listOfIds(plainId(from), from, max)).describe(`ids ${from}`)
}

/** A word in Qualys' spelling; other spellings are accepted: `in review` for IN_REVIEW. */
export const wordOf = <const W extends readonly [string, ...string[]]>(
  allowed: W,
  error = `must be one of ${allowed.join(', ')}`,
) => {
  const spelled = (value: unknown): unknown =>
    typeof value === 'string'
      ? value
          .trim()
          .toUpperCase()
          .replace(/[\s-]+/g, '_')
      : value
  return z.preprocess(spelled, z.enum(allowed, { error }))
}

/** Characters that XML cannot contain (https://www.w3.org/TR/xml/#charsets). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/** A text that goes into an element unchanged. */
export function words(max: number, what?: string) {
  const schema = text(max).refine((value) => !unwritable.test(value), {
    error: 'holds control characters, which XML cannot carry; leave them out',
  })
  return what === undefined ? schema : schema.describe(what)
}

// Search inputs: named after the fields; a list if the vendor's table has IN, …Contains if it has CONTAINS.

const searchedText = (what?: string) => words(256, what).optional()

const maxValues = 1_000
const oneOrManyOf = <T extends z.ZodType>(item: T, error: string) =>
  oneOrMany(z.array(item, { error }).min(1, { error }).max(maxValues, { error })).optional()

export const searchInputs = {
  text: searchedText,
  /** EQUALS and CONTAINS of each field. */
  texts: <const N extends string>(...names: readonly N[]) =>
    Object.fromEntries(
      names.flatMap((name) => [name, `${name}Contains`]).map((name) => [name, searchedText()]),
    ) as Record<N | `${N}Contains`, ReturnType<typeof searchedText>>,
  ids: (what?: string) => {
    const error = `must be a list of 1 to ${maxValues.toLocaleString('en')} ids`
    const list = oneOrManyOf(plainId(what ?? 'as the list shows it'), error)
    return what === undefined ? list : list.describe(`ids ${what}`)
  },
  numbers: () => {
    const error = 'must be a list of whole numbers'
    const spelled = (value: unknown): unknown =>
      typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
    return oneOrManyOf(z.preprocess(spelled, z.number({ error }).int({ error }).min(0, { error })), error)
  },
  words: <const W extends readonly [string, ...string[]]>(allowed: W) => {
    const error = `must be a list of ${allowed.join(', ')}`
    return oneOrManyOf(wordOf(allowed, error), error)
  },
  flag: () => yesNo().optional(),
} as const

/** One condition of a search; several are ANDed. */
interface Criterion {
  readonly field: string
  readonly operator: 'EQUALS' | 'IN' | 'CONTAINS'
  readonly value: string
}

/** Inputs whose field has another path. */
const paths: Readonly<Record<string, string>> = {
  campaignId: 'campaign.id',
  tagId: 'tags.tag.id',
  tagName: 'tags.tag.name',
}

/**
 * The criteria of the inputs: a list is IN (EQUALS for one value), `xContains` is CONTAINS, anything else
 * EQUALS.
 */
function criteriaOf(input: Readonly<Record<string, unknown>>): readonly Criterion[] {
  return Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const base = name.replace(/Contains$/, '')
      const field = paths[base] ?? base
      if (Array.isArray(value))
        return { field, operator: value.length > 1 ? 'IN' : 'EQUALS', value: value.join(',') }
      return { field, operator: name === base ? 'EQUALS' : 'CONTAINS', value: String(value) }
    })
}

/** Finds rows by id. */
export const longIdsOf = {
  args: (ids: readonly string[]) => ({ id: ids }),
  maxIds: maxValues,
  exact: true,
} as const

/** A search or a count with named inputs. */
export const search = (input: Readonly<Record<string, unknown>>) => ({
  body: { criteria: criteriaOf(input) },
})

/** "When filters are specified POST must be used", and GET without (current_count.htm). */
export function count(input: Readonly<Record<string, unknown>>) {
  const criteria = criteriaOf(input)
  return criteria.length > 0 ? { body: { criteria } } : ({ method: 'GET' } as const)
}

/** The first texts of a list, and how many more there are. */
export const listed = (list: readonly string[], max = 10): string =>
  list.length > max ? `${list.slice(0, max).join(', ')} and ${list.length - max} more` : list.join(', ')

/** The note for a success without a count. */
export const missingCount = ({ count }: Readonly<Record<string, unknown>>): string =>
  count === undefined ? ', as far as Qualys says, which gives no number' : ''

/** The filter of a bulk call: exactly these objects. */
export const criteriaForIds = (ids: readonly string[]) => criteriaOf({ id: ids })

// Record fields: in XML every value is a string, and an empty element means no value.

const orNothing = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional()).optional()

const whole = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
])

const receivedText = orNothing(z.string())

export const received = {
  id: recordId.refine((id) => id !== '', { error: 'is empty' }),
  text: receivedText,
  texts: <const N extends string>(...names: readonly N[]) =>
    Object.fromEntries(names.map((name) => [name, receivedText])) as Record<N, typeof receivedText>,
  number: orNothing(whole),
  flag: orNothing(boolean),
  time: orNothing(time),
  /** A time, or a day without one: reference_campaign.htm calls the due date a date. */
  timeOrDay: orNothing(z.union([time, z.iso.date()])),
  list: <T extends z.ZodType>(item: T) =>
    z
      .preprocess((value) => (value === '' || value === null ? [] : value), z.array(item).optional())
      .optional(),
  object: <T extends z.ZodRawShape>(shape: T) => orNothing(z.looseObject(shape)),
  one: orNothing,
} as const

/** The answer of every count. */
export const countRecord = z.looseObject({ count: whole })
