import type { Redact } from '../../secrets.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { safeText } from '../../session/untrusted.ts'
import { segment } from '../columns.ts'

/** More different names of fields than Qualys has: they are not all kept. */
const mostNames = 10_000

/** Makes rows fit for a file: no secret in them, and nothing that a terminal or a reader would not see as it is. */
export function cleaner(redact: Redact): (row: Row) => Row {
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
  return fields
}

/** The fields of a row that were asked for, by their dotted names; they stay where they are. */
export function picked(row: Row, fields: readonly string[] | undefined, prefix = ''): Row {
  if (fields === undefined) return row
  const kept = Object.entries(row).flatMap(([name, value]) => {
    const path = prefix + segment(name)
    if (fields.includes(path)) return [[name, value] as const]
    if (!isObject(value) || !fields.some((field) => field.startsWith(`${path}.`))) return []
    const inner = picked(value, fields, `${path}.`)
    return Object.keys(inner).length > 0 ? [[name, inner] as const] : []
  })
  return Object.fromEntries(kept)
}
