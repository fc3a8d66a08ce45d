import type { Redact } from '../../secrets.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { safeText } from '../../session/untrusted.ts'

/** More different names of fields than Qualys has: they are not all kept. */
const mostNames = 10_000

/** Cleans rows. */
export interface Cleaner {
  readonly row: (row: Row) => Row
  /** The name of a field, as it stands in a clean row. */
  readonly name: (name: string) => string
}

/** Makes rows fit for a file: no secret in them, and nothing that a terminal or a reader would not see as it is. */
export function cleaner(redact: Redact): Cleaner {
  const names = new Map<string, string>()
  const text = (value: string): string => {
    // Most values are plain, and looking closer costs more than all the rest of a row.
    const bare = /^[ -~]*$/.test(value) ? value : safeText(value)
    // What hides in the middle of a secret keeps it from being seen, and may be a part of it: so before and after.
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
