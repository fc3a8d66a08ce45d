import { counted, texts } from '../../../../shared/format.ts'
import { rowsOf } from './rows.ts'
import { lineCount, type Segment } from './segments.ts'

/** How many lines of a preview a script takes, about. */
export const maxRows = 40

/** Groups of rows of which as many are shown as fit; at least one from each end. */
interface Ends<T> {
  readonly first: readonly T[]
  readonly left: readonly T[]
  readonly last: readonly T[]
}

/** The items whose rows fit at the two ends of `max` rows: three quarters of them at the first. */
export function endsOf<T>(items: readonly T[], rows: (item: T) => readonly string[], max: number): Ends<T> {
  const fitting = (list: Iterable<T>, room: number): number => {
    let count = 0
    let used = 0
    for (const item of list) {
      used += rows(item).length
      if (used > room) break
      count++
    }
    return count
  }
  if (fitting(items, max) === items.length) return { first: items, left: [], last: [] }
  const atEnd = Math.floor(max / 4)
  const first = Math.max(1, fitting(items, max - atEnd))
  const behind = items.slice(first)
  const last = Math.max(1, fitting(backwards(behind), atEnd))
  return {
    first: items.slice(0, first),
    left: behind.slice(0, Math.max(0, behind.length - last)),
    last: behind.slice(-last),
  }
}

function* backwards<T>(items: readonly T[]): Generator<T, void, void> {
  for (let at = items.length - 1; at >= 0; at--) yield items[at] as T
}

/** The first and the last lines of a script, in at most about `max` lines. */
export function excerpt(segments: readonly Segment[], max: number): string[] {
  const { first, left, last } = endsOf(segments, (segment) => rowsOf(segment), max)
  return texts(
    first.flatMap((segment) => rowsOf(segment)),
    left.length > 0 && `  (${counted(lineCount(left), 'more line')})`,
    last.flatMap((segment) => rowsOf(segment)),
  )
}
