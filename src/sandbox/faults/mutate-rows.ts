/** A row in JSON. */
export type Row = Record<string, unknown>
export type Change = (row: Row) => Row

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Renames every key except `id`, at every depth. */
export function renamed(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key === 'id' ? key : `x${key.charAt(0).toUpperCase()}${key.slice(1)}`,
      within(value, renamed),
    ]),
  )
}

const within = (value: unknown, change: Change): unknown =>
  Array.isArray(value)
    ? value.map((item) => (isRow(item) ? change(item) : item))
    : isRow(value)
      ? change(value)
      : value

/** Turns numbers into strings and numeric strings into numbers, at every depth. */
export function retyped(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([key, item]) => [key, otherNumbers(item)]))
}

function otherNumbers(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (Array.isArray(value)) return value.map(otherNumbers)
  return isRow(value) ? retyped(value) : value
}

/** Changes the object that holds the field at a dotted path; in a list, each of its items. */
function at(path: string, change: (holder: Row, name: string) => Row): Change {
  const [first = '', ...rest] = path.split('.')
  return (row) => {
    if (!Object.hasOwn(row, first)) return row
    if (rest.length === 0) return change(row, first)
    return { ...row, [first]: within(row[first], at(rest.join('.'), change)) }
  }
}

const all =
  (changes: readonly Change[]): Change =>
  (row) =>
    changes.reduce((changed, change) => change(changed), row)

const kept = (holder: Row, keep: (name: string) => boolean): Row =>
  Object.fromEntries(Object.entries(holder).filter(([name]) => keep(name)))

export const without = (paths: readonly string[]): Change =>
  all(paths.map((path) => at(path, (holder, gone) => kept(holder, (name) => name !== gone))))

export const withNames = (names: Readonly<Record<string, string>>): Change =>
  all(
    Object.entries(names).map(([path, better]) =>
      at(path, (holder, name) =>
        Object.fromEntries(
          Object.entries(holder).map(([key, value]) => [key === name ? better : key, value]),
        ),
      ),
    ),
  )

export const withTypes = (paths: readonly string[]): Change =>
  all(paths.map((path) => at(path, (holder, name) => ({ ...holder, [name]: otherType(holder[name]) }))))

function otherType(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : [value]
}

export const nulled: Change = (row) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, key === 'id' ? value : null]))

export const extended: Change = (row) => ({ ...row, newName: 'new', newCount: 7, newPart: { newFlag: true } })
