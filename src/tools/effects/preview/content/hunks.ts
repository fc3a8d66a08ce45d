import { lineCount, type Segment } from './segments.ts'

// Which lines of a stored script were replaced by which.

const maxContext = 2
/** Texts that differ in more lines are not compared: the work grows with the square of their number. */
const maxEdits = 1_000
/** The work of one comparison, in lines that are looked at. */
const maxWork = 20_000_000

/** Some lines that were replaced by others, and the lines around them. */
export interface Hunk {
  /** Number of lines alike between the hunk before and this one. */
  readonly alike: number
  readonly before: readonly Segment[]
  readonly removed: readonly Segment[]
  readonly added: readonly Segment[]
  readonly after: readonly Segment[]
}

/** The places of a stored segment and of the new one that is alike. */
export type Pair = readonly [stored: number, added: number]

/** The text of a segment without the ends of its lines, and without a byte order mark: these are told apart from lines. */
const keyOf = ({ lines: [first, ...others] }: Segment): string => {
  const text = first?.number === 1 ? first.text.replace(/^\uFEFF+/, '') : (first?.text ?? '')
  return others.length === 0 ? text : [text, ...others.map((line) => line.text)].join('\n')
}

/** What is alike, in order; undefined if the texts differ too much to be compared. */
export async function pairsOf(
  storedSegments: readonly Segment[],
  addedSegments: readonly Segment[],
): Promise<readonly Pair[] | undefined> {
  const [stored, added] = [storedSegments.map(keyOf), addedSegments.map(keyOf)]
  const shorter = Math.min(stored.length, added.length)
  let head = 0
  while (head < shorter && stored[head] === added[head]) head++
  let tail = 0
  while (tail < shorter - head && stored.at(-1 - tail) === added.at(-1 - tail)) tail++
  const pairs: Pair[] = Array.from({ length: head }, (_, at) => [at, at])
  const [left, right] = [stored.slice(head, stored.length - tail), added.slice(head, added.length - tail)]
  if (left.length > 0 && right.length > 0) {
    const { diffArrays } = await import('diff/lib/diff/array.js')
    const maxEditLength = Math.min(maxEdits, Math.floor(maxWork / (left.length + right.length)))
    const changes = diffArrays(left, right, { maxEditLength })
    if (!changes) return undefined
    let [from, to] = [head, head]
    for (const { count, added: isAdded, removed: isRemoved } of changes) {
      if (!isAdded && !isRemoved) for (let at = 0; at < count; at++) pairs.push([from + at, to + at])
      if (!isAdded) from += count
      if (!isRemoved) to += count
    }
  }
  for (let at = tail; at > 0; at--) pairs.push([stored.length - at, added.length - at])
  return pairs
}

/** The hunks between the pairs, and the number of lines alike behind the last one. */
export function hunksOf(
  stored: readonly Segment[],
  added: readonly Segment[],
  pairs: readonly Pair[],
): { readonly hunks: readonly Hunk[]; readonly alike: number } {
  const end: Pair = [stored.length, added.length]
  /** The new segments of the pairs from one place to another. */
  const segments = (from: number, to: number): Segment[] =>
    pairs.slice(from, to).flatMap(([, at]) => added[at] ?? [])
  const isTogether = (index: number): boolean => {
    const [[before, above], [behind, below]] = [pairs[index - 1] ?? [-1, -1], pairs[index] ?? end]
    return behind === before + 1 && below === above + 1
  }
  const hunks: Hunk[] = []
  let shown = 0
  for (let index = 0; index <= pairs.length; index++) {
    if (isTogether(index)) continue
    const [[before, above], [behind, below]] = [pairs[index - 1] ?? [-1, -1], pairs[index] ?? end]
    const first = Math.max(shown, index - maxContext)
    let last = Math.min(index + 1, pairs.length)
    while (last < Math.min(index + maxContext, pairs.length) && isTogether(last)) last++
    hunks.push({
      alike: lineCount(segments(shown, first)),
      before: segments(first, index),
      removed: stored.slice(before + 1, behind),
      added: added.slice(above + 1, below),
      after: segments(index, last),
    })
    shown = last
  }
  return { hunks, alike: lineCount(segments(shown, pairs.length)) }
}
