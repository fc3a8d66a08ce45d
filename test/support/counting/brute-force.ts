import type { Control } from '../sandbox.ts'

// Counts by brute force over the sandbox's rows, without any code of the product.

export type Fact = Readonly<Record<string, unknown>>

/** The value at a dotted path. */
export function valueAt(row: Fact, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (value !== null && typeof value === 'object' ? (value as Fact)[name] : undefined),
      row,
    )
}

/** The name of the group that a row belongs to. */
export type GroupName = (row: Fact) => string

/** Invisible characters and direction controls: some titles of the sandbox have them. */
const invisible = /[\u200b-\u200f\u202a-\u202e]/g

/** By the value of a column; a row without a value has an empty name. */
export const byColumn =
  (path: string): GroupName =>
  (row) => {
    const value = valueAt(row, path)
    if (value === undefined || value === null || value === '') return ''
    return String(value)
      .replaceAll(/\p{Cc}\[[\d;]*m/gu, '')
      .replace(invisible, '')
      .replace(/\s+/g, ' ')
  }

export type Bucket = 'hour' | 'day' | 'week' | 'month'

const dayMs = 86_400_000
const iso = (ms: number): string => new Date(ms).toISOString()

/** Where the bucket of a time begins. 1 January 1970 was a Thursday. */
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

/** By a time, truncated to a bucket; a row without one has an empty name. Times are milliseconds or ISO texts. */
export const byTime =
  (path: string, bucket: Bucket): GroupName =>
  (row) => {
    const value = valueAt(row, path)
    if (value === undefined || value === null) return ''
    return bucketOf(typeof value === 'number' ? value : Date.parse(String(value)), bucket)
  }

/** By the three words that an assistant sees for the outcome of a host. */
export const byOutcome: GroupName = ({ outcome }) => (outcome === 'timed out' ? 'failed' : String(outcome))

/** Counts rows by name, each name as JSON of its parts. */
export function countBy(rows: readonly Fact[], names: readonly GroupName[]): Map<string, number> {
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

/** Ids of the scripts whose title contains all of these words. */
export async function scriptIdsTitled(control: Control, ...words: string[]): Promise<Set<unknown>> {
  const scripts = await control.dump('scripts')
  const named = scripts.filter(({ title }) => words.every((word) => wordsOf(title).includes(word)))
  return new Set(named.map(({ id }) => id))
}
