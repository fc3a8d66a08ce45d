import { readJson } from '../../../session/products/exact-json.ts'
import { isObject } from '../../../shared/json.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { addHashes, hashOf } from './hashes.ts'
import { ownName, readableOwnName } from './line-tokens.ts'

// JSON as lines that can be compared: each record is one line, with its fields in one order.

/** Begins a line that holds a record: its fields in one order, by their paths. */
export const recordMark = '\u0002'

const maxFields = 2_000
const maxDepth = 8

export type Field = readonly [path: string, value: string]

/** A line that holds these fields. */
export const recordLine = (fields: readonly Field[]): string => recordMark + JSON.stringify(fields)

/** The fields of a line that begins with `recordMark`. */
export const fieldsOf = (line: string): readonly Field[] => JSON.parse(line.slice(1))

/** The scalars of one record by path, the records in its lists, and a hash of what is too much. */
interface Draft {
  readonly fields: Field[]
  readonly records: string[]
  rest: number
}

/** A text that reads `null` is not null, and `true` is not true. */
const textOf = (value: string): string =>
  /^(?:null|true|false|)$/.test(value) ? JSON.stringify(value) : value

function addFields(value: unknown, path: string, depth: number, draft: Draft): void {
  if (isObject(value) && Object.keys(value).length > 0 && depth < maxDepth) {
    for (const [name, part] of Object.entries(value))
      addFields(part, path === '' ? name : `${path}.${name}`, depth + 1, draft)
  } else if (Array.isArray(value) && value.some(isObject) && depth < maxDepth) {
    for (const part of value) draft.records.push(...recordLines(part, `${path}[]`, depth + 1))
  } else {
    // Escapes of JSON may stand for control characters, which no other text holds.
    const field = [
      safeText(path),
      safeText(typeof value === 'string' ? textOf(value) : JSON.stringify(value)),
    ] as const
    if (draft.fields.length < maxFields) draft.fields.push(field)
    else draft.rest = addHashes(draft.rest, hashOf(field.join('\n')))
  }
}

/** `{"a.b": 1, "a": {"b": 2}}` has one path twice. */
function withDistinctPaths(sorted: readonly Field[]): Field[] {
  let times = 1
  return sorted.map(([path, value], at) => {
    times = sorted[at - 1]?.[0] === path ? times + 1 : 1
    return times > 1 ? [`${path} (${times})`, value] : [path, value]
  })
}

/** The record, and the records in its lists, as one line each. */
function recordLines(value: unknown, path: string, depth: number): string[] {
  if (Array.isArray(value)) return value.flatMap((part) => recordLines(part, `${path}[]`, depth + 1))
  const draft: Draft = { fields: [], records: [], rest: 0 }
  addFields(value, path, depth, draft)
  const { records, rest } = draft
  const fields = withDistinctPaths(draft.fields.sort(([a], [b]) => (a < b ? -1 : 1)))
  if (rest > 0) fields.push(['further fields (by their hash)', rest.toString(16).slice(0, 8)])
  return [...(fields.length > 0 ? [recordLine(fields)] : []), ...records]
}

/** The records in a text of JSON; undefined if it is none. */
export function jsonLines(text: string): string[] | undefined {
  if (!/^\s*[[{]/.test(text.slice(0, 64))) return undefined
  try {
    // The sign for the own name is no sign that JSON may hold.
    const value = readJson(text.replaceAll(ownName, readableOwnName))
    return isObject(value) || Array.isArray(value) ? recordLines(value, '', 1) : undefined
  } catch (error) {
    // Nested deeper than the stack: it is compared as text.
    if (error instanceof RangeError) return undefined
    throw error
  }
}
