import { invalidValue, missingElement, unexpectedElement } from '../http/api-error.ts'
import type { XmlElement } from '../xml/writer.ts'
import { childrenOf, textOf } from './request.ts'

/** The parser of one element. `read` throws an ApiError that names the element if its content is invalid. */
export interface Input<Value> {
  read(element: XmlElement, name: string, strict: boolean): Value
  /** No page names the element, or shows its content. Each of these is listed in the assumptions. */
  assumed?: true
}

/** The elements that an object may have. */
export type ObjectSchema = Readonly<Record<string, Input<unknown>>>

type ValueOf<I> = I extends Input<infer Value> ? Value : never

export type ParsedObject<S extends ObjectSchema, Mandatory extends keyof S = never> = {
  readonly [Name in Mandatory]: ValueOf<S[Name]>
} & { readonly [Name in Exclude<keyof S, Mandatory>]?: ValueOf<S[Name]> }

/** Parses the elements of an object, in any order. strict: unknown elements are refused. */
export function readObject<S extends ObjectSchema, Mandatory extends keyof S & string = never>(
  object: XmlElement,
  schema: S,
  mandatory: readonly Mandatory[],
  strict: boolean,
  prefix = '',
): ParsedObject<S, Mandatory> {
  const parsed: Record<string, unknown> = {}
  for (const child of childrenOf(object)) {
    const { name } = child
    const input = Object.hasOwn(schema, name) ? schema[name] : undefined
    if (!input && !strict) continue
    if (!input || Object.hasOwn(parsed, name)) throw unexpectedElement(prefix + name)
    parsed[name] = input.read(child, prefix + name, strict)
  }
  const missing = mandatory.find((name) => !Object.hasOwn(parsed, name))
  if (missing !== undefined) throw missingElement(prefix + missing)
  return parsed as ParsedObject<S, Mandatory>
}

/** Marks an input whose name or content is an assumption. */
export function assumed<Value>(input: Input<Value>): Input<Value> {
  return { ...input, assumed: true }
}

/** Text that is not blank; surrounding white space is kept. */
export const nonBlankText: Input<string> = {
  read: (element, name) => {
    const text = textOf(element)
    if (text.trim() === '') throw missingElement(name)
    return text
  },
}

export const anyText: Input<string> = { read: textOf }

/** Text without surrounding white space: the update sample writes "New ". */
const trimmedText = (element: XmlElement, name: string) => nonBlankText.read(element, name, true).trim()

export function matching(pattern: RegExp, resolution: string): Input<string> {
  return {
    read: (element, name) => {
      const text = trimmedText(element, name)
      if (!pattern.test(text)) throw invalidValue(name, text, resolution)
      return text
    },
  }
}

export const email = matching(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'Specify an e-mail address.')

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Input<number> {
  return {
    read: (element, name) => {
      const text = trimmedText(element, name)
      const number = /^\d{1,18}$/.test(text) ? Number(text) : Number.NaN
      if (number >= min && number <= max) return number
      throw invalidValue(
        name,
        text,
        max === Number.MAX_SAFE_INTEGER ? 'Specify a Long.' : `Specify ${min} to ${max}.`,
      )
    },
  }
}

export const objectId = integer(1)

export function oneOf<Word extends string>(...allowed: readonly Word[]): Input<Word> {
  return {
    read: (element, name) => {
      const text = trimmedText(element, name)
      const match = allowed.find((candidate) => candidate === text)
      if (match === undefined) throw invalidValue(name, text, `Values expected: ${allowed.join(', ')}.`)
      return match
    },
  }
}

export const flag: Input<boolean> = {
  read: (element, name, strict) => oneOf('true', 'false').read(element, name, strict) === 'true',
}

/** `2024-04-03T08:58:57Z`, as in every sample; the guide prints hyphens in the time, a misprint. */
export const instant: Input<number> = {
  read: (element, name) => {
    const text = trimmedText(element, name)
    const value = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN
    if (Number.isNaN(value)) throw invalidValue(name, text, 'Specify a date as yyyy-mm-ddThh:mm:ssZ.')
    return value
  },
}

export function record<S extends ObjectSchema, Mandatory extends keyof S & string = never>(
  schema: S,
  mandatory: readonly Mandatory[] = [],
): Input<ParsedObject<S, Mandatory>> {
  return { read: (element, _, strict) => readObject(element, schema, mandatory, strict, `${element.name}.`) }
}

/** An object that is named only by its id. */
export const reference = record({ id: objectId }, ['id'])
