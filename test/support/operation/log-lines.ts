import { type Log, openLog, type Threshold } from '../../../src/shared/log.ts'

/** A line of the log. */
type Line = Readonly<Record<string, unknown>>

/** A log, and the lines that were written to it, in which nothing is redacted. */
export function openLines(threshold: Threshold = 'debug'): {
  readonly log: Log
  readonly lines: () => readonly Line[]
  readonly text: () => string
} {
  const written: string[] = []
  const log = openLog(
    threshold,
    (text) => text,
    (line) => written.push(line),
  )
  return {
    log,
    lines: () => written.map((line) => JSON.parse(line) as Line),
    text: () => written.join(''),
  }
}
