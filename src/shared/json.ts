import { controls, otherBlanks, unseen } from './characters/unseen.ts'

/** True for a JSON object; false for arrays and null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for what Qualys may send instead of an empty list: null, an empty text, an empty object, or no member. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (isObject(value) && Object.keys(value).length === 0)

/** The objects in a list; none if it is no list. */
export const objectsIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : []

/** True for an id in a row: a text or a number. */
export function isId(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

/** The value if it is a text, otherwise an empty one. */
export const textOrEmpty = (value: unknown): string => (typeof value === 'string' ? value : '')

/** String form of a scalar; '' for objects, whose toString may throw. */
export function plainText(value: unknown): string {
  return typeof value === 'object' ? '' : String(value)
}

/** A JSON text without the byte order mark before it, which "may be ignored" (RFC 8259, 8.1). */
export const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text)

/** The JSON value of a text; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(withoutMark(text))
  } catch {
    return undefined
  }
}

/**
 * The object in a text of JSON; undefined if it holds another value. Blank text, `null` and `[]` are an empty one:
 * programs write them where there are no arguments.
 */
export function parseArguments(text: string): Record<string, unknown> | undefined {
  const value = text.trim() === '' ? null : parseJson(text)
  if (isObject(value)) return value
  return value === null || (Array.isArray(value) && value.length === 0) ? {} : undefined
}

/** A copy in which each bigint is text: its digits, the form of an id in a row. */
export function bigintsAsText(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(bigintsAsText)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, bigintsAsText(part)]))
}

/** JSON with sorted members: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}

const escapedInLines = new RegExp(`[${controls}${unseen}${otherBlanks}]`, 'gu')

/**
 * A value as one line of JSON. What nobody sees or takes for a space is escaped, so that the line stays one line and
 * cannot control a terminal.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(escapedInLines, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
