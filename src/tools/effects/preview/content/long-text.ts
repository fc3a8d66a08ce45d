import { linesOf } from './lines.ts'
import { numberedRows } from './rows.ts'

/** What takes many lines: a script, or the questions of a template. Its secrets are masked already. */
export interface LongText {
  /** The lines of a short view. */
  readonly excerpt: readonly string[]
  /** The lines of the whole view. */
  readonly lines: readonly string[]
  /** A script: the whole view shows each of its lines, with its number, below the others. */
  readonly script?: string | undefined
}

/** All lines of a long text, one by one: a script of half a megabyte is drawn only as far as it is read. */
export function* longTextLines({ lines, script }: LongText): Generator<string, void, void> {
  yield* lines
  if (script !== undefined) yield* numberedRows(linesOf(script))
}
