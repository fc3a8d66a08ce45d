// A part of the reference reader (reference-reader.ts).

import type { Operation } from '../../../src/operations/operation.ts'
import { isNothing, isObject } from '../../../src/shared/json.ts'

// Fields that a row does not have under their names, while it has others that nobody knows. A row filter, such as the
// outcome of a result, must not take them for absent.

type Fields = Readonly<Record<string, unknown>>

/** A field that row filters read. */
interface FilterField {
  /** As the assistant sees it. */
  readonly name: string
  /** The names under which Qualys may send it. */
  readonly sent: readonly string[]
}

const firstPart = (name: string): string => name.split('.', 1)[0] ?? name

/** The documented fields that the row filters of a list read. */
function filterFieldsOf({ record, fieldAliases, filterFields = [] }: Operation): FilterField[] {
  return filterFields.flatMap((name) => {
    const slips = [...(fieldAliases ?? [])].flatMap(([slip, better]) => (better === name ? [slip] : []))
    const sent = [name, ...slips]
    return sent.some((one) => Object.hasOwn(record.shape, one)) ? [{ name, sent }] : []
  })
}

/** The names of fields that this program expects, documented or not. */
function expectedNames(operation: Operation): ReadonlySet<string> {
  const { record, fieldAliases, columns, possibleColumns = [], undocumentedColumns = [] } = operation
  const { joinedColumns, titles = {} } = operation
  const shown = [...columns, ...possibleColumns.map(({ name }) => name), ...undocumentedColumns]
  const others = [...(joinedColumns?.names ?? []), ...Object.entries(titles).flat()]
  return new Set([
    ...Object.keys(record.shape),
    ...[...(fieldAliases ?? [])].flat(),
    ...[...shown, ...others].map(firstPart),
  ])
}

/** False for what can hold neither a time nor what a script came to: a flag, nothing, or an object with an id. */
function mayHoldResult(value: unknown): boolean {
  if (typeof value === 'boolean' || isNothing(value)) return false
  if (Array.isArray(value)) return value.length > 0
  return !(isObject(value) && Object.hasOwn(value, 'id'))
}

/**
 * For each raw row of a batch, the fields of row filters that it lacks, and that a field which nobody knows may hold. One
 * that stands beside the documented field in another row is none.
 */
export function movedFieldsIn(
  operation: Operation,
  raws: readonly unknown[],
): (raw: unknown) => readonly string[] {
  const fields = operation.rowFilters ? filterFieldsOf(operation) : []
  if (fields.length === 0) return () => []
  const expected = expectedNames(operation)
  const unexpectedIn = (row: Fields): string[] =>
    Object.keys(row).filter((name) => !expected.has(name) && mayHoldResult(row[name]))
  const has = (row: Fields, { sent }: FilterField): boolean => sent.some((name) => Object.hasOwn(row, name))
  const beside = new Map(fields.map((field) => [field, new Set<string>()]))
  for (const row of raws) {
    if (!isObject(row)) continue
    const unexpected = unexpectedIn(row)
    if (unexpected.length === 0) continue
    for (const [field, names] of beside) if (has(row, field)) for (const name of unexpected) names.add(name)
  }
  return (row) => {
    if (!isObject(row)) return []
    const unexpected = unexpectedIn(row)
    if (unexpected.length === 0) return []
    return fields
      .filter((field) => !has(row, field) && unexpected.some((name) => !beside.get(field)?.has(name)))
      .map(({ name }) => name)
  }
}
