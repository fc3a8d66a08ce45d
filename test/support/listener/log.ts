import { type Log, openLog } from '../../../src/shared/log.ts'

/** A line of a log. */
export interface Line {
  readonly level: string
  readonly msg: string
  readonly [fact: string]: unknown
}

/** A log whose lines a test can read. */
export function recordedLog(): { readonly log: Log; readonly lines: readonly Line[] } {
  const lines: Line[] = []
  const log = openLog(
    'debug',
    (text) => text,
    (line) => void lines.push(JSON.parse(line)),
  )
  return { log, lines }
}
