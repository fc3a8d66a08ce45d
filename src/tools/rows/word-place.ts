import type { Stretch } from '../replies/slices/cut-line.ts'
import { folded } from './searched-text.ts'

/** What is compared at a time: a line may have megabytes. */
const pieceLength = 4_096

/** A letter may be written with its marks, as parts of it that are compared as one. */
const maxPartsOfLetter = 4

/** A run of marks may have megabytes. */
const maxMarks = 64

/** The next place from which on no mark belongs to the letter before. */
function behindMarks(text: string, place: number): number {
  let at = /[\udc00-\udfff]/.test(text[place] ?? '') ? place + 1 : place
  while (at < place + maxMarks && /\p{M}/u.test(text[at] ?? '')) at++
  return at
}

/** The lowest number from `low` up to `high` for which a test holds that holds for all behind it. */
function lowest(low: number, high: number, test: (number: number) => boolean): number {
  let [first, last] = [low, high]
  while (first < last) {
    const middle = (first + last) >> 1
    if (test(middle)) last = middle
    else first = middle + 1
  }
  return first
}

/** The first place of a word within a piece that holds it. */
function placeWithin(piece: string, word: string): Stretch {
  const holds = (from: number, to: number): boolean => folded(piece.slice(from, to)).includes(word)
  const to = behindMarks(
    piece,
    lowest(0, piece.length, (to) => holds(0, behindMarks(piece, to))),
  )
  const from = lowest(0, to, (from) => !holds(from, to)) - 1
  return [Math.max(0, from), to]
}

/** Where a line holds a word of `match`, which is compared in another form; undefined if it does not. */
export function wordPlace(line: string, word: string): Stretch | undefined {
  const overlap = word.length * maxPartsOfLetter + 64
  for (let from = 0; from < line.length; from += pieceLength) {
    const start = behindMarks(line, from)
    const piece = line.slice(start, behindMarks(line, from + pieceLength + overlap))
    if (!folded(piece).includes(word)) continue
    const [first, last] = placeWithin(piece, word)
    return [start + first, start + last]
  }
  return undefined
}
