import type { Input } from '../../../operations/operation.ts'
import { InputError } from '../../../shared/errors.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { characterBoundary, largestFitting, sliceEnd } from './boundaries.ts'
import type { Lines } from './line-index.ts'

/** A place in a text: a line, from 1, and how many of its characters stand before the place. */
interface Place {
  readonly from: number
  readonly offset: number
}

/** Some whole lines of a text, or a part of one line that is longer than a reply. */
export interface LineSlice {
  readonly start: Place
  /** Where the next slice starts; absent at the end of the text. */
  readonly next: Place | undefined
  /** With their line breaks. */
  readonly lines: readonly string[]
}

/** The place that the arguments name. Throws if the text has none such. */
export function startOf({ from, offset }: Input, lines: Lines, field: string): Place {
  const [line, skipped] = [Number(from ?? 1), Number(offset ?? 0)]
  if (line > Math.max(1, lines.count))
    throw new InputError(
      `from ${formatNumber(line)} lies behind the end of the ${field}.`,
      `It has ${counted(lines.count, 'line')}: pass a smaller from, or none.`,
    )
  const text = lines.line(line)
  if (skipped > 0 && skipped >= text.length)
    throw new InputError(
      `offset ${formatNumber(skipped)} lies behind the end of line ${formatNumber(line)}.`,
      `It has ${counted(text.length, 'character')}: pass a smaller offset, or none.`,
    )
  return { from: line, offset: characterBoundary(text, skipped) }
}

/** The lines from a place on that have at most `max` characters together. */
function linesWithin(all: Lines, { from, offset }: Place, max: number): string[] {
  const lines: string[] = []
  for (let [number, length] = [from, 0]; number <= all.count; number++) {
    const line = all.line(number).slice(number === from ? offset : 0)
    length += line.length
    if (length > max) break
    lines.push(line)
  }
  return lines
}

/** The longest slice that fits. It ends between lines if at least one whole line fits. */
export function fittingSlice(
  all: Lines,
  start: Place,
  budget: number,
  fits: (slice: LineSlice) => boolean,
): LineSlice {
  // A character takes at least one of the budget.
  const lines = linesWithin(all, start, budget)
  const wholeLines = (count: number): LineSlice => ({
    start,
    lines: lines.slice(0, count),
    next: start.from - 1 + count < all.count ? { from: start.from + count, offset: 0 } : undefined,
  })
  const first = all.line(start.from)
  const partOfLine = (max: number): LineSlice => {
    const end = sliceEnd(first, start.offset, max)
    return {
      start,
      lines: [first.slice(start.offset, end)],
      next: end < first.length ? { from: start.from, offset: end } : wholeLines(1).next,
    }
  }
  // The last slice names no next one, so it may fit where a shorter one does not.
  const longest = wholeLines(lines.length)
  if (longest.next === undefined && fits(longest)) return longest
  const count = largestFitting(lines.length, (count) => fits(wholeLines(count)))
  if (count > 0) return wholeLines(count)
  const length = largestFitting(budget, (max) => fits(partOfLine(max)))
  return partOfLine(Math.max(1, length))
}

/** `lines 1-320 of 4,120`; `line 3 of 4,120, characters 1-20,000 of 90,000`. */
export function rangeOf({ start, lines, next }: LineSlice, all: Lines): string {
  const { from, offset } = start
  const { length } = all.line(from)
  if (lines.length > 1) {
    const range = `lines ${formatNumber(from)}-${formatNumber(from + lines.length - 1)} of ${formatNumber(all.count)}`
    return offset === 0 ? range : `${range}, from character ${formatNumber(offset + 1)}`
  }
  const line = `line ${formatNumber(from)} of ${formatNumber(all.count)}`
  const end = next?.from === from ? next.offset : length
  return offset === 0 && end === length
    ? line
    : `${line}, characters ${formatNumber(offset + 1)}-${formatNumber(end)} of ${formatNumber(length)}`
}

/** The arguments of the next slice, for a sentence. An offset that was passed before has to go. */
export function nextArgs({ start, next }: LineSlice): string | undefined {
  if (next === undefined) return undefined
  return next.offset > 0 || start.offset > 0
    ? `from ${next.from} and offset ${next.offset}`
    : `from ${next.from}`
}
