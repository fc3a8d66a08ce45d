import type { Row } from '../../session/answer.ts'
import { isObject } from '../../shared/json.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'

/** Maximum number of names to cache: more than Qualys has. */
const maxCachedNames = 10_000

/** Cleans the rows of one export. */
export interface Cleaner {
  readonly cleanRow: (row: Row) => Row
  /** The name of a field in a cleaned row. */
  readonly cleanName: (name: string) => string
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
    if (Array.isArray(value)) return value.map(cleanValue)
    return isObject(value) ? cleanRow(value) : value
  }
  const cleanRow = (row: Row): Row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [cleanName(name), cleanValue(value)]))
  return { cleanRow, cleanName }
}
