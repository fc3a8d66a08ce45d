import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { safeText } from '../../shared/safe-text.ts'
import { countMasks, mask, type Redactor } from '../../shared/secrets.ts'

/** Lines to clean before other work has its turn. */
const linesPerTurn = 20_000

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
async function safeByLine(text: string, signal: AbortSignal): Promise<string> {
  const unified = text.replace(/\r\n?/g, '\n')
  // Nothing hidden: most texts.
  if (/^[\t\n -~]*$/.test(unified)) return unified
  const lines = unified.split('\n')
  for (const [at, line] of lines.entries()) {
    lines[at] = safeText(line)
    if (at % linesPerTurn !== linesPerTurn - 1) continue
    await yieldToEventLoop()
    signal.throwIfAborted()
  }
  return lines.join('\n')
}

/** A text as replies show its lines: without secrets and hidden characters. */
export async function readableText(
  text: string,
  redactor: Pick<Redactor, 'cover'>,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly isMasked: boolean }> {
  // A text may have many megabytes.
  await yieldToEventLoop()
  signal.throwIfAborted()
  const safe = await safeByLine(maskedByLine(text, redactor), signal)
  // A secret may be split by what is hidden.
  const readable = maskedByLine(safe, redactor)
  return { text: readable, isMasked: countMasks(readable) > 0 }
}
