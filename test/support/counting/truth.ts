import type { Control } from '../sandbox.ts'

// Counts by brute force over what the sandbox holds: written anew, with nothing of the product in it.

export type Fact = Readonly<Record<string, unknown>>

/** What stands at a dotted path. */
export function at(row: Fact, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (value !== null && typeof value === 'object' ? (value as Fact)[name] : undefined),
      row,
    )
}

/** How a group of rows is called. */
export type Naming = (row: Fact) => string

/** What nobody sees of a name, and what turns it round: some titles of the sandbox have it. */
const unseen = /[\u200b-\u200f\u202a-\u202e]/g

/** By the value of a column; a row without one stands under nothing. */
export const column =
  (path: string): Naming =>
  (row) => {
    const value = at(row, path)
    if (value === undefined || value === null || value === '') return ''
    return String(value).replace(unseen, '')
  }

export type Bucket = 'hour' | 'day' | 'week' | 'month'

const dayMs = 86_400_000
const iso = (ms: number): string => new Date(ms).toISOString()

/** Where the bucket of a moment begins. The first of January 1970 was a Thursday. */
function bucketOf(ms: number, bucket: Bucket): string {
  const day = Math.floor(ms / dayMs)
  switch (bucket) {
    case 'hour':
      return `${iso(ms).split(':')[0]}:00Z`
    case 'day':
      return iso(day * dayMs).split('T')[0] ?? ''
    case 'week':
      return iso((day - ((day + 3) % 7)) * dayMs).split('T')[0] ?? ''
    case 'month':
      return iso(ms).split('-').slice(0, 2).join('-')
  }
}

/** By a time, cut down; a row without one stands under nothing. Times are milliseconds or ISO texts. */
export const time =
  (path: string, bucket: Bucket): Naming =>
  (row) => {
    const value = at(row, path)
    if (value === undefined || value === null) return ''
    return bucketOf(typeof value === 'number' ? value : Date.parse(String(value)), bucket)
  }

/** By the three words that an assistant sees of how a host ended. */
export const outcome: Naming = ({ outcome }) => (outcome === 'timed out' ? 'failed' : String(outcome))

/** Rows by what they are called, each name as JSON of its parts. */
export function countBy(rows: readonly Fact[], names: readonly Naming[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const key = JSON.stringify(names.map((name) => name(row)))
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** Words in lower case, as QQL compares texts. */
export const wordsOf = (text: unknown): string[] =>
  String(text ?? '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)

/** Ids of the scripts whose title has all of these words. */
export async function scriptsNamed(control: Control, ...words: string[]): Promise<Set<unknown>> {
  const scripts = await control.truth('scripts')
  const named = scripts.filter(({ title }) => words.every((word) => wordsOf(title).includes(word)))
  return new Set(named.map(({ id }) => id))
}
