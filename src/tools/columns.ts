import type { Row } from '../session/record.ts'

/** A record with its nested objects as dotted paths; lists stay lists. */
export function flatten(record: Row, prefix = ''): Row {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      const nested = typeof value === 'object' && value !== null && !Array.isArray(value)
      return nested ? Object.entries(flatten(value as Row, `${prefix}${name}.`)) : [[prefix + name, value]]
    }),
  )
}

/** The columns of a page, and what to say about them. */
export interface Columns {
  readonly names: readonly string[]
  readonly note?: string
}

const fallbackColumns = 8
const isScalar = (value: unknown): boolean =>
  typeof value !== 'object' && value !== undefined && value !== null

function occurring(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))]
}

function chosen(rows: readonly Row[], fields: readonly string[]): Columns {
  const present = occurring(rows)
  if (fields.includes('*')) return { names: present }
  // A nested object may be asked for by its name: all of it is shown.
  const names = fields.flatMap((field) => {
    const inside = present.filter((name) => name.startsWith(`${field}.`))
    return present.includes(field) || inside.length === 0 ? [field] : inside
  })
  const absent = names.filter((name) => rows.length > 0 && !present.includes(name))
  return {
    names,
    ...(absent.length > 0 && {
      note: `No row here has ${absent.join(', ')}; there is: ${present.join(', ')}.`,
    }),
  }
}

/**
 * The columns to show of flattened rows. Defaults are a preference: when fewer than half of them occur, the page's
 * own first scalar fields take their place, so that a changed API still shows something.
 */
export function chooseColumns(
  rows: readonly Row[],
  defaults: readonly string[],
  fields: readonly string[] | undefined,
): Columns {
  if (fields !== undefined || defaults.includes('*')) return chosen(rows, fields ?? defaults)
  const present = occurring(rows)
  const usual = defaults.filter((name) => present.includes(name))
  // The id says nothing about a row, so it does not count.
  const telling = (names: readonly string[]): number => names.filter((name) => name !== 'id').length
  if (rows.length === 0 || telling(usual) * 2 >= telling(defaults)) return { names: usual }
  const scalars = present.filter((name) => rows.some((row) => isScalar(row[name])))
  return {
    names: [...new Set([...usual, ...scalars])].slice(0, fallbackColumns),
    note: `Qualys' rows lack the usual fields (${defaults.filter((name) => !usual.includes(name)).join(', ')}): shown is what they have.`,
  }
}
