import { tokenSpans } from '../lines/line-tokens.ts'
import { outputLines } from '../lines/output-lines.ts'
import type { Titles } from './place-text.ts'

// What the columns of a table are called: the line above it says so. Columns are found where they stand in an output,
// since its compared lines hold no wide gaps.

/** The titles above the tokens of a line, by the compared line. */
export type ColumnTitles = ReadonlyMap<string, Titles>

const cellSeparators = ['\t', ';', '|', '│', ',']
/** Gaps or separators from which a line looks like the head of a table. */
const minGaps = 2

const countOf = (text: string, separator: string): number => text.split(separator).length - 1

/** The separator of a table of cells, if both lines have as many of it. */
const commonSeparator = (head: string, row: string): string | undefined =>
  cellSeparators.find((separator) => {
    const count = countOf(head, separator)
    return count >= minGaps && countOf(row, separator) === count
  })

function isHead(line: string): boolean {
  if (/\p{N}|:(?:\s|$)/u.test(line)) return false
  const gaps = line.trim().match(/ {2,}/g)?.length ?? 0
  return (
    gaps >= minGaps ||
    cellSeparators.some((separator) => !line.includes(`${separator} `) && countOf(line, separator) >= minGaps)
  )
}

/** The title above a place of a row: of its cell, or the words that stand over it. */
function titleOf(head: string, row: string, start: number, end: number): string | undefined {
  const separator = commonSeparator(head, row)
  const title =
    separator === undefined
      ? [...head.matchAll(/\S+/g)]
          .filter(({ 0: word, index }) => index < end && index + word.length > start)
          .map(([word]) => word)
          .join(' ')
      : head.split(separator)[countOf(row.slice(0, start), separator)]?.trim()
  return title || undefined
}

/** The titles of the tables in an output. */
export function columnTitles(output: string, host: string | undefined): ColumnTitles {
  const titles = new Map<string, Titles>()
  let head: string | undefined
  for (const line of output.split('\n')) {
    if (line.trim() === '') head = undefined
    else if (head === undefined) head = isHead(line) ? line : undefined
    else {
      const [text] = outputLines(line, host)
      const spans = tokenSpans(line.replaceAll('\t', ' '))
      if (text === undefined || titles.has(text)) continue
      const above: (string | undefined)[] = []
      for (let at = 0; at < spans.length; at += 2)
        above.push(titleOf(head, line, spans[at] ?? 0, spans[at + 1] ?? 0))
      titles.set(text, above)
    }
  }
  return titles
}
