import { formatNumber, texts } from '../../../shared/format.ts'
import type { HostResult } from '../../digest/host-result.ts'
import { fenced, fenceNote } from '../../replies/cells.ts'
import { fitToBudget, type Reply } from '../../replies/reply.ts'
import { LineIndex } from '../../replies/slices/line-index.ts'
import { endStart } from '../../replies/slices/text-end.ts'

/** How many lines of the end to show, and how many characters at most. */
export interface EndRequest {
  readonly fromEnd: number
  readonly maxChars: number
  readonly budget: number
  /** What is to be said of the row. */
  readonly rowNote?: string | undefined
}

/** `lines 3,996-4,000 of 4,000`, `line 1 of 1`. */
function linesText(first: number, count: number): string {
  const all = formatNumber(count)
  return first === count ? `line ${all} of ${all}` : `lines ${formatNumber(first)}-${all} of ${all}`
}

/** What is said of lines in which nothing can be seen. */
function blankNote(index: LineIndex, part: string): string | undefined {
  if (part.trim() !== '') return undefined
  const last = index.lineAt(index.text.trimEnd().length - 1)
  return `Nothing but blanks: the last line with text is line ${formatNumber(last)}.`
}

/** The last lines of a host's output, or as much of their end as fits. */
export function endReply(result: HostResult, title: string, request: EndRequest): Reply {
  const { output = '', assetJobId, host, outcome, code, text } = result
  const { fromEnd, maxChars, budget, rowNote } = request
  const index = new LineIndex(output)
  const wanted = index.startOf(index.firstOfLast(fromEnd))
  const end = output.length
  const most = Math.min(end - wanted, maxChars, budget)
  return fitToBudget({ rows: 1, maxTextLength: most, maxColumns: 1 }, budget, ({ maxTextLength }) => {
    const max = Math.min(most, maxTextLength)
    const start = max === end - wanted ? wanted : endStart(index, end, max)
    const part = output.slice(start)
    const firstLine = index.lineAt(start)
    const isInLine = index.startOf(firstLine) < start
    const offset = endStart(index, start, part.length)
    const before = start > wanted ? { offset, maxChars: start - offset } : undefined
    const note = texts(
      blankNote(index, part),
      before && `Before these: offset ${before.offset} and maxChars ${before.maxChars} in place of fromEnd.`,
      start > 2 * part.length && before && 'find shows only the lines that hold a text.',
      rowNote,
    ).join(' ')
    const range = `${linesText(firstLine, index.count)}${isInLine ? ', the first one in part' : ''}`
    return {
      summary: `${title}; ${range}, characters ${formatNumber(start + 1)}-${formatNumber(end)} of ${formatNumber(end)}`,
      body: texts(fenceNote, fenced('output', part), note !== '' && `Note: ${note}`).join('\n'),
      rows: [
        {
          ...{ assetJobId, host, outcome, code, text, output: part, offset: start, characters: end },
          ...{ lines: index.count, firstLine, ...(before && { before }) },
        },
      ],
      ...(note !== '' && { note }),
    }
  })
}
