import { beforeOf, type Form, headingBreak, isPlace, tokenOf } from '../forms/form.ts'
import { ownName, readableOwnName } from '../lines/line-tokens.ts'
import { fieldsOf, recordMark } from '../lines/records.ts'

/** A compared line as a person reads it. */
export function readableLine(line: string): string {
  const text = line.startsWith(recordMark)
    ? fieldsOf(line)
        .map(([path, value]) => `${path}: ${value}`)
        .join(', ')
    : line
  return text.replaceAll(ownName, readableOwnName)
}

/** The lines of a heading as a person reads them. */
const readableHeading = (heading: string): string => heading.split(headingBreak).map(readableLine).join(' / ')

/** A line of a form as a person reads it, below its heading. */
export const headedText = ({ heading }: Form, line: string): string =>
  heading ? `${readableHeading(heading)} / ${readableLine(line)}` : readableLine(line)

const maxWords = 4
const punctuation = /^[\s:=([{"',;|.-]+|[\s:=([{"',;|.-]+$/g

/** The words of a form from one part up to another, as they stand on its lines. */
function wordsOf({ parts }: Form, from: number, to: number): string {
  return parts
    .slice(from, to)
    .map((part, at) => (at > 0 ? beforeOf(part) : '') + (tokenOf(part) ?? ''))
    .join('')
    .replace(punctuation, '')
}

/** What a reader calls a place, and what stands between that and a value. */
export interface PlaceName {
  readonly name: string
  /** For a place that has its name in common with another one. */
  readonly fullName: string
  readonly separator: string
}

/** Between a place and a value that do not stand together. */
export const clause = ': '

/** A comma or a bracket ends what the words before say. */
export const clauseEnd = /[,;(|]\s*/

/** The words behind the last comma or bracket. */
const lastClause = (words: string): string => words.split(clauseEnd).at(-1) || words

/** The words before the places that stand directly before another one: `Mem …` for the second number behind it. */
function wordsFurtherBefore(form: Form, from: number): string {
  const isFixed = (at: number): boolean => at >= 0 && !isPlace(form.parts[at] ?? '')
  let last = from
  while (last > 0 && !isFixed(last - 1)) last--
  let first = last
  while (last - first < maxWords && isFixed(first - 1)) first--
  return first < last ? `${wordsOf(form, first, last)} …` : ''
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')

/** What stands above each token of a row of a table. */
export type Titles = readonly (string | undefined)[]

/** What a row of a table is about: its first column, or its last word if the first column differs. */
function rowName({ parts }: Form, titles: Titles): string {
  const words = parts.slice(0, -1).map(tokenOf)
  const end = words.findIndex((word, at) => word === undefined || titles[at] !== titles[0])
  const first = words.slice(0, end).join(' ')
  if (first === '') return words.findLast((word) => word !== undefined) ?? ''
  return /\p{L}/u.test(first) ? first : joined(first, words[end] ?? '')
}

/** The last words of a row. */
function lastWords(form: Form): string {
  const end = form.parts.length - 1
  let from = end
  while (from > 0 && end - from < maxWords && !isPlace(form.parts[from - 1] ?? '')) from--
  return wordsOf(form, from, end)
}

/** The words before a place, else those behind it; in a table, its row and its column. */
export function placeName(form: Form, from: number, to: number, titles: Titles = []): PlaceName {
  const { parts, paths, heading } = form
  if (paths) {
    const entity = parts.map(tokenOf).find((token) => token !== undefined)
    const name = joined(entity ?? '', paths[from] ?? '')
    return { name, fullName: name, separator: clause }
  }
  let first = from
  while (first > 0 && from - first < maxWords && !isPlace(parts[first - 1] ?? '')) first--
  let last = to
  while (last < parts.length - 1 && last - to < maxWords && !isPlace(parts[last] ?? '')) last++
  const after = wordsOf(form, to, last)
  const prefix = heading ? `${readableHeading(heading)} / ` : ''
  const words = wordsOf(form, first, from)
  const further = words ? '' : wordsFurtherBefore(form, from)
  const title = titles[from]
  if (title !== undefined) {
    const row = rowName(form, titles)
    const last = lastWords(form)
    const name = prefix + joined(row, title)
    const fullName = last && last !== row ? `${prefix}${row} … ${last} ${title}` : name
    return { name: readableLine(name), fullName: readableLine(fullName), separator: clause }
  }
  const before = beforeOf(parts[from] ?? '')
  const isApart = clauseEnd.test(before) && after !== ''
  const near = isApart ? '' : lastClause(words)
  const name = near || (isApart ? '' : further) || (after ? `… ${after}` : 'value')
  return {
    name: readableLine(prefix + name),
    fullName: readableLine(prefix + joined(words || further, after && `… ${after}`)) || 'value',
    separator: near && /^[\s:=,"'([]+$/.test(before) ? before : clause,
  }
}
