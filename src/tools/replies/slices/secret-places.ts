import type { Hidden } from '../../../shared/safe-text.ts'
import type { Redactor } from '../../../shared/secrets.ts'

/** A part of a text. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** The covered parts of a text. */
const coveredIn = (covered: string): Stretch[] =>
  Array.from(covered.matchAll(/\uffff+/g), ({ index, 0: { length } }) => ({
    from: index,
    to: index + length,
  }))

/** The secrets that are split by what is not shown: without it, they are found. */
function splitSecrets(text: string, hidden: readonly Hidden[], { cover }: Redactor): Stretch[] {
  if (hidden.length === 0) return []
  const parts: string[] = []
  /** Where each part begins: in the text, and without what is hidden. */
  const begins: { readonly at: number; readonly shownAt: number }[] = []
  let [end, length] = [0, 0]
  for (const { from, to } of [...hidden, { from: text.length, to: text.length }]) {
    if (from > end) {
      begins.push({ at: end, shownAt: length })
      parts.push(text.slice(end, from))
      length += from - end
    }
    end = to
  }
  const shown = parts.join('')
  let part = 0
  const placeOf = (shownAt: number): number => {
    while ((begins[part + 1]?.shownAt ?? shown.length) <= shownAt) part++
    const { at, shownAt: start } = begins[part] ?? { at: 0, shownAt: 0 }
    return at + shownAt - start
  }
  return coveredIn(cover(shown)).map(({ from, to }) => ({
    from: placeOf(from),
    to: placeOf(to - 1) + 1,
  }))
}

/** Where the secrets of a text are, in order. `hidden`: what is not shown of it. */
export function secretPlaces(text: string, hidden: readonly Hidden[], redactor: Redactor): Stretch[] {
  const found = [...coveredIn(redactor.cover(text)), ...splitSecrets(text, hidden, redactor)]
  found.sort((a, b) => a.from - b.from)
  const places: Stretch[] = []
  for (const { from, to } of found) {
    const last = places.at(-1)
    if (last && from <= last.to) places[places.length - 1] = { from: last.from, to: Math.max(last.to, to) }
    else places.push({ from, to })
  }
  return places
}
