import { isObject, parseJson } from '../../../shared/json.ts'
import { ownName } from './line-tokens.ts'

/**
 * An output as lines that can be compared: without what makes no difference (blanks, rules, the name of the host),
 * and JSON by its fields.
 */

/** Begins a line that holds a record: its fields in one order, by their paths. */
export const recordMark = '\u0002'

/** Shorter names and plain numbers also occur in other texts. */
const isDistinctive = (name: string): boolean => name.length >= 3 && /[a-z]/i.test(name)

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Matches the beginning of a name before a blank, as a narrow column of a table cuts it. */
function cutName(label: string): string {
  const least = Math.max(6, Math.ceil(label.length / 2))
  const optional = [...label.slice(least)].reduceRight(
    (rest, letter) => `(?:${escapeRegExp(letter)}${rest})?`,
    '',
  )
  return `(?<![\\w-])${escapeRegExp(label.slice(0, least))}${optional}(?=(?:\\.\\.\\.|…)?(?:\\s|$))`
}

/** Matches a host's name, or its first label, as a whole word. */
function hostNamePattern(host: string): RegExp | undefined {
  const [label = ''] = host.split('.')
  // Windows cuts its own name after 15 characters (NetBIOS).
  const names = [...new Set([host, label, label.slice(0, 15)])].filter(isDistinctive)
  if (names.length === 0) return undefined
  const words = names.map((name) => {
    const before = /^\d/.test(name) ? '(?<!\\d)' : '(?<![a-z])'
    const after = /\d$/.test(name) ? '(?!\\d)' : '(?![a-z])'
    return `${before}${escapeRegExp(name)}${after}`
  })
  return new RegExp([...words, ...(isDistinctive(label) ? [cutName(label)] : [])].join('|'), 'gi')
}

/** A bar of progress, a row of points: how long it is makes no difference. */
const bar = /([=_*~#.>━─═█▓▒░■▬])\1{4,}|(?<=^|\s)-{5,}(?=\s|$)/g

/** A line of nothing but the signs that rules are made of. */
const rule = /^[-=_*~+#|.─━═ ]{3,}$/

/** A record with more fields is compared as text. */
const maxFields = 2_000

class TooManyFieldsError extends Error {}
const maxDepth = 8

type Field = readonly [path: string, value: string]

/** A scalar or a short list; the text `null` is another value than null. */
const scalarText = (value: unknown): string =>
  typeof value === 'string' && !/^(?:null|true|false|)$/.test(value) ? value : JSON.stringify(value)

/** The scalars of a record by path. Records in its lists become records of their own. */
function addFields(value: unknown, path: string, depth: number, fields: Field[], records: string[]): void {
  if (fields.length === maxFields) throw new TooManyFieldsError()
  if (isObject(value) && Object.keys(value).length > 0 && depth < maxDepth) {
    for (const [name, part] of Object.entries(value))
      addFields(part, path === '' ? name : `${path}.${name}`, depth + 1, fields, records)
  } else if (Array.isArray(value) && value.some(isObject) && depth < maxDepth) {
    for (const part of value) records.push(...recordLines(part, `${path}[]`, depth + 1))
  } else fields.push([path, scalarText(value)])
}

/** The record, and the records in its lists, as one line each. */
function recordLines(value: unknown, path: string, depth: number): string[] {
  if (Array.isArray(value)) return value.flatMap((part) => recordLines(part, `${path}[]`, depth + 1))
  const fields: Field[] = []
  const records: string[] = []
  addFields(value, path, depth, fields, records)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  const own = fields.length > 0 ? [recordLine(fields)] : []
  return [...own, ...records]
}

/** A line that holds these fields. */
export const recordLine = (fields: readonly Field[]): string => recordMark + JSON.stringify(fields)

/** The fields of a line that begins with `recordMark`. */
export const fieldsOf = (line: string): readonly Field[] => JSON.parse(line.slice(1))

/** A number that JSON.parse would round. */
const longNumber = /(?<=[:[,]\s{0,9})-?\d{16,40}(?=\s{0,9}[,}\]])/g

/** The records in a text of JSON; undefined if it is none. */
function jsonLines(text: string): string[] | undefined {
  if (!/^\s*[[{]/.test(text.slice(0, 64))) return undefined
  // The sign for the own name would have to be escaped in a text of JSON, and a number would lose digits.
  const escaped = text.replaceAll(ownName, '\\u0001').replace(longNumber, '"$&"')
  const value = parseJson(escaped)
  if (!isObject(value) && !Array.isArray(value)) return undefined
  try {
    return recordLines(value, '', 1)
  } catch (error) {
    if (error instanceof TooManyFieldsError) return undefined
    throw error
  }
}

/** One line without what makes no difference; undefined for one that says nothing. */
function comparableLine(line: string): string | readonly string[] | undefined {
  // A blank of another kind in a number groups its digits: "16 272" in French and Russian.
  const blanksFolded = /[\s\u00a0]{2}|[\t\v\f\u1680\u2000-\u2008\u205f\u3000]/.test(line)
    ? line.replace(/[\s\u00a0]+/g, ' ')
    : line
  const text = blanksFolded
    .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3})/g, "'")
    .replace(bar, (run) => run.slice(0, 3))
    .trim()
  if (text === '' || rule.test(text)) return undefined
  return (text.startsWith('{') && text.endsWith('}') && jsonLines(text)) || text
}

/** The text with a sign in place of the name of its host. */
export function withoutName(text: string, host: string | undefined): string {
  const name = host === undefined ? undefined : hostNamePattern(host)
  return name ? text.replace(name, ownName) : text
}

/** The lines of a cleaned text that are compared. */
export function outputLines(text: string, host: string | undefined): string[] {
  const nameless = withoutName(text, host)
  return jsonLines(nameless) ?? nameless.split('\n').flatMap((line) => comparableLine(line) ?? [])
}
