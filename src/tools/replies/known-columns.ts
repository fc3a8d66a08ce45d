import type { z } from 'zod'
import type { Operation } from '../../operations/operation.ts'

/** A list; what is left out adds no columns. */
export type ListColumns = Pick<Operation, 'columns'> & Partial<Operation>

/** A column that this program knows before it sees a row. */
export interface KnownColumn {
  readonly name: string
  /** True if a page of Qualys shows it. */
  readonly isDocumented: boolean
}

/** The parts of a schema's own description that lead to its fields (https://zod.dev/packages/core#internals). */
interface Definition {
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly innerType?: z.ZodType
  readonly out?: z.ZodType
  readonly options?: readonly z.ZodType[]
}

/** The fields of a value as a schema returns it, as dotted paths. Lists are whole; a transformed value shows none. */
function pathsIn(schema: z.ZodType): string[] {
  const { shape, innerType, out, options = [] } = schema.def as Definition
  if (shape)
    return Object.entries(shape).flatMap(([name, inner]) => {
      const inside = pathsIn(inner)
      return inside.length === 0 ? [name] : inside.map((path) => `${name}.${path}`)
    })
  return [innerType, out, ...options].flatMap((part) => (part ? pathsIn(part) : []))
}

/** True for the column, and for each field in it. */
const covers = (column: string, name: string): boolean => name === column || name.startsWith(`${column}.`)

/** The columns of a list that are known before a row is seen: default ones first. */
export function knownColumns({
  columns,
  record,
  fieldAliases,
  possibleColumns = [],
  computedColumns = {},
  undocumentedColumns = [],
  titles = {},
}: ListColumns): KnownColumn[] {
  const fields = (record ? pathsIn(record) : []).map((name) => fieldAliases?.get(name) ?? name)
  const usual = [...columns.filter((name) => name !== '*'), ...fields]
  const others = [...possibleColumns.map(({ name }) => name), ...Object.entries(titles).flat()]
  const isUndocumented = (name: string): boolean =>
    !usual.includes(name) || undocumentedColumns.some((column) => column === '*' || covers(column, name))
  return [...new Set([...usual, ...others, ...Object.keys(computedColumns)])].map((name) => ({
    name,
    isDocumented: Object.hasOwn(computedColumns, name) || !isUndocumented(name),
  }))
}

/** The columns by which rows are counted although no field holds them: words of row filters, and joined columns. */
export const countedColumns = ({ rowFilters = {}, joinedColumns }: Partial<Operation>): readonly string[] => [
  ...Object.keys(rowFilters),
  ...(joinedColumns?.names ?? []),
]

/** The columns that whole rows may have: those of some rows, then those that are known and documented. */
export function expectedColumns(operation: ListColumns, present: readonly string[]): string[] {
  const documented = knownColumns(operation).filter(({ isDocumented }) => isDocumented)
  return [...new Set([...present, ...documented.map(({ name }) => name)])]
}
