import type { Row } from '../../session/answer.ts'
import { isObject } from '../../shared/json.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'

/** Maximum number of names to cache: more than Qualys has. */
const maxCachedNames = 10_000

/** True for JSON of printable ASCII without backslashes. JSON escapes every other control character. */
const isVerbatim = (json: string): boolean =>
  !json.includes('\\') && !json.includes('\x7f') && Buffer.byteLength(json) === json.length

/** Cleans the rows of one export. */
export interface Cleaner {
  /** The row itself if there is nothing to clean. */
  readonly cleanRow: (row: Row) => Row
  /** The JSON of the cleaned row. */
  readonly cleanLine: (row: Row) => string
  /** The name of a field in a cleaned row. */
  readonly cleanName: (name: string) => string
  /** A row with clean names, for what names are there: its values are as they were. */
  readonly withCleanNames: (row: Row) => Row
}

/**
 * A cleaner of rows for a file: removes secrets and everything that a terminal or reader would not show as it is.
 */
export function createCleaner(redact: Redact): Cleaner {
  const names = new Map<string, string>()
  const cleanText = (value: string): string => {
    // Most values are plain ASCII, and the other checks cost more than all other work on a row.
    const visible = /^[ -~]*$/.test(value) ? value : safeText(value)
    // Redacts before and after: an invisible character can split a secret or be part of it.
    return visible === value ? redact(value) : redact(safeText(redact(value)))
  }
  const cleanName = (name: string): string => {
    const cached = names.get(name)
    if (cached !== undefined) return cached
    if (names.size >= maxCachedNames) names.clear()
    const clean = cleanText(name)
    names.set(name, clean)
    return clean
  }
  const cleanValue = (value: unknown): unknown => {
    if (typeof value === 'string') return cleanText(value)
    if (typeof value !== 'object' || value === null) return value
    if (isObject(value)) return cleanRow(value)
    return Array.isArray(value) ? cleanList(value) : value
  }
  const cleanList = (list: readonly unknown[]): readonly unknown[] => {
    const cleaned = list.map(cleanValue)
    return cleaned.every((value, at) => value === list[at]) ? list : cleaned
  }
  const cleanRow = (row: Row): Row => {
    for (const name of Object.keys(row)) {
      const value = row[name]
      if (cleanName(name) !== name || cleanValue(value) !== value) return cleanCopy(row)
    }
    return row
  }
  const cleanCopy = (row: Row): Row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [cleanName(name), cleanValue(value)]))
  // JSON without a backslash has every value and name as it is: one look at it replaces one at each of them.
  const cleanLine = (row: Row): string => {
    const json = JSON.stringify(row)
    return isVerbatim(json) && redact(json) === json ? json : JSON.stringify(cleanRow(row))
  }
  const withCleanNames = (row: Row): Row =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        cleanName(name),
        isObject(value) ? withCleanNames(value) : value,
      ]),
    )
  return { cleanRow, cleanLine, cleanName, withCleanNames }
}
