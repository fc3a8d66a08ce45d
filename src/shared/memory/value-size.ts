import { Buffer } from 'node:buffer'

/** An object or array before its members: header, map, elements and a place in its holder, rounded up. */
const objectBytes = 48
/** A member: its place, and what a number that is no small integer takes. */
const memberBytes = 16
const stringHeaderBytes = 16

/** V8 stores a text with one byte a character if it can, otherwise with two. Beyond ASCII, two are assumed. */
const stringBytes = (text: string): number =>
  stringHeaderBytes + (Buffer.byteLength(text) === text.length ? 1 : 2) * text.length

/**
 * About how many bytes a JSON value takes in memory, shared parts counted each time. Stops when the sum exceeds
 * `limit` and returns what it has counted by then, so that a cyclic value ends too. Member names are not counted: rows
 * of a list share them.
 */
export function valueSize(value: unknown, limit: number): number {
  let bytes = 0
  const open: unknown[] = [value]
  while (open.length > 0 && bytes <= limit) {
    const part = open.pop()
    if (typeof part === 'string') bytes += stringBytes(part)
    else if (typeof part === 'object' && part !== null) {
      const members: readonly unknown[] = Array.isArray(part) ? part : Object.values(part)
      bytes += objectBytes + memberBytes * members.length
      for (const member of members) if (isLarge(member)) open.push(member)
    } else bytes += memberBytes
  }
  return bytes
}

/** True for what takes more than its place in its holder. */
const isLarge = (value: unknown): boolean =>
  typeof value === 'string' || (typeof value === 'object' && value !== null)
