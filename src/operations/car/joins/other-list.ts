import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { type IndexBounds, RowIndex } from './row-index.ts'
import { valueAt } from './values.ts'

/** A list whose rows are looked up by id. */
export interface OtherList {
  readonly list: Operation
  /** Its rows in a sentence: `runs`. */
  readonly noun: string
  /** Narrows the list. */
  readonly input?: Input
  /** All its rows, if they are read already. */
  readonly rows?: readonly Input[] | undefined
  /** The ids under which a row is found. */
  readonly idsOf: (row: Input) => readonly string[]
  /** The fields that `idsOf` and `read` look at; absent if all fields are read. */
  readonly fields?: readonly string[]
  /** The value of a column, if it may stand in several fields. */
  readonly read?: (row: Input, column: string) => unknown
}

/** How far a list was read: to its end, until the index was full, in part, or not at all. */
type Extent = 'whole' | 'full' | 'part' | 'none'

/** What was read of a list. */
export interface Reading {
  readonly index: RowIndex
  readonly extent: Extent
}

const topLevel = (column: string): string => column.split('.')[0] ?? column

/** Reads some columns of a list, until it ends, the index is full, or one of the ids `until` is there. */
export async function readList(
  other: OtherList,
  columns: readonly string[],
  lists: Lists<Operation>,
  { until, bounds }: { readonly until?: string | undefined; readonly bounds?: IndexBounds | undefined } = {},
): Promise<Reading> {
  const { list, input = {}, idsOf, read = valueAt } = other
  const index = new RowIndex(
    columns.map((name) => ({ name, read: (row) => read(row, name) })),
    bounds,
  )
  const fields = other.fields && [...new Set([...other.fields, ...columns.map(topLevel)])]
  let isLimited = false
  const onLimit = (): void => {
    isLimited = true
  }
  const extent = await lists.attempt(async (): Promise<Extent> => {
    const batches = other.rows ? [other.rows] : lists.walk(list, input, fields, onLimit)
    for await (const batch of batches) {
      const rows = list.complete ? await list.complete(batch, lists) : batch
      for (const row of rows) if (!index.add(idsOf(row), row)) return 'full'
      if (until !== undefined && index.has(until)) return 'whole'
    }
    return isLimited ? 'part' : 'whole'
  })
  return { index, extent: extent ?? (index.size > 0 ? 'part' : 'none') }
}

/** The fields that are known of a list without looking at its rows. */
function knownFields({ record, columns, possibleColumns = [] }: Operation): readonly string[] {
  const shown = [...columns, ...possibleColumns.map(({ name }) => name)].filter((name) => name !== '*')
  return [...new Set([...Object.keys(record.shape), ...shown.map(topLevel)])]
}

/** Rows that show which columns a list has: what is known of it, and its first rows if a column is not among that. */
export async function sampleRows(
  { list, input = {} }: OtherList,
  columns: readonly string[],
  lists: Lists<Operation>,
): Promise<readonly Input[]> {
  const fields = knownFields(list)
  const known = Object.fromEntries(fields.map((name) => [name, undefined]))
  if (columns.every((column) => fields.includes(column))) return [known]
  const first = await lists.attempt(async () => {
    for await (const rows of lists.walk(list, input)) return rows
    return []
  })
  return [known, ...(first ?? [])]
}
