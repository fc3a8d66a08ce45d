import { counted } from '../../../../shared/format.ts'
import { isCovered, mask } from '../../../../shared/secrets.ts'
import type { Difference, DifferenceRow, ScriptPart, Sign } from '../preview.ts'
import { quotedPieces, spelledOut } from '../quoted.ts'
import { base64Mark, isEncoded, longBase64 } from './base64.ts'
import { type Line, linesOf, shownText } from './lines.ts'
import type { Segment } from './segments.ts'

// A line of a script, as lines of a preview. Text of the script is in quotes; a mark of ours has no quotes around it.

const maxWidth = 80
/** Of a line that takes more pieces, the first and the last ones are shown. */
const maxPieces = 8
const maxLastPieces = 2
/** As many characters fill all pieces at an end of a line. */
const maxTaken = maxPieces * maxWidth
/** A gap that pushes what follows out of sight. */
const longGap = /(?: {61,}|\t{31,})/g

/** A piece of a line: text, or a mark. */
interface Piece {
  readonly part: ScriptPart
  /** As text: quoted, or the mark. */
  readonly shown: string
  /** The number of characters of the line that it stands for. */
  readonly length: number
}

/** A stretch of a line: text, or what a mark stands for. */
interface Stretch {
  readonly text: string
  readonly mark?: string
}

/** A line without what a person cannot read: its text, and marks. */
function stretchesOf(covered: string): Stretch[] {
  const marks = [
    ...[...covered.matchAll(longBase64)]
      .filter(([letters]) => isEncoded(letters))
      .map(({ 0: text, index }) => ({ text, index, mark: base64Mark(text) })),
    ...[...covered.matchAll(longGap)].map(({ 0: text, index }) => ({
      text,
      index,
      mark: text.startsWith(' ') ? counted(text.length, 'blank') : counted(text.length, 'tab'),
    })),
  ].sort((a, b) => a.index - b.index)
  const stretches: Stretch[] = []
  let from = 0
  for (const { text, index, mark } of marks) {
    if (index > from) stretches.push({ text: covered.slice(from, index) })
    stretches.push({ text, mark })
    from = index + text.length
  }
  if (from < covered.length || stretches.length === 0) stretches.push({ text: covered.slice(from) })
  return stretches
}

/** A text in pieces of one width. A mask, or a character that is spelled out, is not cut. */
function textPieces(text: string): Piece[] {
  const pieces: Piece[] = []
  let part = ''
  let shown = ''
  let length = 0
  const close = (): void => {
    pieces.push({ part, shown: `"${shown}"`, length })
    part = ''
    shown = ''
    length = 0
  }
  for (const [unit] of text.matchAll(/\uffff+|./gsu)) {
    const isSecret = isCovered(unit[0])
    const sign = isSecret ? mask : spelledOut(unit)
    if ([...shown].length + sign.length > maxWidth) close()
    part += isSecret ? mask : unit
    shown += sign
    length += unit.length
  }
  close()
  return pieces
}

const markPiece = (mark: string, length: number): Piece => ({ part: { mark }, shown: mark, length })

/** What stands for characters that are not shown. */
const leftPiece = (length: number): Piece =>
  markPiece(`(${counted(length, 'more character')} on this line)`, length)

const isLowSurrogate = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text.charAt(at))

/** The pieces of a stretch. In a long text only its ends are cut into pieces: no more of them is shown. */
function piecesOf({ text, mark }: Stretch): Piece[] {
  if (mark !== undefined) return [markPiece(mark, text.length)]
  if (text.length <= 2 * maxTaken + 2) return textPieces(text)
  const from = maxTaken + (isLowSurrogate(text, maxTaken) ? 1 : 0)
  const to = text.length - maxTaken + (isLowSurrogate(text, text.length - maxTaken) ? 1 : 0)
  return [...textPieces(text.slice(0, from)), leftPiece(to - from), ...textPieces(text.slice(to))]
}

/** The pieces of a line, or the first and the last of them. */
function cutLine(pieces: readonly Piece[]): readonly Piece[] {
  if (pieces.length <= maxPieces) return pieces
  const first = pieces.slice(0, maxPieces - maxLastPieces)
  const left = pieces.slice(first.length, -maxLastPieces).reduce((sum, { length }) => sum + length, 0)
  return [...first, leftPiece(left), ...pieces.slice(-maxLastPieces)]
}

const cutPieces = (line: Line): readonly Piece[] => cutLine(stretchesOf(shownText(line)).flatMap(piecesOf))

/** The lines of a preview for one line of a script, without what stands before them. */
export const piecesOfLine = (line: Line): string[] => cutPieces(line).map(({ shown }) => shown)

/** The same as data. */
export const partsOfLine = (line: Line): ScriptPart[] => cutPieces(line).map(({ part }) => part)

/** The first piece behind `start`, and the others indented below it. */
const indented = ([first = '', ...others]: readonly string[], start: string): string[] => [
  `${start}${first}`,
  ...others.map((text) => `${' '.repeat(start.length)}  ${text}`),
]

/** The lines of a preview for a segment. `start`: what stands before the first. */
export const rowsOf = ({ lines, mark }: Segment, start = '  '): string[] =>
  indented(mark === undefined ? lines.flatMap(piecesOfLine) : [mark], start)

const piecesOfPart = (part: ScriptPart): string[] =>
  typeof part === 'string' ? quotedPieces(part) : [part.mark]

/** What stands before a line of a difference, such as `  - 12 `. `width`: of its number. */
export const startOf = (sign: Sign, number: number | undefined, width: number): string =>
  `  ${sign} ${String(number).padStart(width)} `

/** A row of a difference as lines of a preview. */
export function* differenceRowLines(row: DifferenceRow, width: number): Generator<string, void, void> {
  if (typeof row === 'string') yield `  ${row}`
  else if ('parts' in row)
    yield* indented(row.parts.flatMap(piecesOfPart), startOf(row.sign, row.number, width))
  else
    for (const [at, text] of row.lines.entries())
      yield* indented(quotedPieces(text), startOf(row.sign, row.number + at, width))
}

/** All rows of a difference, one line after the other. */
export function* differenceLines({ rows, lineCount }: Difference): Generator<string, void, void> {
  const width = String(lineCount).length
  for (const row of rows) yield* differenceRowLines(row, width)
}

/** A line of a script with its number. */
interface NumberedLine {
  readonly number: number
  /** With the CR that only some programs take for its end. */
  readonly text: string
}

function* numbered(lines: readonly Line[]): Generator<NumberedLine, void, void> {
  const ends = new Set(lines.map(({ end }) => end))
  // Where both occur, a line that ends with CR LF shows its CR.
  const isMixed = ends.has('\n') && ends.has('\r\n')
  for (const { number, text, end } of lines) {
    const showsEnd = end === '\r' || (isMixed && end === '\r\n')
    yield { number, text: showsEnd ? `${text}\r` : text }
  }
}

/** Every line of a script, one by one. */
export const numberedLines = (script: string): Iterable<NumberedLine> => numbered(linesOf(script))

/** The same as lines of a preview, each with its number. */
export function* scriptLines(script: string): Generator<string, void, void> {
  const lines = linesOf(script)
  const width = String(lines.length).length
  for (const { number, text } of numbered(lines))
    yield* indented(quotedPieces(text), `  ${String(number).padStart(width)} `)
}
