import { sha256 } from '../../../../shared/crypto.ts'
import { counted, formatNumber } from '../../../../shared/format.ts'
import { joined, type Line } from './lines.ts'

/** Shorter base64 is shown. */
const minLength = 200

/** A line of base64 as programs wrap it. A word of a shell is shorter, and so may be the last line. */
const minLineLength = 60

/** Matches base64 that is long enough to stand for itself. It begins at the first of its letters: this is linear. */
export const longBase64 = new RegExp(`(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{${minLength + 1},}={0,2}`, 'g')

/**
 * False for a path: a shell takes a word of letters and slashes for a program (`/proc/self/root/usr/bin/reboot`), and
 * what it may run is shown. Every 64th letter of base64 is a slash. False also for letters of one case, such as a
 * ruler or a long word.
 */
export function isEncoded(letters: string): boolean {
  const slashes = letters.split('/').length - 1
  return slashes <= letters.length * 0.08 && /[A-Z]/.test(letters) && /[a-z]/.test(letters)
}

/** The same for one line of several: a short word that is no base64 must not pass for it. */
const isEncodedLine = (letters: string): boolean => isEncoded(letters) && /\d/.test(letters)

/** What stands for base64 on one line. */
export const base64Mark = (letters: string): string =>
  `base64, ${counted(letters.length, 'character')}, sha256 ${sha256(letters)}`

/** Base64 alone on a line, in a comment or in quotes: what stands before it, the letters, what stands behind. */
const base64Line = new RegExp(
  `^([ \\t]*(?:# ?|["'])?)([A-Za-z0-9+/]{${minLineLength},${minLength}}={0,2})(["']?(?:,| ?[+\\\\])?)$`,
)

/** A run of lines that hold nothing but base64. */
export interface Base64Run {
  readonly lines: readonly Line[]
  readonly mark: string
}

/**
 * The run of base64 lines that begins here: all of the same length and with the same beginning and end. A shorter
 * last line is not part of it.
 */
export function base64RunAt(lines: readonly Line[], from: number): Base64Run | undefined {
  const text = lines[from]?.covered ?? ''
  const parts = text.length < minLineLength ? null : base64Line.exec(text)
  if (!parts) return undefined
  const [, before, first = '', behind] = parts
  let to = from
  for (; to < lines.length; to++) {
    const [, start, letters = '', end] = base64Line.exec(lines[to]?.covered ?? '') ?? []
    const isAlike = start === before && end === behind && letters.length === first.length
    if (!isAlike || !isEncodedLine(letters)) break
  }
  const run = lines.slice(from, to)
  const length = run.length * first.length
  if (length <= minLength) return undefined
  const count = `${formatNumber(length)} characters on ${counted(run.length, 'line')}`
  return { lines: run, mark: `base64, ${count}, sha256 ${sha256(joined(run))}` }
}
