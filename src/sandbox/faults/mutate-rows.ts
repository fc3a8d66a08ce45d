export type Row = Record<string, unknown>
export type RowMutation = (row: Row) => Row

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Renames every key except `id`, at every depth. */
export function renameAll(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key === 'id' ? key : `x${key.charAt(0).toUpperCase()}${key.slice(1)}`,
      mapRows(value, renameAll),
    ]),
  )
}

const mapRows = (value: unknown, mutate: RowMutation): unknown =>
  Array.isArray(value)
    ? value.map((item) => (isRow(item) ? mutate(item) : item))
    : isRow(value)
      ? mutate(value)
      : value

/** Turns numbers into strings and numeric strings into numbers, at every depth. */
export function retypeNumbers(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([key, item]) => [key, swapNumberType(item)]))
}

function swapNumberType(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (Array.isArray(value)) return value.map(swapNumberType)
  return isRow(value) ? retypeNumbers(value) : value
}

/** Changes the object that holds the field at a dotted path; in a list, each of its items. */
function atPath(path: string, mutate: (holder: Row, name: string) => Row): RowMutation {
  const [first = '', ...rest] = path.split('.')
  return (row) => {
    if (!Object.hasOwn(row, first)) return row
    if (rest.length === 0) return mutate(row, first)
    return { ...row, [first]: mapRows(row[first], atPath(rest.join('.'), mutate)) }
  }
}

const compose =
  (mutations: readonly RowMutation[]): RowMutation =>
  (row) =>
    mutations.reduce((mutated, mutate) => mutate(mutated), row)

const filterKeys = (holder: Row, keep: (name: string) => boolean): Row =>
  Object.fromEntries(Object.entries(holder).filter(([name]) => keep(name)))

export const dropFields = (paths: readonly string[]): RowMutation =>
  compose(
    paths.map((path) => atPath(path, (holder, dropped) => filterKeys(holder, (name) => name !== dropped))),
  )

export const renameFields = (names: Readonly<Record<string, string>>): RowMutation =>
  compose(
    Object.entries(names).map(([path, newName]) =>
      atPath(path, (holder, name) =>
        Object.fromEntries(
          Object.entries(holder).map(([key, value]) => [key === name ? newName : key, value]),
        ),
      ),
    ),
  )

export const retypeFields = (paths: readonly string[]): RowMutation =>
  compose(
    paths.map((path) => atPath(path, (holder, name) => ({ ...holder, [name]: changeType(holder[name]) }))),
  )

function changeType(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : [value]
}

export const nullFields: RowMutation = (row) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, key === 'id' ? value : null]))

export const addFields: RowMutation = (row) => ({
  ...row,
  newName: 'new',
  newCount: 7,
  newPart: { newFlag: true },
})
