import type { Operation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { type Redact, redactJson } from '../../../shared/secrets.ts'
import { columnNames, flatten } from '../../replies/columns.ts'
import { countedColumns, knownColumns } from '../../replies/known-columns.ts'
import { unknownColumns } from '../../replies/unknown-column.ts'
import type { GroupKey } from './group-key.ts'

/** The top-level field of a column. */
export const topLevelField = (name: string): string => name.split('.')[0] ?? name

/** Names of the members at the end of a path, over all rows. */
function namesAt(rows: readonly Row[], path: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const row of rows) {
    const object = path.reduce<unknown>((part, name) => (isObject(part) ? part[name] : undefined), row)
    if (isObject(object)) for (const name of Object.keys(object)) names.add(name)
  }
  return names
}

/** The names of columns that rows have. Redacted first: a name of a column has other characters than a secret in it. */
export const columnsOf = (rows: readonly Row[], redact: Redact): string[] =>
  columnNames(redactJson(rows, redact).map(flatten))

/**
 * Throws an InputError for a column that no row of the first batch has. It is probably misspelled, and the other
 * pages need not be read. `sample`: some of the rows with all their fields.
 */
export function rejectUnknownColumns(
  operation: Operation,
  keys: readonly GroupKey[],
  rows: readonly Row[],
  redact: Redact,
  sample: () => readonly Row[] = () => rows,
): void {
  const { record, fieldAliases, columns, rowFilters = {}, filterFields = [] } = operation
  const documented = Object.keys(record.shape).filter((name) => !fieldAliases?.has(name))
  const known = [
    ...Object.keys(rowFilters),
    ...documented,
    ...[...filterFields, ...columns].map(topLevelField),
  ]
  for (const { name } of keys) {
    const path = name.split('.')
    const namesByDepth = path.map((_, depth) => namesAt(rows, path.slice(0, depth)))
    const unknown = path.findIndex((part, depth) => {
      const names = namesByDepth[depth] ?? new Set()
      // If no row has the object, nothing is known about its members.
      const isConclusive = depth === 0 ? rows.length > 0 : names.size > 0
      return isConclusive && !names.has(part) && !(depth === 0 && known.includes(part))
    })
    if (unknown === -1) continue
    // Those that rows have come first: the others may not fit.
    const columns = [
      ...columnsOf([...rows, ...sample()], redact),
      ...Object.keys(rowFilters),
      ...knownColumns(operation).map(({ name }) => name),
      ...countedColumns(operation),
    ]
    throw unknownColumns([name], [...new Set(columns)])
  }
}
