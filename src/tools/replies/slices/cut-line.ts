import { characterBoundary, sliceEnd } from './boundaries.ts'

/** Two places in a text. */
export type Stretch = readonly [from: number, to: number]

/** A part of a line, with an ellipsis where more of it is, and where it begins in the text. */
export interface LinePart {
  readonly text: string
  readonly from: number
}

/**
 * A part of a line that is longer than `width` characters: around `shown`, a stretch of the text, which is whole. Undefined
 * for a line that fits.
 */
export function cutLine(text: string, line: Stretch, shown: Stretch, width: number): LinePart | undefined {
  const [start, end] = line
  if (end - start <= width) return undefined
  const [shownStart, shownEnd] = shown
  const before = Math.max(0, Math.floor((width - (shownEnd - shownStart)) / 2))
  const from = characterBoundary(text, Math.max(start, Math.min(shownStart - before, end - width)))
  const to = Math.min(end, sliceEnd(text, from, Math.max(width, shownEnd - from)))
  const [head, tail] = [from > start ? '…' : '', to < end ? '…' : '']
  return { text: `${head}${text.slice(from, to)}${tail}`, from }
}
