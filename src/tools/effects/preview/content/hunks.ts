import { runSteps, type Steps } from '../../../../shared/turns/steps.ts'
import { Turns } from '../../../../shared/turns/turns.ts'
import type { Segment } from './segments.ts'

// Which lines of a stored script were replaced by which.

const maxContext = 2
/** Texts that differ in more lines are not compared: the work grows with the square of their number. */
const maxEdits = 1_000
/** The work of one comparison, in lines that are looked at. */
const maxWork = 20_000_000

/** Segments that are looked at before other work may run. */
const segmentsPerStep = 1_000

/** Some lines that were replaced by others, and the lines around them. */
export interface Hunk {
  /** Number of lines alike between the hunk before and this one. */
  readonly alike: number
  readonly before: readonly Segment[]
  readonly removed: readonly Segment[]
  readonly added: readonly Segment[]
  readonly after: readonly Segment[]
}

/** All hunks, and the number of lines alike behind the last one. */
interface Hunks {
  readonly hunks: readonly Hunk[]
  readonly alike: number
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
  const turns = new Turns()
  const stored = storedSegments.map(keyOf)
  if (turns.isOver) await turns.next()
  const added = addedSegments.map(keyOf)
  if (turns.isOver) await turns.next()
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
    if (turns.isOver) await turns.next()
    const changes = diffArrays(left, right, { maxEditLength })
    if (!changes) return undefined
    if (turns.isOver) await turns.next()
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

function* findHunks(
  stored: readonly Segment[],
  added: readonly Segment[],
  pairs: readonly Pair[],
): Steps<Hunks> {
  const end: Pair = [stored.length, added.length]
  /** The new segments of the pairs from one place to another. */
  const segments = (from: number, to: number): Segment[] =>
    pairs.slice(from, to).flatMap(([, at]) => added[at] ?? [])
  /** The number of lines of the pairs from one place to another. */
  function* linesBetween(from: number, to: number): Steps<number> {
    let count = 0
    for (let index = from; index < to; index++) {
      if (index % segmentsPerStep === 0) yield
      count += added[pairs[index]?.[1] ?? -1]?.lines.length ?? 0
    }
    return count
  }
  const isTogether = (index: number): boolean => {
    const [[before, above], [behind, below]] = [pairs[index - 1] ?? [-1, -1], pairs[index] ?? end]
    return behind === before + 1 && below === above + 1
  }
  const hunks: Hunk[] = []
  let shown = 0
  for (let index = 0; index <= pairs.length; index++) {
    if (index % segmentsPerStep === 0) yield
    if (isTogether(index)) continue
    const [[before, above], [behind, below]] = [pairs[index - 1] ?? [-1, -1], pairs[index] ?? end]
    const first = Math.max(shown, index - maxContext)
    let last = Math.min(index + 1, pairs.length)
    while (last < Math.min(index + maxContext, pairs.length) && isTogether(last)) last++
    hunks.push({
      alike: yield* linesBetween(shown, first),
      before: segments(first, index),
      removed: stored.slice(before + 1, behind),
      added: added.slice(above + 1, below),
      after: segments(index, last),
    })
    shown = last
  }
  return { hunks, alike: yield* linesBetween(shown, pairs.length) }
}

/** The hunks between the pairs, and the number of lines alike behind the last one. */
export const hunksOf = (
  stored: readonly Segment[],
  added: readonly Segment[],
  pairs: readonly Pair[],
): Promise<Hunks> => runSteps(findHunks(stored, added, pairs))
