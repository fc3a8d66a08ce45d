import type { ComparedLines, LineStore } from '../../digest/lines/line-store.ts'
import { readableLine } from '../../digest/places/place-text.ts'
import { cutToChange } from './changed-texts.ts'
import type { ChangedLine, LineChange } from './line-changes.ts'

/** The lines of a change, as they are shown. */
export type ShownLines = Pick<LineChange, 'lines' | 'count' | 'isExample'>

/** True for the same lines in the same order. */
export const isSame = (a: ComparedLines, b: ComparedLines): boolean =>
  Buffer.from(a.ids.buffer).equals(Buffer.from(b.ids.buffer))

/** Lines of each output that are shown where two have nothing in common. */
const maxOtherLines = 20

/** The lines that one output has and the other has not. */
export function otherLines(a: ComparedLines, b: ComparedLines, store: LineStore): ShownLines {
  const only = (own: ComparedLines, other: ComparedLines): number[] => {
    const known = new Set(other.ids)
    return [...new Set(own.ids)].filter((line) => !known.has(line))
  }
  const changed = (run: 'a' | 'b', ids: readonly number[]): ChangedLine[] =>
    ids
      .slice(0, maxOtherLines)
      .map((line) => ({ run, line, form: 0, text: readableLine(store.textOf(line)) }))
  const [gone, come] = [only(a, b), only(b, a)]
  const lines = [...changed('a', gone), ...changed('b', come)]
  return { lines, count: gone.length + come.length, isExample: false }
}

/** The lines in the order of the outputs, those of one form together; one that became another one, cut around that. */
export function inOrder(
  lines: readonly ChangedLine[],
  a: ComparedLines,
  b: ComparedLines,
  isMove: boolean,
): ChangedLine[] {
  const placesOf = ({ ids }: ComparedLines): ReadonlyMap<number, number> =>
    new Map([...ids].map((line, at) => [line, at] as const).reverse())
  const places = { a: placesOf(a), b: placesOf(b) }
  const ofForm = new Map<number, number>()
  for (const { run, line, form } of lines)
    ofForm.set(form, Math.min(ofForm.get(form) ?? Number.POSITIVE_INFINITY, places[run].get(line) ?? 0))
  // Outputs of two kinds have little in common: the lines of run A come before those of run B.
  const runs = isMove ? { a: 0, b: 1 } : { a: 0, b: 0 }
  const sorted = [...lines].sort(
    (x, y) => runs[x.run] - runs[y.run] || (ofForm.get(x.form) ?? 0) - (ofForm.get(y.form) ?? 0),
  )
  const isAlone = sorted.length === 2
  return sorted.map((line) => {
    const others = sorted.filter(({ run, form }) => run !== line.run && (isAlone || form === line.form))
    const own = sorted.filter(({ run, form }) => run === line.run && form === line.form)
    const [other] = others
    return other && own.length === 1 && others.length === 1
      ? { ...line, text: cutToChange(line.text, other.text) }
      : line
  })
}
