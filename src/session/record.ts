import type { Operation } from '../operations/operation.ts'
import { DriftError } from './errors.ts'
import { isObject } from './json.ts'

/** One row or record as the assistant may see it: Qualys' fields, read and mended; unknown ones kept. */
export type Row = Readonly<Record<string, unknown>>

function mended(row: Record<string, unknown>, operation: Operation): Row {
  const { mend = {} } = operation
  // `isTest` repeats `test` in every documented sample (car-api.md 3.1).
  const { isTest, ...rest } = row
  const whole = 'test' in rest ? rest : { ...rest, ...(isTest !== undefined && { test: isTest }) }
  return Object.fromEntries(
    Object.entries(whole).map(([name, value]) => [Object.hasOwn(mend, name) ? mend[name] : name, value]),
  )
}

/**
 * Reads one record. A field that is missing or of another type than documented is named in `drift` and kept as
 * Qualys sent it; only a record without its id cannot be used.
 */
export function readRecord(operation: Operation, raw: unknown, drift: Set<string>): Row {
  if (!isObject(raw)) {
    drift.add('a row that is no object')
    return { value: raw }
  }
  const { record } = operation
  const read = record.safeParse(raw)
  if (read.success) return mended(read.data, operation)
  const odd = new Set(read.error.issues.map(({ path }) => String(path[0] ?? '')))
  for (const name of odd) drift.add(name in raw ? `${name} (another type)` : `${name} (missing)`)
  if (odd.has('id') && !('id' in raw)) {
    throw new DriftError(
      `Qualys' answer to ${operation.name} has rows without an id.`,
      'The API has changed: report it; until then this list cannot be used.',
    )
  }
  const sound = Object.fromEntries(Object.entries(raw).filter(([name]) => !odd.has(name)))
  const rest = record.partial().safeParse(sound)
  return mended({ ...raw, ...(rest.success && rest.data) }, operation)
}
