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

/** The lines of a text. `covered`: the same text with its secrets covered, in which a line end may be covered, too. */
export function linesOf(text: string, covered: string = text): Line[] {
  const lines: Line[] = []
  let from = 0
  const add = (to: number, end: string): void => {
    lines.push({
      number: lines.length + 1,
      text: text.slice(from, to),
      covered: covered.slice(from, to),
      end,
    })
    from = to + end.length
  }
  for (const { 0: end, index } of text.matchAll(/\r\n|[\n\r]/g)) add(index, end)
  if (from < text.length || lines.length === 0) add(text.length, '')
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
