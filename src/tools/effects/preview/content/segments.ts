import type { ScriptLanguage } from '../../targets/script-language.ts'
import { base64RunAt } from './base64.ts'
import { leadingComments } from './comment.ts'
import type { Line } from './lines.ts'
import { signatureBlocks, signatureMark } from './signature.ts'

/** Lines of a script that are shown together: one line, or several for which a mark stands. */
export interface Segment {
  readonly lines: readonly Line[]
  /** What stands for the lines; undefined for a line that is shown as it is. */
  readonly mark?: string
}

/**
 * All lines of a script in their order, each in one segment. What a person cannot read is folded: signature blocks,
 * base64, and the comments at its head, unless others are given.
 */
export function segmentsOf(
  lines: readonly Line[],
  language: ScriptLanguage,
  comments: readonly Segment[] = leadingComments(lines, language),
): Segment[] {
  const folded = new Map<number, Segment>()
  const fold = (segment: Segment): void => void folded.set(segment.lines[0]?.number ?? 0, segment)
  for (const comment of comments) fold(comment)
  for (const block of signatureBlocks(lines, language))
    if (block.fault === undefined) fold({ lines: block.lines, mark: signatureMark(block) })
  const segments: Segment[] = []
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as Line
    const segment = folded.get(line.number) ?? base64RunAt(lines, at) ?? { lines: [line] }
    segments.push(segment)
    at += segment.lines.length
  }
  return segments
}

/** The number of lines in segments. */
export const lineCount = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { lines }) => sum + lines.length, 0)
