import { badRequest } from './reply.ts'

/** The parser of one body field. `read` throws a 400 that names the field if the value is invalid. */
export interface Input<Value> {
  read(value: unknown, name: string, strict: boolean): Value
  /** No page names the field, or its content. Each of these is listed in the assumptions. */
  invented?: true
}

/** The fields that a body may have. */
export type Shape = Readonly<Record<string, Input<unknown>>>

type ValueOf<I> = I extends Input<infer Value> ? Value : never

/** A parsed body. null and absent are the same: the samples send null for unused fields. */
export type Read<S extends Shape, Must extends keyof S = never> = {
  readonly [Name in Must]: ValueOf<S[Name]>
} & { readonly [Name in Exclude<keyof S, Must>]?: ValueOf<S[Name]> }

/** Parses the fields of an object. strict: unknown fields are refused. */
export function readFields<S extends Shape, Must extends keyof S & string = never>(
  body: Readonly<Record<string, unknown>>,
  shape: S,
  must: readonly Must[],
  strict: boolean,
  within = '',
): Read<S, Must> {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(shape, name))
  if (strict && unknown !== undefined) throw badRequest(`Unrecognized field "${within}${unknown}"`)
  const read: Record<string, unknown> = {}
  for (const [name, input] of Object.entries(shape)) {
    const value = body[name] ?? undefined
    if (value !== undefined) read[name] = input.read(value, within + name, strict)
    else if (must.some((one) => one === name)) throw badRequest(`${within}${name} is mandatory`)
  }
  return read as Read<S, Must>
}

/** Marks an input whose name or content is an assumption. */
export function madeUp<Value>(input: Input<Value>): Input<Value> {
  return { ...input, invented: true }
}

/** A string that is not blank. */
export const words: Input<string> = {
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
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Input<number> {
  return {
    read: (value, name) => {
      if (!Number.isSafeInteger(value) || Number(value) < least || Number(value) > most) {
        const bounds = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `from ${least} to ${most}`
        throw badRequest(`${name} must be a whole number ${bounds}`)
      }
      return Number(value)
    },
  }
}

/** The same, or its digits in a string, where pages use both. */
export function wholeOrText(least: number, most?: number): Input<number> {
  const number = whole(least, most)
  return {
    read: (value, name, strict) =>
      number.read(
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
export const coded: Input<string> = {
  read: (value, name) => {
    const text = anyText.read(value, name, false)
    const rest = /^[A-Za-z0-9+/]*(={0,2})$/.exec(text)
    if (!rest || text.length % 4 !== 0) throw badRequest(`${name} must be base64`)
    return text
  },
}

/** base64 of UTF-8 text, decoded. */
const base64: Input<string> = {
  read: (value, name) => Buffer.from(coded.read(value, name, false), 'base64').toString('utf8'),
}

export function list<Value>(item: Input<Value>): Input<Value[]> {
  return {
    read: (value, name, strict) => {
      if (!Array.isArray(value)) throw badRequest(`${name} must be a list`)
      return value.map((entry: unknown, place) => item.read(entry, `${name}[${place}]`, strict))
    },
  }
}

export function record<S extends Shape, Must extends keyof S & string = never>(
  shape: S,
  must: readonly Must[] = [],
): Input<Read<S, Must>> {
  return {
    read: (value, name, strict) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw badRequest(`${name} must be an object`)
      }
      return readFields(value as Record<string, unknown>, shape, must, strict, `${name}.`)
    },
  }
}

/** A field whose content no page shows. */
export const anything: Input<unknown> = { read: (value) => value }

/** A field that a later release removed. */
export function removed(advice: string): Input<never> {
  return {
    read: (_, name) => {
      throw badRequest(`${name} was removed: ${advice}`)
    },
  }
}

/** Ids in one string, separated by commas; an empty string holds none. */
export const commaIds: Input<number[]> = {
  read: (value, name) => {
    if (typeof value !== 'string') throw badRequest(`${name} must be a string of ids separated by commas`)
    const ids = value.split(',').map((id) => id.trim())
    if (ids.length === 1 && ids[0] === '') return []
    if (!ids.every((id) => /^\d{1,15}$/.test(id))) throw badRequest(`${name} must be ids separated by commas`)
    return ids.map(Number)
  },
}

/** Epoch milliseconds in a string. */
export const epochText: Input<number> = {
  read: (value, name) => {
    if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) {
      throw badRequest(`${name} must be a string of epoch milliseconds`)
    }
    return Number(value)
  },
}

/** An asset or a tag by id and UUID. */
export const reference = record({ id: wholeOrText(1), UUId: words }, ['id', 'UUId'])
export type ReadReference = ValueOf<typeof reference>

/** A parameter; key and value are base64. */
export const parameter = record({ key: base64, value: base64 }, ['key', 'value'])
export type Parameter = ValueOf<typeof parameter>

/** The user named as the actor, for activity tracking. */
export const doer = record({ id: words, name: words, userName: words })
