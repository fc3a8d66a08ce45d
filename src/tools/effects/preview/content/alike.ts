import { counted, formatNumber } from '../../../../shared/format.ts'
import { isCovered } from '../../../../shared/secrets.ts'
import type { DifferenceRow, ScriptPart, ScriptParts, Sign } from '../preview.ts'
import type { Hunk } from './hunks.ts'
import { type Line, masked } from './lines.ts'
import { partsOfLine, piecesOfLine } from './rows.ts'
import type { Segment } from './segments.ts'

// Lines that were replaced by lines that look the same: what differs lies under a mask, or within a long line.

/** Characters that are shown around what differs within a long line. */
const maxAround = 40

/** A line and the one that looks like it. */
interface Twins {
  readonly stored: Line
  readonly added: Line
}

const alikeMark = (count: number): ScriptPart[] =>
  count > 0 ? [{ mark: `(${counted(count, 'character')} alike)` }] : []

/** A part of a line, with the number of characters before and behind it. */
function partsWithin(line: Line, from: number, to: number): ScriptPart[] {
  const isWithin = (at: number): boolean => /[\uDC00-\uDFFF]/.test(line.text.charAt(at))
  const start = isWithin(from) ? from + 1 : from
  const end = isWithin(to) ? to + 1 : to
  return [
    ...alikeMark(start),
    ...partsOfLine({ ...line, covered: line.covered.slice(start, end), end: '' }),
    ...alikeMark(line.text.length - end),
  ]
}

/** The rows for two lines that look the same. */
function rowsOfTwins({ stored, added }: Twins): DifferenceRow[] {
  const number = formatNumber(added.number)
  if (masked(stored.covered) === masked(added.covered))
    return [
      [...stored.covered].some(isCovered)
        ? `line ${number} differs under a mask`
        : `line ${number} differs in characters that are shown alike`,
    ]
  // Letter by letter, the number of those alike would tell how far a guess of a secret is right.
  const [old, now] = [stored.covered, added.covered]
  const shorter = Math.min(old.length, now.length)
  let head = 0
  while (head < shorter && old[head] === now[head]) head++
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  const from = Math.max(0, head - maxAround)
  const rowOf = (sign: Sign, line: Line): ScriptParts => ({
    sign,
    number: line.number,
    parts: partsWithin(line, from, Math.min(line.text.length, line.text.length - tail + maxAround)),
  })
  return [rowOf('-', stored), rowOf('+', added)]
}

const displayOf = ({ lines, mark }: Segment): string | undefined =>
  mark === undefined && lines[0] ? piecesOfLine(lines[0]).join('\n') : undefined

/** The rows for the twins of a hunk, and the hunk without them. */
export function splitTwins(hunk: Hunk): {
  readonly twins: readonly (readonly DifferenceRow[])[]
  readonly rest: Hunk
} {
  if (hunk.removed.length === 0 || hunk.added.length === 0) return { twins: [], rest: hunk }
  const byDisplay = new Map<string, Segment[]>()
  for (const segment of hunk.removed) {
    const display = displayOf(segment)
    if (display === undefined) continue
    const same = byDisplay.get(display)
    if (same) same.push(segment)
    else byDisplay.set(display, [segment])
  }
  const gone = new Set<Segment>()
  const twins = hunk.added.flatMap((segment) => {
    const old = byDisplay.get(displayOf(segment) ?? '')?.shift()
    const [stored, added] = [old?.lines[0], segment.lines[0]]
    if (!old || !stored || !added) return []
    gone.add(old).add(segment)
    return [rowsOfTwins({ stored, added })]
  })
  const without = (segments: readonly Segment[]): Segment[] => segments.filter((one) => !gone.has(one))
  return { twins, rest: { ...hunk, removed: without(hunk.removed), added: without(hunk.added) } }
}
