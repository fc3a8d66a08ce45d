import { z } from 'zod'
import { time } from '../../../operations/fields.ts'
import type { Operation } from '../../../operations/operation.ts'
import { unjoined } from '../../../operations/reads/joined-columns.ts'
import { wordOf } from '../../../operations/reads/row-words.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine, safeText } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { plainText } from '../../replies/cells.ts'
import { buckets, type GroupKey } from './group-key.ts'

/** Longer values count as equal if their first characters are equal. */
export const maxValueLength = 200

/** The group of rows that lead to nothing in another list. */
export const notShown = '(not shown)'

/** A time in the form that operations return. Other times, and days that not every month has, are parsed. */
const isoTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T[\d:]{8}Z$/

/** A day without a time counts as its beginning. */
const timeOfDay = z.iso.date().transform((day) => `${day}T00:00:00Z`)
const timeOrDay = z.union([time, timeOfDay])

/** A column of another list, for rows that do not have it themselves. */
export type JoinedValue = (row: Row, column: string) => unknown

/** Reads the group value of a row; several values for a row that belongs to several groups. */
export type ValueReader = (row: Row) => string | readonly string[]

function valueAt(row: Row, path: readonly string[]): unknown {
  let value: unknown = row
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/** A function that finds the value of a column in a row, or in another list. */
function finderOf(path: readonly string[], name: string, joined: JoinedValue | undefined) {
  return joined
    ? (row: Row): unknown => valueAt(row, path) ?? joined(row, name)
    : (row: Row): unknown => valueAt(row, path)
}

/** The start of the time bucket of a row. */
function bucketReader(find: (row: Row) => unknown, bucket: keyof typeof buckets): ValueReader {
  // Cached, since consecutive rows are mostly of the same hour.
  let [hour, bucketStart] = ['', '']
  return (row) => {
    const value = find(row)
    if (value === unjoined) return notShown
    const iso = typeof value === 'string' && isoTime.test(value) ? value : timeOrDay.safeParse(value).data
    if (iso === undefined) return ''
    if (iso.slice(0, 13) !== hour) [hour, bucketStart] = [iso.slice(0, 13), buckets[bucket](iso)]
    return bucketStart
  }
}

/**
 * A function that reads the group value of a row: the word of a row filter, the text of a column, or the start
 * of a time bucket. `joined`: the same of a column of another list.
 */
export function valueReader(
  operation: Operation,
  { name, bucket }: GroupKey,
  redact: Redact,
  joined?: JoinedValue,
): ValueReader {
  const find = finderOf(name.split('.'), name, joined)
  if (bucket !== undefined) return bucketReader(find, bucket)
  const words = operation.rowFilters?.[name]
  if (words) return (row) => wordOf(words, row)
  const textOf = (value: unknown): string => {
    const text = typeof value === 'string' ? value : plainText(value)
    // Redacted before clipping: half a secret is still a secret.
    return text.length > maxValueLength ? oneLine(redact(safeText(redact(text))), maxValueLength) : text
  }
  if (!joined) return (row) => textOf(find(row))
  /** A value that reads like our own word for none is put in quotes. */
  const ownText = (value: unknown): string => {
    const text = textOf(value)
    return text.trim() === notShown ? JSON.stringify(text) : text
  }
  return (row) => {
    const value = find(row)
    if (value === unjoined) return notShown
    return Array.isArray(value) && value.length > 1 ? [...new Set(value.map(ownText))] : ownText(value)
  }
}
