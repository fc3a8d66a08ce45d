import { invalidValue, missingElement, unexpectedElement } from '../http/api-error.ts'
import { composed, type InputOf, type Parsed } from '../http/input.ts'
import type { XmlElement } from '../xml/writer.ts'
import { childrenOf, textOf } from './request.ts'

/** An element of a request. */
export type Input<Value> = InputOf<XmlElement, Value>

/** The elements that an object may have. */
export type ObjectSchema = Readonly<Record<string, Input<unknown>>>

/** Parses the elements of an object, in any order. strict: unknown elements are refused. */
export function readObject<S extends ObjectSchema, Mandatory extends keyof S & string = never>(
  object: XmlElement,
  schema: S,
  mandatory: readonly Mandatory[],
  strict: boolean,
  prefix = '',
): Parsed<S, Mandatory> {
  const parsed: Record<string, unknown> = {}
  for (const child of childrenOf(object)) {
    const { name } = child
    const input = Object.hasOwn(schema, name) ? schema[name] : undefined
    if (!input && !strict) continue
    if (!input || Object.hasOwn(parsed, name)) throw unexpectedElement(prefix + name)
    parsed[name] = input(child, prefix + name, strict)
  }
  const missing = mandatory.find((name) => !Object.hasOwn(parsed, name))
  if (missing !== undefined) throw missingElement(prefix + missing)
  return parsed as Parsed<S, Mandatory>
}

/** Text that is not blank; surrounding white space is kept. */
export const nonBlankText: Input<string> = (element, name) => {
  const text = textOf(element)
  if (text.trim() === '') throw missingElement(name)
  return text
}

export const anyText: Input<string> = (element) => textOf(element)

/** Text without surrounding white space: the update sample writes "New ". */
const trimmedText: Input<string> = (element, name, strict) => nonBlankText(element, name, strict).trim()

export function matching(pattern: RegExp, resolution: string): Input<string> {
  return (element, name, strict) => {
    const text = trimmedText(element, name, strict)
    if (!pattern.test(text)) throw invalidValue(name, text, resolution)
    return text
  }
}

export const email = matching(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'Specify an e-mail address.')

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Input<number> {
  const resolution = max === Number.MAX_SAFE_INTEGER ? 'Specify a Long.' : `Specify ${min} to ${max}.`
  return (element, name, strict) => {
    const text = trimmedText(element, name, strict)
    const number = /^\d{1,18}$/.test(text) ? Number(text) : Number.NaN
    if (number >= min && number <= max) return number
    throw invalidValue(name, text, resolution)
  }
}

export const objectId = integer(1)

export function oneOf<Word extends string>(...allowed: readonly Word[]): Input<Word> {
  return (element, name, strict) => {
    const text = trimmedText(element, name, strict)
    const match = allowed.find((candidate) => candidate === text)
    if (match === undefined) throw invalidValue(name, text, `Values expected: ${allowed.join(', ')}.`)
    return match
  }
}

const trueOrFalse = oneOf('true', 'false')
export const flag: Input<boolean> = (element, name, strict) => trueOrFalse(element, name, strict) === 'true'

/** `2024-04-03T08:58:57Z`, as in every sample; the guide prints hyphens in the time, a misprint. */
export const instant: Input<number> = (element, name, strict) => {
  const text = trimmedText(element, name, strict)
  const value = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(value)) throw invalidValue(name, text, 'Specify a date as yyyy-mm-ddThh:mm:ssZ.')
  return value
}

export function record<S extends ObjectSchema, Mandatory extends keyof S & string = never>(
  schema: S,
  mandatory: readonly Mandatory[] = [],
): Input<Parsed<S, Mandatory>> {
  return composed(schema, (element, _, strict) =>
    readObject(element, schema, mandatory, strict, `${element.name}.`),
  )
}

/** An object that is named only by its id. */
export const reference = record({ id: objectId }, ['id'])
