import { sha256 } from '../../../shared/crypto.ts'
import { canonicalJson } from '../../../shared/json.ts'
import type { PlanEvent, PlanLine } from '../plan.ts'
import { lineSchema } from './line-schema.ts'

// A line is a file: one line of canonical JSON that names the hash of the line before.

const maxLineMiB = 4

/** Larger files are not read, and not written. */
export const maxLineBytes = maxLineMiB * 1_048_576

/** What `prev` of the first line is. */
const noHash = '0'.repeat(64)

/** The exact content of the file of a line. */
export const lineText = (line: PlanLine): string => `${canonicalJson(line)}\n`

/** What `prev` of the line after this one is. */
export const hashAfter = (line: PlanLine | undefined): string => (line ? sha256(lineText(line)) : noHash)

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parse(bytes: Uint8Array): { readonly text: string; readonly value: unknown } | undefined {
  try {
    const text = utf8.decode(bytes)
    return { text, value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** The line in the file with this number; a text that says what is wrong with it, as the end of a clause. */
export function readLine(
  bytes: Uint8Array,
  { id, seq, prev }: Pick<PlanLine, 'id' | 'seq' | 'prev'>,
): PlanLine | string {
  const parsed = parse(bytes)
  if (!parsed) return 'is not JSON'
  const { success, data: line } = lineSchema.safeParse(parsed.value)
  if (!success) return 'is not what this version of the program writes'
  if (line.id !== id || (line.kind === 'proposed' && line.plan.id !== id)) return 'is of another plan'
  if (line.seq !== seq) return `has the number ${line.seq} in it`
  if (line.prev !== prev)
    return seq === 1
      ? 'does not begin a journal'
      : `does not continue line ${seq - 1}: one of the two was changed or replaced`
  return lineText(line) === parsed.text ? line : 'was changed'
}

/** The next line and its text. Throws for an event that no reader would take: it must not be written. */
export function nextLine(
  id: string,
  lines: readonly PlanLine[],
  event: PlanEvent,
  { at, who }: Pick<PlanLine, 'at' | 'who'>,
): { readonly line: PlanLine; readonly text: string } {
  const place = { v: 1, id, seq: lines.length + 1, prev: hashAfter(lines.at(-1)), at, who } as const
  const text = lineText({ ...event, ...place })
  const line = readLine(Buffer.from(text), place)
  if (typeof line === 'string') {
    const { error } = lineSchema.safeParse(JSON.parse(text))
    throw new Error(
      `A line of the kind ${event.kind} is not written, since it ${line}. ${error?.message ?? ''}`,
    )
  }
  return { line, text }
}
