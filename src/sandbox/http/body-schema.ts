import { decodeBase64 } from '../data/base64.ts'
import { composed, type InputOf, type Parsed, type ValueOf } from './input.ts'
import { badRequest } from './reply.ts'

/** An input of a JSON body. */
export type Input<Value> = InputOf<unknown, Value>

/** The fields that a body may have. */
export type BodySchema = Readonly<Record<string, Input<unknown>>>

/**
 * Parses the fields of an object. null and absent are the same: the samples send null for unused fields. strict:
 * unknown fields are refused.
 */
export function readFields<S extends BodySchema, Mandatory extends keyof S & string = never>(
  body: Readonly<Record<string, unknown>>,
  schema: S,
  mandatory: readonly Mandatory[],
  strict: boolean,
  prefix = '',
): Parsed<S, Mandatory> {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(schema, name))
  if (strict && unknown !== undefined) throw badRequest(`Unrecognized field "${prefix}${unknown}"`)
  const parsed: Record<string, unknown> = {}
  for (const [name, input] of Object.entries(schema)) {
    const value = body[name] ?? undefined
    if (value !== undefined) parsed[name] = input(value, prefix + name, strict)
    else if (mandatory.some((field) => field === name)) throw badRequest(`${prefix}${name} is mandatory`)
  }
  return parsed as Parsed<S, Mandatory>
}

export const nonBlankText: Input<string> = (value, name, strict) => {
  const text = anyText(value, name, strict)
  if (text.trim() === '') throw badRequest(`${name} must not be empty`)
  return text
}

export const anyText: Input<string> = (value, name) => {
  if (typeof value !== 'string') throw badRequest(`${name} must be a string`)
  return value
}

export const flag: Input<boolean> = (value, name) => {
  if (typeof value !== 'boolean') throw badRequest(`${name} must be true or false`)
  return value
}

/** A boolean that a page calls String and its sample shows as a boolean. */
export const flagOrText: Input<boolean> = (value, name, strict) =>
  flag(value === 'true' ? true : value === 'false' ? false : value, name, strict)

/** A whole number within limits. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Input<number> {
  return (value, name) => {
    if (!Number.isSafeInteger(value) || Number(value) < min || Number(value) > max) {
      const bounds = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`
      throw badRequest(`${name} must be a whole number ${bounds}`)
    }
    return Number(value)
  }
}

const isDigits = (value: unknown): value is string => typeof value === 'string' && /^\d{1,15}$/.test(value)

/** A whole number, or its digits in a string, where pages use both. */
export function integerOrText(min: number, max?: number): Input<number> {
  const parser = integer(min, max)
  return (value, name, strict) => parser(isDigits(value) ? Number(value) : value, name, strict)
}

export function oneOf<Word extends string>(...allowed: readonly Word[]): Input<Word> {
  return (value, name) => {
    const word = allowed.find((candidate) => candidate === value)
    if (word === undefined) throw badRequest(`${name} must be one of ${allowed.join(', ')}`)
    return word
  }
}

/** base64, not decoded. */
export const base64Text: Input<string> = (value, name, strict) => {
  const text = anyText(value, name, strict)
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
    throw badRequest(`${name} must be base64`)
  return text
}

/** base64 of UTF-8 text, decoded. */
const decodedBase64: Input<string> = (value, name, strict) => decodeBase64(base64Text(value, name, strict))

export function list<Value>(item: Input<Value>): Input<Value[]> {
  return composed(item.parts ?? {}, (value, name, strict) => {
    if (!Array.isArray(value)) throw badRequest(`${name} must be a list`)
    return value.map((entry: unknown, index) => item(entry, `${name}[${index}]`, strict))
  })
}

export function record<S extends BodySchema, Mandatory extends keyof S & string = never>(
  schema: S,
  mandatory: readonly Mandatory[] = [],
): Input<Parsed<S, Mandatory>> {
  return composed(schema, (value, name, strict) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw badRequest(`${name} must be an object`)
    }
    return readFields(value as Record<string, unknown>, schema, mandatory, strict, `${name}.`)
  })
}

/** A field whose content no page shows. */
export const anything: Input<unknown> = (value) => value

/** A field that a later release removed. */
export function removedField(advice: string): Input<never> {
  return (_, name) => {
    throw badRequest(`${name} was removed: ${advice}`)
  }
}

/** Ids in one string, separated by commas; an empty string holds none. */
export const commaSeparatedIds: Input<number[]> = (value, name) => {
  if (typeof value !== 'string') throw badRequest(`${name} must be a string of ids separated by commas`)
  const ids = value.split(',').map((id) => id.trim())
  if (ids.length === 1 && ids[0] === '') return []
  if (!ids.every(isDigits)) throw badRequest(`${name} must be ids separated by commas`)
  return ids.map(Number)
}

/** Epoch milliseconds in a string. */
export const epochMillisText: Input<number> = (value, name) => {
  if (!isDigits(value)) throw badRequest(`${name} must be a string of epoch milliseconds`)
  return Number(value)
}

/** An asset or a tag by id and UUID. */
export const reference = record({ id: integerOrText(1), UUId: nonBlankText }, ['id', 'UUId'])
export type ReferenceInput = ValueOf<typeof reference>

/** A parameter; key and value are base64. */
export const parameter = record({ key: decodedBase64, value: decodedBase64 }, ['key', 'value'])
export type Parameter = ValueOf<typeof parameter>

/** The user named as the actor, for activity tracking. */
export const actor = record({ id: nonBlankText, name: nonBlankText, userName: nonBlankText })
