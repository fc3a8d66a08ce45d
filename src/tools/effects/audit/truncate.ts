import { jsonLine } from '../../../shared/json.ts'

/** The bytes of a value as a line of JSON. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(jsonLine(value))

/** The value without parts that exceed `max`: characters of a text, entries of a list or an object. */
export function truncate(value: unknown, max: number): unknown {
  if (typeof value === 'string')
    return value.length > max ? `${value.slice(0, max)}… (cut, ${value.length} characters)` : value
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const entriesKept = entries.slice(0, max).map(([name, part]) => [name, truncate(part, max)] as const)
  const note = entries.length > max ? [['…', `cut, ${entries.length} entries`] as const] : []
  return Array.isArray(value)
    ? [...entriesKept, ...note].map(([, part]) => part)
    : Object.fromEntries([...entriesKept, ...note])
}

/** The value, cut shorter and shorter until it has at most this many bytes as JSON. */
export function truncateTo(value: unknown, maxBytes: number): unknown {
  let cut = value
  for (let max = 16_384; bytesOf(cut) > maxBytes && max > 0; max >>= 2) cut = truncate(value, max)
  return cut
}
