import { characterBoundary } from './boundaries.ts'
import type { LineIndex } from './line-index.ts'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** More than any character of a script is long: a letter with its marks. */
const maxCharacter = 64

const isFlagHalf = (text: string, at: number): boolean =>
  at >= 0 && /^[\u{1f1e6}-\u{1f1ff}]/u.test(text.slice(at, at + 2))

/** Two such letters make one flag, so that only the start of the run tells which ones belong together. */
function isWithinFlag(text: string, at: number): boolean {
  if (!isFlagHalf(text, at)) return false
  let start = at
  while (isFlagHalf(text, start - 2)) start -= 2
  return ((at - start) / 2) % 2 === 1
}

/** True between two characters as people see them, outside masks and of what may look like a credential. */
function mayBegin(text: string, at: number): boolean {
  if (characterBoundary(text, at) !== at) return false
  if (isFlagHalf(text, at)) return !isWithinFlag(text, at)
  const start = characterBoundary(text, Math.max(0, at - maxCharacter))
  const around = graphemes.segment(text.slice(start, at + maxCharacter))
  return around.containing(at - start)?.index === at - start
}

/** The place between characters nearest behind a place, else before it; undefined if there is none near. */
function nearestStart(text: string, place: number, end: number): number | undefined {
  const [lowest, highest] = [Math.max(0, place - maxCharacter), Math.min(end - 1, place + maxCharacter)]
  for (let at = place; at <= highest; at++) if (mayBegin(text, at)) return at
  for (let at = place - 1; at >= lowest; at--) if (mayBegin(text, at)) return at
  return undefined
}

/**
 * Where the last part of a text begins that ends at `end` and has at most `max` characters: where a line begins, if
 * that leaves at least half of them, else between two characters as people see them. A last character that is longer
 * is whole.
 */
export function endStart(index: LineIndex, end: number, max: number): number {
  const { text } = index
  const first = Math.max(0, end - max)
  if (first === 0) return 0
  // Marks may follow each other without end.
  const start = nearestStart(text, first, end) ?? characterBoundary(text, first)
  const line = index.lineAt(start)
  const nextLine = index.startOf(line) === start ? start : index.startOf(line + 1)
  return nextLine < end && (end - nextLine) * 2 >= end - start ? nextLine : start
}
