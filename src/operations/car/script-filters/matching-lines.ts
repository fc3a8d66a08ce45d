/** Where a script holds a text. */
export interface MatchingLines {
  /** The first line, from 1. */
  readonly line: number
  /** That line, around the text. */
  readonly text: string
  /** Further lines: the first ones by number. */
  readonly otherLines?: string
}

/** The columns of that. */
export const lineColumns: readonly (keyof MatchingLines)[] = ['line', 'text', 'otherLines']

/** What fits a cell of a table. */
const maxText = 158
const before = 50
const maxNamed = 8

/**
 * A text as it is compared: without case, and a letter with its accent as one character. Line ends stay where they are.
 * The Greek letter has two small forms, by its place in the word.
 */
const fold = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ').normalize('NFC')

/** The place in a line of a place in its folded form, which may be longer or shorter. */
function placeIn(line: string, folded: string, foldedPlace: number): number {
  if (line.length === folded.length) return foldedPlace
  let [low, high] = [0, line.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (fold(line.slice(0, middle)).length < foldedPlace) low = middle + 1
    else high = middle
  }
  return low
}

const isHalf = (character: string | undefined, range: RegExp): boolean => range.test(character ?? '')

/** The part of a line around a place, without half a character at its ends. */
function clipped(line: string, place: number): string {
  if (line.length <= maxText) return line
  let start = Math.max(0, Math.min(place - before, line.length - maxText))
  let end = Math.min(line.length, start + maxText)
  if (isHalf(line[start], /[\udc00-\udfff]/)) start++
  if (isHalf(line[end - 1], /[\ud800-\udbff]/)) end--
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`
}

function lineWith(code: string, folded: string, number: number, foldedPlace: number): string {
  let [start, foldedStart] = [0, 0]
  for (let line = 1; line < number; line++) {
    start = code.indexOf('\n', start) + 1
    foldedStart = folded.indexOf('\n', foldedStart) + 1
  }
  const end = code.indexOf('\n', start)
  const line = code.slice(start, end === -1 ? undefined : end)
  const foldedEnd = folded.indexOf('\n', foldedStart)
  const foldedLine = folded.slice(foldedStart, foldedEnd === -1 ? undefined : foldedEnd)
  const indent = line.length - line.trimStart().length
  const place = placeIn(line, foldedLine, foldedPlace - foldedStart)
  return clipped(line.slice(Math.min(indent, place)).trimEnd(), Math.max(0, place - indent))
}

/**
 * The lines in which a text begins, which may go over several; undefined if there is none. Both are as replies show
 * them, with LF line ends.
 */
export function findLines(code: string, wanted: string): MatchingLines | undefined {
  const folded = fold(code)
  const text = fold(wanted)
  const first = folded.indexOf(text)
  if (first === -1) return undefined
  let [line, lineStart] = [1, 0]
  let firstLine = 0
  const others: number[] = []
  let count = 0
  for (let at = first; at !== -1; ) {
    for (let end = folded.indexOf('\n', lineStart); end !== -1 && end < at; ) {
      line++
      lineStart = end + 1
      end = folded.indexOf('\n', lineStart)
    }
    if (firstLine === 0) firstLine = line
    else if (++count <= maxNamed) others.push(line)
    const next = folded.indexOf('\n', at)
    at = next === -1 ? -1 : folded.indexOf(text, next + 1)
  }
  const more = count - others.length
  return {
    line: firstLine,
    text: lineWith(code, folded, firstLine, first),
    ...(count > 0 && {
      otherLines: `${others.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`,
    }),
  }
}
