import { isCalendarWord } from '../lines/calendar.ts'
import { holdsDigit, tokenSpans } from '../lines/line-tokens.ts'
import { fieldsOf, recordMark } from '../lines/records.ts'

/** Ends a part whose token is a place: what stands there differs between lines of one form. */
const place = '\0'

/**
 * Lines that are alike but for some places.
 *
 * A part is a token with what stands before it, so that `[x] on` and `[ ] on` are two forms. The last part is what
 * stands behind the last token.
 */
export interface Form {
  readonly parts: readonly string[]
  /** The part that stands for any number of tokens; undefined if there is none. */
  readonly flexible?: number
  /** The paths of the fields, if the lines are records: then every field is a place. A line may lack some. */
  readonly paths?: readonly string[]
  readonly lines: readonly number[]
  /** The hosts that printed one of the lines, in order, each once. */
  readonly hosts: Uint32Array
  /** The line above these lines, without which they say nothing: `[disk C]` above `ok`. */
  readonly heading?: string
  /** True for lines that are like no other, of a run with more lines than can be compared. */
  readonly isUnlike?: true
}

/** Between the lines of a heading. No compared line holds it. */
export const headingBreak = '\u0006'

export const isPlace = (part: string): boolean => part.endsWith(place)

/** The part with its token replaced by a place. */
export const asPlace = (part: string): string =>
  isPlace(part) ? part : part.slice(0, part.indexOf('\u0003') + 1) + place

/** The part with a token in place of its place. */
export const withToken = (part: string, token: string): string =>
  part.slice(0, part.indexOf('\u0003') + 1) + token

/** A part with its token: between the two stands a sign that no line holds. */
const partOf = (before: string, token: string): string => `${before}\u0003${token}`

/** The token of a part; undefined for a place. */
export const tokenOf = (part: string): string | undefined =>
  isPlace(part) ? undefined : part.slice(part.indexOf('\u0003') + 1)

/** What stands before the token of a part. */
export const beforeOf = (part: string): string => part.slice(0, part.indexOf('\u0003'))

/** The tokens of a line with what stands around them: before the first, between them, behind the last. */
export interface Tokens {
  readonly tokens: readonly string[]
  readonly between: readonly string[]
}

export function tokensOf(line: string): Tokens {
  const spans = tokenSpans(line)
  const tokens: string[] = []
  const between: string[] = []
  let from = 0
  for (let at = 0; at < spans.length; at += 2) {
    const [start = 0, end = 0] = [spans[at], spans[at + 1]]
    between.push(line.slice(from, start))
    tokens.push(line.slice(start, end))
    from = end
  }
  between.push(line.slice(from))
  return { tokens, between }
}

/** At least half of the tokens must be more than a rare word, or the line is like no other. */
const minKnownShare = 0.5

/** True for the name of a month or a day next to a number, or next to such a name: `Fr 20. Nov`. */
function isInDate(tokens: readonly string[], at: number): boolean {
  const isCalendar = (index: number): boolean => isCalendarWord(tokens[index] ?? '')
  const isNumber = (index: number): boolean => /^\d/.test(tokens[index] ?? '')
  if (!isCalendar(at)) return false
  return [at - 1, at + 1].some(
    (next) => isNumber(next) || (isCalendar(next) && [next - 1, next + 1].some(isNumber)),
  )
}

const keyBeforeSign = /^[^:=]{1,60}(?=\s*[:=](?:\s|$)|=)/
const nameAtStart = /^(?=\S{0,60}\p{L})\S{1,60}(?=\s)/u

/**
 * What a line is about, if that holds a digit: `TLS 1.0` in `TLS 1.0: off`, `eth0` in `eth0 up`. Undefined if there is no
 * such key.
 */
export function keyOf(line: string): string | undefined {
  const [key = ''] = keyBeforeSign.exec(line) ?? nameAtStart.exec(line) ?? []
  return holdsDigit(key) ? key.trimEnd() : undefined
}

/**
 * The parts of a line. Tokens with digits are places, and so are words that hardly any host prints. `isKnownKey`: tells
 * a key that most hosts print; its digits are part of a name.
 */
export function partsOf(
  line: string,
  isRare: (word: string) => boolean,
  isKnownKey: (key: string) => boolean = () => false,
): string[] {
  const { tokens, between } = tokensOf(line)
  const key = keyOf(line)
  const ofKey = key !== undefined && isKnownKey(key) ? tokensOf(key).tokens : []
  const isOfKey = (at: number): boolean => at < ofKey.length && ofKey[at] === tokens[at]
  const varies = tokens.map((token, at) => !isOfKey(at) && (holdsDigit(token) || isInDate(tokens, at)))
  const rare = tokens.map((token, at) => !varies[at] && !isOfKey(at) && isRare(token))
  const known = rare.filter((isRareWord) => !isRareWord).length
  const foldsRare = known >= tokens.length * minKnownShare && known > 0
  return [
    ...tokens.map((token, at) =>
      partOf(between[at] ?? '', varies[at] || (foldsRare && rare[at]) ? place : token),
    ),
    partOf(between.at(-1) ?? '', ''),
  ]
}

/** Lines of a record are alike if they have the same fields. */
export const pathsOf = (line: string): string[] | undefined =>
  line.startsWith(recordMark) ? fieldsOf(line).map(([path]) => path) : undefined

/** The values of a line at each place of its form, by part; a flexible part takes the tokens in the middle. */
export function valuesOf(form: Form, line: string): (string | undefined)[] {
  const { parts, flexible, paths } = form
  if (paths) {
    const values = new Map(fieldsOf(line))
    return paths.map((path, at) => (isPlace(parts[at] ?? '') ? values.get(path) : undefined))
  }
  const { tokens, between } = tokensOf(line)
  const count = parts.length - 1
  return parts.slice(0, count).map((part, at) => {
    if (!isPlace(part)) return undefined
    if (flexible === undefined || at < flexible) return tokens[at]
    if (at > flexible) return tokens[tokens.length - (count - at)]
    // All that stands between the parts around it, signs included.
    const end = tokens.length - (count - flexible - 1)
    const inside = tokens
      .slice(flexible, end)
      .map((token, index) => (between[flexible + index] ?? '') + token)
    return inside.join('') + (between[end] ?? '')
  })
}

/** The hosts of several forms, each host once and in order. */
export function unionOf(lists: readonly Uint32Array[]): Uint32Array {
  const [first] = lists
  if (first !== undefined && lists.length === 1) return first
  return Uint32Array.from(new Set(lists.flatMap((list) => [...list]))).sort()
}

/** Counts the numbers of a sorted list that the set holds. */
export function countIn(list: Uint32Array, set: ReadonlySet<number>): number {
  let count = 0
  for (const host of list) if (set.has(host)) count++
  return count
}
