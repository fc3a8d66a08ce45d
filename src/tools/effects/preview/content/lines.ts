import { escapeInvisible } from '../../../../shared/safe-text.ts'
import { isCovered, mask } from '../../../../shared/secrets.ts'

/** One line of a script. */
export interface Line {
  readonly number: number
  /** As it is stored or sent, without its end. */
  readonly text: string
  /** The same with each character of a secret covered. */
  readonly covered: string
  /** LF, CR LF or CR; empty for a last line without one. */
  readonly end: string
}

/** The place behind the text of the line that begins here. */
function endOf(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
  return at
}

const lineEndAt = (text: string, at: number): string =>
  text.startsWith('\r\n', at) ? '\r\n' : text.charAt(at)

/** The lines of a text. `covered`: the same text with its secrets covered, in which a line end may be covered, too. */
export function linesOf(text: string, covered: string = text): Line[] {
  const lines: Line[] = []
  const hasSecrets = covered !== text
  for (let from = 0; from < text.length || lines.length === 0; ) {
    const to = endOf(text, from)
    const end = lineEndAt(text, to)
    const own = text.slice(from, to)
    lines.push({
      number: lines.length + 1,
      text: own,
      // Shared: half a megabyte of blank lines is held once.
      covered: hasSecrets ? covered.slice(from, to) : own,
      end,
    })
    from = to + end.length
  }
  return lines
}

/** The text of several lines, with their ends. */
export const joined = (lines: readonly Line[]): string =>
  lines.map(({ text, end }) => `${text}${end}`).join('')

/** What cannot be seen, or looks like a blank and is none. */
const unlikeItself = /(?! )[\p{Zs}\p{Cn}\t\u2800]/gu

/** A text with all that cannot be seen spelled out. Quotes and blanks stay: in a script they matter. */
export const spelledOut = (text: string): string =>
  escapeInvisible(text).replace(unlikeItself, (character) =>
    character === '\t' ? '\\t' : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )

/** A covered text as a person reads it. */
export const masked = (covered: string): string =>
  covered
    .split(/(\uffff+)/)
    .map((part) => (isCovered(part[0]) ? mask : spelledOut(part)))
    .join('')
