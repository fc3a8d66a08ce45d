import type { StoredText } from '../../../operations/stored-text.ts'
import { hiddenIn } from '../../../shared/safe-text.ts'
import { mask, type Redactor } from '../../../shared/secrets.ts'
import { LineIndex, type Lines } from './line-index.ts'
import { notShown } from './not-shown.ts'
import { type Stretch, secretPlaces } from './secret-places.ts'

/** A line in which something is masked. */
export interface MaskedLine {
  /** From 1. */
  readonly line: number
  /** How many values are masked. */
  readonly values: number
}

/** A stored text by line, without secrets: only what is secret differs from the stored text. */
export interface TextLines extends Lines {
  readonly masked: readonly MaskedLine[]
  /** What the text form does not show, one clause each. */
  readonly notShown: readonly string[]
}

/** The secrets in each line, without its line break: line breaks stay, so that lines keep their numbers. */
function secretsByLine(
  index: LineIndex,
  places: readonly Stretch[],
): ReadonlyMap<number, readonly Stretch[]> {
  const byLine = new Map<number, Stretch[]>()
  for (const { from, to } of places)
    for (let number = index.lineAt(from); number <= index.count && index.startOf(number) < to; number++) {
      const end = index.startOf(number + 1) - index.breakOf(number).length
      const part = { from: Math.max(from, index.startOf(number)), to: Math.min(to, end) }
      if (part.from >= part.to) continue
      const others = byLine.get(number)
      if (others) others.push(part)
      else byLine.set(number, [part])
    }
  return byLine
}

/** Reads a stored text by line. */
export function textLines(stored: StoredText, redactor: Redactor): TextLines {
  const { text } = stored
  const index = new LineIndex(text)
  const hidden = hiddenIn(text)
  const secrets = secretsByLine(index, secretPlaces(text, hidden, redactor))
  const maskedLine = (number: number, places: readonly Stretch[]): string => {
    let end = index.startOf(number)
    const parts = places.map(({ from, to }) => {
      const kept = text.slice(end, from)
      end = to
      return `${kept}${mask}`
    })
    return parts.join('') + text.slice(end, index.startOf(number + 1))
  }
  return {
    count: index.count,
    line: (number) => {
      const places = secrets.get(number)
      return places ? maskedLine(number, places) : index.line(number)
    },
    masked: [...secrets].map(([line, { length }]) => ({ line, values: length })),
    notShown: notShown(stored, index, hidden),
  }
}
