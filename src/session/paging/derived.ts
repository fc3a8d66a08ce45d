import type { DerivedRows } from '../../operations/reads/derived-rows.ts'
import { createHash } from '../../shared/crypto.ts'
import { canonicalJson } from '../../shared/json.ts'
import type { Cursor, Origin, Row } from '../answer.ts'
import type { FetchPage } from './paging.ts'

/** For a page after a row that is no longer in the list. */
const lostRow =
  'The list has changed since the page before: rows may be left out or come twice. Leave out continuationToken to start anew.'

/** What tells a row from others: a hash, so that a token contains no name. */
function keyOf({ id, name }: Row): number {
  const key = canonicalJson(id === undefined ? ['name', name] : ['id', id])
  return createHash('sha256').update(key).digest().readUInt32BE()
}

/** Pages of rows that are there already. The cursor is the number of rows before it, and the key of the last of these. */
export const fetchFrom =
  ({ rows }: DerivedRows): FetchPage =>
  async ([offset], count) => ({
    rows: rows
      .slice(offset, offset + count)
      .map((record, at) => ({ record, cursorAfter: [offset + at + 1, keyOf(record)] as const })),
    total: rows.length,
    hasMore: offset + count < rows.length,
  })

/**
 * A cursor in rows that may have changed since it was made: after the row that it followed, wherever that is now.
 * `isLost`: true if that row is gone.
 */
function cursorIn({ rows }: DerivedRows, cursor: Cursor): { start: Cursor; isLost: boolean } {
  const [offset, key] = cursor
  if (offset === 0 || key === undefined) return { start: cursor, isLost: false }
  const before = Math.min(offset, rows.length) - 1
  const isThere = (at: number): boolean => {
    const row = rows[at]
    return row !== undefined && keyOf(row) === key
  }
  // Several rows may have one key: the nearest is taken.
  for (let distance = 0; distance < rows.length; distance++)
    for (const at of [before - distance, before + distance])
      if (isThere(at)) return { start: [at + 1, key], isLost: false }
  return { start: cursor, isLost: true }
}

/** How many rows have each word in a column, most first. */
function groupsOf(rows: readonly Row[], column: string): Origin['groups'] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const word = row[column]
    if (typeof word === 'string') counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...counts].map(([word, count]) => ({ word, count })).sort((a, b) => b.count - a.count)
}

/** What is known about rows, without them. `countBy`: the column that replies count. */
export const originOf = ({ rows, ...origin }: DerivedRows, countBy?: string): Origin => {
  const groups = countBy === undefined ? undefined : groupsOf(rows, countBy)
  return { ...origin, ...(groups && { groups }) }
}

/** Where a page starts in rows as they are now, and what its reply says of them. `countBy`: the column that it counts. */
export function placeIn(
  derived: DerivedRows,
  cursor: Cursor,
  countBy?: string,
): { readonly start: Cursor; readonly origin: Origin } {
  const { start, isLost } = cursorIn(derived, cursor)
  const origin = originOf(derived, countBy)
  return { start, origin: isLost ? { ...origin, pageNote: lostRow } : origin }
}
