import { platformOf } from '../../../../operations/car/hosts.ts'
import type { Row } from '../../../../session/answer.ts'
import { counted } from '../../../../shared/format.ts'
import type { Target } from '../../targets/lookup.ts'
import type { PreviewTable } from '../preview.ts'
import { valueText } from '../quoted.ts'

// Objects that an effect names by id, as rows: every one of them, by name.

/** The first of the fields that has a value. */
export const field = (row: Row | undefined, ...names: readonly string[]): unknown =>
  names.map((name) => row?.[name]).find((found) => found !== undefined && found !== null && found !== '')

/** A table of these rows; none without rows. */
export const tableOf = (
  label: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): PreviewTable[] =>
  rows.length === 0 ? [] : [{ label, columns, rows: rows.map((cells) => cells.map(valueText)) }]

/** Values of a row, each under its label. */
type Columns = readonly (readonly [label: string, read: (target: Target) => unknown])[]

/** The objects that were found with these values, and the ids of the others. */
export function targetRows(noun: string, targets: readonly Target[], columns: Columns): PreviewTable[] {
  const found = targets.filter(({ row }) => row)
  const missing = targets.filter(({ row }) => !row)
  return [
    ...tableOf(
      noun,
      ['id', ...columns.map(([label]) => label)],
      found.map((target) => [target.id, ...columns.map(([, read]) => read(target) ?? '')]),
    ),
    ...tableOf(
      `${noun} that could not be looked up`,
      ['id'],
      missing.map(({ id }) => [id]),
    ),
  ]
}

export const hostRows = (noun: string, hosts: readonly Target[]): PreviewTable[] =>
  targetRows(noun, hosts, [
    ['name', ({ row }) => field(row, 'name', 'title')],
    ['platform', ({ row }) => row && platformOf(row)],
  ])

/** Tags with the number of their hosts, as far as it was counted. */
export const tagRows = (
  noun: string,
  tags: readonly Target[],
  counts: ReadonlyMap<string, number> | undefined,
): PreviewTable[] =>
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
