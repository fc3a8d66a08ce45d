import { isObject } from '../../json-object.ts'

type Row = Readonly<Record<string, unknown>>

/** The value at a dotted path; null counts as absent. */
export function valueAt(row: Row, column: string): unknown {
  let value: unknown = row
  for (const name of column.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value ?? undefined
}

/** The object in a field; empty if there is none. */
export function objectIn(row: Row, field: string): Row {
  const value = Object.hasOwn(row, field) ? row[field] : undefined
  return isObject(value) ? value : {}
}

/** An id as the text that lists are searched by; undefined for anything else. */
export const idText = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'bigint'
    ? String(value).toLowerCase()
    : undefined

/** The first of these values that is an id. */
export const firstId = (...values: readonly unknown[]): readonly string[] => {
  const id = values.map(idText).find((text) => text !== undefined)
  return id === undefined ? [] : [id]
}
