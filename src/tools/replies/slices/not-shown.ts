import type { StoredText } from '../../../operations/stored-text.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { type Hidden, lookalikeBlanksIn } from '../../../shared/safe-text.ts'
import type { LineBreak, LineIndex } from './line-index.ts'

const maxNamedLines = 10

/** `line 4`, `lines 4, 9`, `lines 1, 2, … and 90 more`. */
export function linesText(numbers: readonly number[]): string {
  const named = numbers.slice(0, maxNamedLines).map(formatNumber).join(', ')
  const more = numbers.length - maxNamedLines
  return `${numbers.length === 1 ? 'line' : 'lines'} ${named}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`
}

/** `CR LF line ends`, or on how many lines if others have another one. */
function lineEndClauses(index: LineIndex): string[] {
  const counts: Record<LineBreak, number> = { '\n': 0, '\r\n': 0, '\r': 0, '': 0 }
  for (let number = 1; number <= index.count; number++) counts[index.breakOf(number)]++
  const all = index.count - counts['']
  return (
    [
      ['CR LF', '\r\n'],
      ['CR', '\r'],
    ] as const
  ).flatMap(([name, lineBreak]) => {
    const count = counts[lineBreak]
    if (count === 0) return []
    return count === all
      ? `${name} line ends`
      : `${name} on ${formatNumber(count)} of ${counted(index.count, 'line')}`
  })
}

function placesClause(places: readonly number[], noun: string, index: LineIndex): string | undefined {
  if (places.length === 0) return undefined
  return `${counted(places.length, noun)} (${linesText(index.linesAt(places))})`
}

const placesOf = (hidden: readonly Hidden[], isSequence: boolean): number[] =>
  hidden.filter((part) => part.isSequence === isSequence).map(({ from }) => from)

function encodingClause({ isExact, encoding, text }: StoredText, index: LineIndex): string | undefined {
  if (isExact) return undefined
  if (encoding.startsWith('utf-16')) return `the encoding ${encoding}`
  /** `pattern`: up to the end of the line. */
  const linesWith = (pattern: RegExp): string =>
    linesText(index.linesAt(Array.from(text.matchAll(pattern), (found) => found.index)))
  return encoding === 'utf-8'
    ? `Shift-JIS or another encoding: bytes that cannot be read (${linesWith(/\ufffd[^\r\n]*/g)})`
    : `Shift-JIS or another encoding: bytes that are not UTF-8, read as ${encoding} (${linesWith(/[^\0-\x7f][^\r\n]*/g)})`
}

/** What a stored text has and its shown form has not, one clause each. */
export function notShown(stored: StoredText, index: LineIndex, hidden: readonly Hidden[]): string[] {
  const hasMark = stored.text.startsWith('\ufeff')
  const others = hasMark ? hidden.slice(1) : hidden
  return texts(
    lineEndClauses(index),
    hasMark && 'byte order mark',
    placesClause(placesOf(others, false), 'invisible character', index),
    placesClause(placesOf(others, true), 'terminal sequence', index),
    placesClause(lookalikeBlanksIn(stored.text), 'blank that is no space', index),
    encodingClause(stored, index),
    index.count > 0 && index.breakOf(index.count) === '' && 'no line break at the end',
  )
}
