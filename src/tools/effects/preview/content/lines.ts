import { isCovered, mask } from '../../../../shared/secrets.ts'
import { spelledOut } from '../quoted.ts'

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

/** A covered text as a person reads it. */
export const masked = (covered: string): string =>
  covered
    .split(/(\uffff+)/)
    .map((part) => (isCovered(part[0]) ? mask : spelledOut(part)))
    .join('')

/** The text of a script with a mask for each secret: its lines keep their numbers. */
export const maskedText = (lines: readonly Line[]): string =>
  lines.map(({ covered, end }) => `${covered.replace(/\uffff+/g, mask)}${end}`).join('')

/** The text of a line. A carriage return that ends it is shown: only some programs take it for the end. */
export const shownText = ({ covered, end }: Line): string => (end === '\r' ? `${covered}${end}` : covered)

/** The same with a mask for each secret. */
export const maskedLine = (line: Line): string => shownText(line).replace(/\uffff+/g, mask)
