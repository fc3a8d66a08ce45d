import { invalid, mustNotBeSet, required } from '../http/api-error.ts'
import type { XmlElement } from '../xml/writer.ts'
import { childrenOf, textOf } from './request.ts'

/** The parser of one element. `read` throws a complaint that names the element if its content is invalid. */
export interface Input<Value> {
  read(element: XmlElement, name: string, strict: boolean): Value
  /** No page names the element, or shows its content. Each of these is listed in the assumptions. */
  invented?: true
}

/** The elements that an object may have. */
export type Shape = Readonly<Record<string, Input<unknown>>>

type ValueOf<I> = I extends Input<infer Value> ? Value : never

export type Read<S extends Shape, Must extends keyof S = never> = {
  readonly [Name in Must]: ValueOf<S[Name]>
} & { readonly [Name in Exclude<keyof S, Must>]?: ValueOf<S[Name]> }

/** Parses the elements of an object, in any order. strict: unknown elements are refused. */
export function readObject<S extends Shape, Must extends keyof S & string = never>(
  object: XmlElement,
  shape: S,
  must: readonly Must[],
  strict: boolean,
  within = '',
): Read<S, Must> {
  const read: Record<string, unknown> = {}
  for (const child of childrenOf(object)) {
    const { name } = child
    const input = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (!input && !strict) continue
    if (!input || Object.hasOwn(read, name)) throw mustNotBeSet(within + name)
    read[name] = input.read(child, within + name, strict)
  }
  const missing = must.find((name) => !Object.hasOwn(read, name))
  if (missing !== undefined) throw required(within + missing)
  return read as Read<S, Must>
}

/** Marks an input whose name or content is an assumption. */
export function madeUp<Value>(input: Input<Value>): Input<Value> {
  return { ...input, invented: true }
}

/** Text that is not blank; surrounding white space is kept. */
export const words: Input<string> = {
  read: (element, name) => {
    const text = textOf(element)
    if (text.trim() === '') throw required(name)
    return text
  },
}

export const anyText: Input<string> = { read: textOf }

/** The same without surrounding white space: the update sample writes "New ". */
const word = (element: XmlElement, name: string) => words.read(element, name, true).trim()

export function matching(pattern: RegExp, resolution: string): Input<string> {
  return {
    read: (element, name) => {
      const text = word(element, name)
      if (!pattern.test(text)) throw invalid(name, text, resolution)
      return text
    },
  }
}

export const email = matching(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'Specify an e-mail address.')

export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Input<number> {
  return {
    read: (element, name) => {
      const text = word(element, name)
      const number = /^\d{1,18}$/.test(text) ? Number(text) : Number.NaN
      if (number >= least && number <= most) return number
      throw invalid(
        name,
        text,
        most === Number.MAX_SAFE_INTEGER ? 'Specify a Long.' : `Specify ${least} to ${most}.`,
      )
    },
  }
}

export const id = whole(1)

export function oneOf<Word extends string>(...allowed: readonly Word[]): Input<Word> {
  return {
    read: (element, name) => {
      const text = word(element, name)
      const meant = allowed.find((candidate) => candidate === text)
      if (meant === undefined) throw invalid(name, text, `Values expected: ${allowed.join(', ')}.`)
      return meant
    },
  }
}

export const flag: Input<boolean> = {
  read: (element, name, strict) => oneOf('true', 'false').read(element, name, strict) === 'true',
}

/** `2024-04-03T08:58:57Z`, as in every sample; the guide prints hyphens in the time, a misprint. */
export const moment: Input<number> = {
  read: (element, name) => {
    const text = word(element, name)
    const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN
    if (Number.isNaN(instant)) throw invalid(name, text, 'Specify a date as yyyy-mm-ddThh:mm:ssZ.')
    return instant
  },
}

export function record<S extends Shape, Must extends keyof S & string = never>(
  shape: S,
  must: readonly Must[] = [],
): Input<Read<S, Must>> {
  return { read: (element, _, strict) => readObject(element, shape, must, strict, `${element.name}.`) }
}

/** An object that is named only by its id. */
export const reference = record({ id }, ['id'])
