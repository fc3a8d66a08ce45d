import type { Row } from '../../session/answer.ts'
import { isObject } from '../../shared/json.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'

/** Maximum number of names to cache: more than Qualys has. */
const mostNames = 10_000

export interface Cleaner {
  readonly row: (row: Row) => Row
  /** The name of a field in a cleaned row. */
  readonly name: (name: string) => string
}

/**
 * Cleans rows for a file: removes secrets and everything that a terminal or reader would not show as it is.
 */
export function cleaner(redact: Redact): Cleaner {
  const names = new Map<string, string>()
  const text = (value: string): string => {
    // Most values are plain ASCII, and the other checks cost more than all other work on a row.
    const bare = /^[ -~]*$/.test(value) ? value : safeText(value)
    // Redacts before and after: an invisible character can split a secret, or be a part of it.
    return bare === value ? redact(value) : redact(safeText(redact(value)))
  }
  const named = (name: string): string => {
    const known = names.get(name)
    if (known !== undefined) return known
    if (names.size >= mostNames) names.clear()
    const clean = text(name)
    names.set(name, clean)
    return clean
  }
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(deep)
    return isObject(value) ? fields(value) : value
  }
  const fields = (row: Row): Row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [named(name), deep(value)]))
  return { row: fields, name: named }
}
