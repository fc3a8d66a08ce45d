import type { StoredText } from '../../../operations/stored-text.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { countHidden } from '../../../shared/safe-text.ts'

const lineBreaks = ['\r\n', '\n', '\r'] as const

/** The line break at the end of a line. */
export const lineBreakOf = (line: string): string => lineBreaks.find((text) => line.endsWith(text)) ?? ''

const maxNamedLines = 10

/** `line 4`, `lines 4, 9`, `lines 1, 2, … and 90 more`. */
export function linesText(numbers: readonly number[]): string {
  const named = numbers.slice(0, maxNamedLines).map(formatNumber).join(', ')
  const more = numbers.length - maxNamedLines
  return `${numbers.length === 1 ? 'line' : 'lines'} ${named}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`
}

/** `CR LF line ends`, or on how many lines if others have another one. */
function lineEndClauses(lines: readonly string[]): string[] {
  const breaks = lines.map(lineBreakOf).filter((text) => text !== '')
  return [
    { name: 'CR LF', text: '\r\n' },
    { name: 'CR', text: '\r' },
  ].flatMap(({ name, text }) => {
    const count = breaks.filter((found) => found === text).length
    if (count === 0) return []
    return count === breaks.length
      ? `${name} line ends`
      : `${name} on ${formatNumber(count)} of ${counted(lines.length, 'line')}`
  })
}

function hiddenClauses(lines: readonly string[]): string[] {
  const hidden = lines.map(countHidden)
  const clause = (kind: 'characters' | 'sequences', noun: string): string | undefined => {
    const numbers = hidden.flatMap((counts, index) => (counts[kind] > 0 ? index + 1 : []))
    const count = hidden.reduce((sum, counts) => sum + counts[kind], 0)
    return count === 0 ? undefined : `${counted(count, noun)} (${linesText(numbers)})`
  }
  return texts(clause('characters', 'invisible character'), clause('sequences', 'terminal sequence'))
}

function encodingClause({ isExact, encoding }: StoredText, lines: readonly string[]): string | undefined {
  if (isExact) return undefined
  if (encoding.startsWith('utf-16')) return `the encoding ${encoding}`
  const linesWith = (pattern: RegExp): string =>
    linesText(lines.flatMap((line, index) => (pattern.test(line) ? index + 1 : [])))
  return encoding === 'utf-8'
    ? `Shift-JIS or another encoding: bytes that cannot be read (${linesWith(/\ufffd/)})`
    : `Shift-JIS or another encoding: bytes that are not UTF-8, read as ${encoding} (${linesWith(/[^\0-\x7f]/)})`
}

/** What a stored text has and its shown form has not, one clause each. `lines`: with their line breaks. */
export function notShown(stored: StoredText, lines: readonly string[]): string[] {
  const [first = '', ...others] = lines
  const unmarked = first.replace(/^\ufeff/, '')
  return texts(
    lineEndClauses(lines),
    unmarked !== first && 'byte order mark',
    hiddenClauses([unmarked, ...others]),
    encodingClause(stored, lines),
    lines.length > 0 && lineBreakOf(lines.at(-1) ?? '') === '' && 'no line break at the end',
  )
}
