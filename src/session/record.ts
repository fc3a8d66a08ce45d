import type { Operation } from '../operations/operation.ts'
import { DriftError } from './errors.ts'
import { isObject } from './json.ts'

/** One row or record as the assistant may see it: Qualys' fields, read and mended; unknown ones kept. */
export type Row = Readonly<Record<string, unknown>>

/** Mends slips of the vendor, in a copy: `delete` makes every later look at a record slow. */
function mended(row: Row, { mend }: Operation): Row {
  if (!mend || ![...mend.keys()].some((slip) => Object.hasOwn(row, slip))) return row
  const whole: Record<string, unknown> = {}
  for (const name of Object.keys(row)) {
    // No field of Qualys: it would not become one of the copy, but what the copy inherits from.
    if (name === '__proto__') continue
    const better = mend.get(name)
    if (better === undefined) whole[name] = row[name]
    else if (!Object.hasOwn(row, better)) whole[better] = row[name]
  }
  return whole
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

/** Reads raw records one by one. */
export type ReadRow = (raw: unknown, drift: Set<string>) => Row

/**
 * Reads some fields of each record alone, by the names an assistant sees: what counting needs, in a fraction of the
 * time. A record that is not as documented is read whole, and named in `drift`.
 */
export function partReader(operation: Operation, fields: readonly string[]): ReadRow {
  const { record, mend } = operation
  const slips = [...(mend ?? [])].flatMap(([slip, name]) => (fields.includes(name) ? [slip] : []))
  const wanted = [...new Set([...fields.filter((name) => !mend?.has(name)), ...slips])]
  const known = wanted.filter((name) => Object.hasOwn(record.shape, name))
  const others = wanted.filter((name) => !known.includes(name))
  const part = record
    .pick(Object.fromEntries(known.map((name) => [name, true])) as Record<never, true>)
    .partial()
    .strip()
  return (raw, drift) => {
    const read = part.safeParse(raw)
    if (!isObject(raw) || !read.success) return readRecord(operation, raw, drift)
    const row: Record<string, unknown> = read.data
    for (const name of others) if (Object.hasOwn(raw, name)) row[name] = raw[name]
    return slips.length > 0 ? mended(row, operation) : row
  }
}
