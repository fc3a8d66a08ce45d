import { safeText } from '../../shared/safe-text.ts'
import { countMasks, mask, type Redactor } from '../../shared/secrets.ts'
import { Turns } from '../../shared/turns/turns.ts'

/** A text in which each line of a secret is a mask: line ends stay, so that lines keep their numbers. */
function maskedByLine(text: string, { cover }: Pick<Redactor, 'cover'>): string {
  const parts: string[] = []
  let end = 0
  for (const { index, 0: secret } of cover(text).matchAll(/\uffff+/g)) {
    const to = index + secret.length
    parts.push(text.slice(end, index), text.slice(index, to).replace(/[^\r\n]+/g, mask))
    end = to
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(end)
}

/** The text with LF line ends, and each of its lines as replies show it. */
async function safeByLine(text: string, turns: Turns): Promise<string> {
  const unified = text.replace(/\r\n?/g, '\n')
  // Nothing hidden: most texts.
  if (/^[\t\n -~]*$/.test(unified)) return unified
  const lines = unified.split('\n')
  for (const [at, line] of lines.entries()) {
    lines[at] = safeText(line)
    if (turns.isOver) await turns.next()
  }
  return lines.join('\n')
}

/** A text as replies show its lines: without secrets and hidden characters. */
export async function readableText(
  text: string,
  redactor: Pick<Redactor, 'cover'>,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly isMasked: boolean }> {
  const turns = new Turns(signal)
  const masked = maskedByLine(text, redactor)
  await turns.give()
  const safe = await safeByLine(masked, turns)
  await turns.give()
  // A secret may be split by what is hidden.
  const readable = maskedByLine(safe, redactor)
  return { text: readable, isMasked: countMasks(readable) > 0 }
}
