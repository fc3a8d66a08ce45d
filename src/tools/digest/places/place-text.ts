import { beforeOf, type Form, isPlace, tokenOf } from '../forms/form.ts'
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

/** A line of a form as a person reads it, below its heading. */
export const headedText = ({ heading }: Form, line: string): string =>
  heading ? `${readableLine(heading)} / ${readableLine(line)}` : readableLine(line)

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
  readonly separator: string
}

const clause = ': '

/** The words behind the last comma or bracket. */
const lastClause = (words: string): string => words.split(/[,;(|]\s*/).at(-1) || words

/** The words before the places that stand directly before another one: `Mem …` for the second number behind it. */
function wordsFurtherBefore(form: Form, from: number): string {
  const isFixed = (at: number): boolean => at >= 0 && !isPlace(form.parts[at] ?? '')
  let last = from
  while (last > 0 && !isFixed(last - 1)) last--
  let first = last
  while (last - first < maxWords && isFixed(first - 1)) first--
  return first < last ? `${wordsOf(form, first, last)} …` : ''
}

/** The words before a place, else those behind it. */
export function placeName(form: Form, from: number, to: number): PlaceName {
  const { parts, paths, heading } = form
  if (paths) {
    const entity = parts.map(tokenOf).find((token) => token !== undefined)
    return { name: [entity, paths[from]].filter((part) => part !== undefined).join(' '), separator: clause }
  }
  let first = from
  while (first > 0 && from - first < maxWords && !isPlace(parts[first - 1] ?? '')) first--
  let last = to
  while (last < parts.length - 1 && last - to < maxWords && !isPlace(parts[last] ?? '')) last++
  const after = wordsOf(form, to, last)
  // A comma or a bracket ends what the words before say.
  const isApart = /[,;(|]/.test(beforeOf(parts[from] ?? '')) && after !== ''
  const before = isApart ? '' : lastClause(wordsOf(form, first, from))
  const further = before || isApart ? '' : wordsFurtherBefore(form, from)
  const name = before || further || (after ? `… ${after}` : 'value')
  const prefix = heading ? `${readableLine(heading)} / ` : ''
  return {
    name: readableLine(prefix + name),
    separator:
      before && /^[\s:=,"'([]+$/.test(beforeOf(parts[from] ?? '')) ? beforeOf(parts[from] ?? '') : clause,
  }
}
