import type { Row } from '../../session/answer.ts'
import { isObject } from '../../shared/json.ts'

/** The names of ids: `id`, `scriptId`, `ids`, `assetIds`. Every field that a record's schema calls an id has one. */
export const isIdName = (name: string): boolean => /^ids?$|Ids?$/.test(name)

function withTextIds(value: unknown, isId: boolean): unknown {
  if (isId && typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map((item) => withTextIds(item, isId))
  return isObject(value) ? idsAsText(value) : value
}

/**
 * A row with its ids as text, at any depth, as every input takes them: some clients check arguments against the
 * listed schema, and would refuse a number that was copied from a row.
 */
export function idsAsText(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, withTextIds(value, isIdName(name))]),
  )
}
