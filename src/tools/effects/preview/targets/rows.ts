import { platformOf } from '../../../../operations/car/hosts.ts'
import type { Row } from '../../../../session/answer.ts'
import { counted } from '../../../../shared/format.ts'
import type { Target } from '../../targets/lookup.ts'
import type { PreviewRows } from '../preview.ts'
import { quotedValues } from '../quoted.ts'

// Objects that an effect names by id, as rows: every one of them, by name.

/** The first of the fields that has a value. */
export const field = (row: Row | undefined, ...names: readonly string[]): unknown =>
  names.map((name) => row?.[name]).find((found) => found !== undefined && found !== null && found !== '')

/** Rows of values; none without rows. The label names the values, in their order. */
export function rowsOf(label: string, rows: readonly (readonly unknown[])[]): PreviewRows[] {
  return rows.length === 0 ? [] : [{ label, rows: rows.map((values) => quotedValues(...values)) }]
}

/** Values of a row, each under its label. */
type Columns = readonly (readonly [label: string, read: (target: Target) => unknown])[]

/** The objects that were found with these values, and the ids of the others. */
export function targetRows(noun: string, targets: readonly Target[], columns: Columns): PreviewRows[] {
  const found = targets.filter(({ row }) => row)
  const missing = targets.filter(({ row }) => !row)
  const label = `${noun} (${['id', ...columns.map(([label]) => label)].join(', ')})`
  return [
    ...rowsOf(
      label,
      found.map((target) => [target.id, ...columns.map(([, read]) => read(target) ?? '')]),
    ),
    ...rowsOf(
      `${noun} that could not be looked up (id)`,
      missing.map(({ id }) => [id]),
    ),
  ]
}

export const hostRows = (noun: string, hosts: readonly Target[]): PreviewRows[] =>
  targetRows(noun, hosts, [
    ['name', ({ row }) => field(row, 'name', 'title')],
    ['platform', ({ row }) => row && platformOf(row)],
  ])

/** Tags with the number of their hosts, as far as it was counted. */
export const tagRows = (
  noun: string,
  tags: readonly Target[],
  counts: ReadonlyMap<string, number> | undefined,
): PreviewRows[] =>
  targetRows(noun, tags, [
    ['name', ({ row }) => field(row, 'name')],
    [
      'hosts',
      ({ id }) => {
        const count = counts?.get(id)
        return count === undefined ? 'not counted' : counted(count, 'host')
      },
    ],
  ])
