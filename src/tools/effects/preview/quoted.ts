import { counted } from '../../../shared/format.ts'
import { escapeInvisible } from '../../../shared/safe-text.ts'
import { mask } from '../../../shared/secrets.ts'

// The text of a value in a preview: in quotes that it cannot close, on lines that it cannot begin. The text that is sent
// can be read back from it exactly; nothing is trimmed, cut or drawn together.

const maxPieceLength = 80
const maxLineLength = 100
const maxValuesOnLine = 10

/** A backslash is doubled, so that a text that holds an escape is not taken for what the escape stands for. */
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** What looks like a blank and is none, and what draws nothing. */
const unlikeItself = /(?! )[\p{Zs}\p{Cn}\u2800]/gu

/** A mark that would be drawn on a sign of ours, or that towers over other lines: three on one letter are usual. */
const strayMark = /\p{M}(?<=(?:^|\\[nrt"\\]|\\u\{[0-9a-f]+\}|\p{M}{3})\p{M})/gu

/** Nothing to escape: most texts. */
const plain = /^[ !#-[\]-~]*$/

const escaped = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`

/** A text with all that is not seen as it is spelled out: `\n`, `\"`, `\u{200b}`. Blanks stay. */
export function spelledOut(text: string): string {
  if (plain.test(text)) return text
  const broken = text.replace(/[\\"\n\r\t]/g, (character) => escapes[character] ?? character)
  return escapeInvisible(broken).replace(unlikeItself, escaped).replace(strayMark, escaped)
}

/** A sentence of ours, which may quote a text, on one line. */
export const unbroken = (sentence: string): string =>
  escapeInvisible(sentence.replace(/[\n\r\t]/g, (character) => escapes[character] ?? character))

/** The text of a value; other values as JSON. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))

/** What is not cut: a mask, an escape, or a character with its marks. */
const units = new RegExp(`${mask.replace(/[[\]]/g, '\\$&')}|\\\\u\\{[0-9a-f]+\\}|\\\\.|.\\p{M}*`, 'gsu')

/** A text that is spelled out, in quoted pieces of one width. */
export function piecesOf(shown: string): string[] {
  if (shown.length <= maxPieceLength) return [`"${shown}"`]
  const pieces: string[] = []
  let piece = ''
  for (const [unit] of shown.matchAll(units)) {
    if (piece.length + unit.length > maxPieceLength) {
      pieces.push(`"${piece}"`)
      piece = ''
    }
    piece += unit
  }
  return [...pieces, `"${piece}"`]
}

/** The pieces of a value. */
export const quotedPieces = (value: string): string[] => piecesOf(spelledOut(value))

/** Quoted values behind their label: up to ten on its line, more on as many lines as they need. */
export function packedLines(label: string, values: readonly string[], indent = ''): string[] {
  if (values.length <= maxValuesOnLine) return [`${indent}${label}: ${values.join(', ')}`]
  const lines: string[] = []
  let line = `${indent}${label}:`
  for (const [at, value] of values.entries()) {
    const text = at === values.length - 1 ? value : `${value},`
    if (at > 0 && line.length + 1 + text.length > maxLineLength) {
      lines.push(line)
      line = `${indent}  ${text}`
    } else line += ` ${text}`
  }
  return [...lines, line]
}

/**
 * The cells of a row on one line. The further pieces of a long one are on lines of their own, indented, and the next cell
 * begins a new line.
 */
export function rowLines(cells: readonly string[]): string[] {
  const lines: string[] = []
  let line: string | undefined
  for (const cell of cells) {
    const [first = '', ...others] = quotedPieces(cell)
    const isBehindPieces = line?.startsWith('  ') === true
    if (isBehindPieces) lines.push(`${line},`)
    line = line === undefined || isBehindPieces ? first : `${line}, ${first}`
    for (const piece of others) {
      lines.push(line)
      line = `  ${piece}`
    }
  }
  return line === undefined ? lines : [...lines, line]
}

/** All values behind their label. If one is long, each has lines of its own; its further pieces are indented. */
export function valueLines(label: string, values: readonly string[], indent = ''): string[] {
  const pieces = values.map(quotedPieces)
  if (pieces.every(({ length }) => length === 1)) return packedLines(label, pieces.flat(), indent)
  return [
    `${indent}${label} (${counted(values.length, 'value')}):`,
    ...pieces.flatMap((own) => own.map((piece, at) => `${indent}  ${at > 0 ? '  ' : ''}${piece}`)),
  ]
}
