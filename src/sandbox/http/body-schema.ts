import { badRequest } from './reply.ts'

/** The parser of one body field. `read` throws a 400 that names the field if the value is invalid. */
export interface Input<Value> {
  read(value: unknown, name: string, strict: boolean): Value
  /** No page names the field, or its content. Each of these is listed in the assumptions. */
  assumed?: true
}

/** The fields that a body may have. */
export type BodySchema = Readonly<Record<string, Input<unknown>>>

type ValueOf<I> = I extends Input<infer Value> ? Value : never

/** A parsed body. null and absent are the same: the samples send null for unused fields. */
export type ParsedBody<S extends BodySchema, Mandatory extends keyof S = never> = {
  readonly [Name in Mandatory]: ValueOf<S[Name]>
} & { readonly [Name in Exclude<keyof S, Mandatory>]?: ValueOf<S[Name]> }

/** Parses the fields of an object. strict: unknown fields are refused. */
export function readFields<S extends BodySchema, Mandatory extends keyof S & string = never>(
  body: Readonly<Record<string, unknown>>,
  schema: S,
  mandatory: readonly Mandatory[],
  strict: boolean,
  prefix = '',
): ParsedBody<S, Mandatory> {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(schema, name))
  if (strict && unknown !== undefined) throw badRequest(`Unrecognized field "${prefix}${unknown}"`)
  const parsed: Record<string, unknown> = {}
  for (const [name, input] of Object.entries(schema)) {
    const value = body[name] ?? undefined
    if (value !== undefined) parsed[name] = input.read(value, prefix + name, strict)
    else if (mandatory.some((field) => field === name)) throw badRequest(`${prefix}${name} is mandatory`)
  }
  return parsed as ParsedBody<S, Mandatory>
}

/** Marks an input whose name or content is an assumption. */
export function assumed<Value>(input: Input<Value>): Input<Value> {
  return { ...input, assumed: true }
}

export const nonBlankText: Input<string> = {
  read: (value, name) => {
    const text = anyText.read(value, name, false)
    if (text.trim() === '') throw badRequest(`${name} must not be empty`)
    return text
  },
}

export const anyText: Input<string> = {
  read: (value, name) => {
    if (typeof value !== 'string') throw badRequest(`${name} must be a string`)
    return value
  },
}

export const flag: Input<boolean> = {
  read: (value, name) => {
    if (typeof value !== 'boolean') throw badRequest(`${name} must be true or false`)
    return value
  },
}

/** A boolean that a page calls String and its sample shows as a boolean. */
export const flagOrText: Input<boolean> = {
  read: (value, name) => flag.read(value === 'true' ? true : value === 'false' ? false : value, name, false),
}

/** A whole number within limits. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Input<number> {
  return {
    read: (value, name) => {
      if (!Number.isSafeInteger(value) || Number(value) < min || Number(value) > max) {
        const bounds = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`
        throw badRequest(`${name} must be a whole number ${bounds}`)
      }
      return Number(value)
    },
  }
}

/** A whole number, or its digits in a string, where pages use both. */
export function integerOrText(min: number, max?: number): Input<number> {
  const parser = integer(min, max)
  return {
    read: (value, name, strict) =>
      parser.read(
        typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
        name,
        strict,
      ),
  }
}

export function oneOf<Word extends string>(...allowed: readonly Word[]): Input<Word> {
  return {
    read: (value, name) => {
      const word = allowed.find((candidate) => candidate === value)
      if (word === undefined) throw badRequest(`${name} must be one of ${allowed.join(', ')}`)
      return word
    },
  }
}

/** base64, not decoded. */
export const base64Text: Input<string> = {
  read: (value, name) => {
    const text = anyText.read(value, name, false)
    const match = /^[A-Za-z0-9+/]*(={0,2})$/.exec(text)
    if (!match || text.length % 4 !== 0) throw badRequest(`${name} must be base64`)
    return text
  },
}

/** base64 of UTF-8 text, decoded. */
const decodedBase64: Input<string> = {
  read: (value, name) => Buffer.from(base64Text.read(value, name, false), 'base64').toString('utf8'),
}

export function list<Value>(item: Input<Value>): Input<Value[]> {
  return {
    read: (value, name, strict) => {
      if (!Array.isArray(value)) throw badRequest(`${name} must be a list`)
      return value.map((entry: unknown, index) => item.read(entry, `${name}[${index}]`, strict))
    },
  }
}

export function record<S extends BodySchema, Mandatory extends keyof S & string = never>(
  schema: S,
  mandatory: readonly Mandatory[] = [],
): Input<ParsedBody<S, Mandatory>> {
  return {
    read: (value, name, strict) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw badRequest(`${name} must be an object`)
      }
      return readFields(value as Record<string, unknown>, schema, mandatory, strict, `${name}.`)
    },
  }
}

/** A field whose content no page shows. */
export const anything: Input<unknown> = { read: (value) => value }

/** A field that a later release removed. */
export function removedField(advice: string): Input<never> {
  return {
    read: (_, name) => {
      throw badRequest(`${name} was removed: ${advice}`)
    },
  }
}

/** Ids in one string, separated by commas; an empty string holds none. */
export const commaSeparatedIds: Input<number[]> = {
  read: (value, name) => {
    if (typeof value !== 'string') throw badRequest(`${name} must be a string of ids separated by commas`)
    const ids = value.split(',').map((id) => id.trim())
    if (ids.length === 1 && ids[0] === '') return []
    if (!ids.every((id) => /^\d{1,15}$/.test(id))) throw badRequest(`${name} must be ids separated by commas`)
    return ids.map(Number)
  },
}

/** Epoch milliseconds in a string. */
export const epochMillisText: Input<number> = {
  read: (value, name) => {
    if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) {
      throw badRequest(`${name} must be a string of epoch milliseconds`)
    }
    return Number(value)
  },
}

/** An asset or a tag by id and UUID. */
export const reference = record({ id: integerOrText(1), UUId: nonBlankText }, ['id', 'UUId'])
export type ReferenceInput = ValueOf<typeof reference>

/** A parameter; key and value are base64. */
export const parameter = record({ key: decodedBase64, value: decodedBase64 }, ['key', 'value'])
export type Parameter = ValueOf<typeof parameter>

/** The user named as the actor, for activity tracking. */
export const actor = record({ id: nonBlankText, name: nonBlankText, userName: nonBlankText })
