import type { Edit } from './edit.ts'
import type { LineEnd, PlacedLineEnd } from './line-end-kinds.ts'
import type { Stretch } from './search.ts'

/** A text that is written instead of a stretch of the script. */
export interface Piece extends Stretch {
  readonly text: string
}

const isLineEnd = (unit: string | undefined): boolean => unit !== undefined && /^[\r\n]/.test(unit)

/** The characters of a text, CR LF as one: none of them is cut. */
const unitsOf = (text: string): string[] => text.match(/\r\n|[\s\S]/gu) ?? []

/** How many units two lists begin with alike; a line end is like any other. */
function commonStart(one: readonly string[], other: readonly string[]): number {
  const end = Math.min(one.length, other.length)
  let at = 0
  while (at < end && (one[at] === other[at] || (isLineEnd(one[at]) && isLineEnd(other[at])))) at++
  return at
}

const lengthOf = (units: readonly string[]): number => units.join('').length

/** What an edit changes of the stretch that it found: what both texts begin or end with stays as it is stored. */
export function changedPart(script: string, { from, to }: Stretch, { replace }: Edit): Piece {
  const [old, next] = [unitsOf(script.slice(from, to)), unitsOf(replace)]
  const start = commonStart(old, next)
  const end = commonStart(old.slice(start).reverse(), next.slice(start).reverse())
  return {
    from: from + lengthOf(old.slice(0, start)),
    to: to - lengthOf(old.slice(old.length - end)),
    text: next.slice(start, next.length - end).join(''),
  }
}

const isWithin =
  ({ from, to }: Stretch) =>
  (lineEnd: PlacedLineEnd): boolean =>
    lineEnd.from >= from && lineEnd.to <= to

function mostUsed(lineEnds: readonly PlacedLineEnd[]): LineEnd | undefined {
  const counts = new Map<LineEnd, number>()
  for (const { kind } of lineEnds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/**
 * The kind of line end that belongs to a place: the first one that is replaced, else of what was found, else the one
 * that ends the line, else the one that the script uses most.
 */
export function lineEndAt(
  lineEnds: readonly PlacedLineEnd[],
  piece: Stretch,
  found: Stretch,
): LineEnd | undefined {
  const near =
    lineEnds.find(isWithin(piece)) ??
    lineEnds.find(isWithin(found)) ??
    lineEnds.find(({ from }) => from >= found.to)
  return near?.kind ?? mostUsed(lineEnds)
}

/** The text with line ends of this kind. A CR alone stays, unless the script has no other line ends. */
export function withLineEnds(text: string, kind: LineEnd | undefined): string {
  if (kind === undefined) return text
  return text.replace(kind === '\r' ? /\r\n|\r|\n/g : /\r\n|\n/g, kind)
}

/** The script with all pieces in their places. */
export function applyPieces(script: string, pieces: readonly Piece[]): string {
  let end = 0
  const parts = pieces.flatMap(({ from, to, text }) => {
    const kept = script.slice(end, from)
    end = to
    return [kept, text]
  })
  return [...parts, script.slice(end)].join('')
}

/** All line ends of a script, for edits that change line ends alone. */
export function lineEndPieces(
  lineEnds: readonly PlacedLineEnd[],
  changes: ReadonlyMap<LineEnd, LineEnd>,
): Piece[] {
  return lineEnds.flatMap(({ from, to, kind }) => {
    const text = changes.get(kind)
    return text === undefined ? [] : { from, to, text }
  })
}
