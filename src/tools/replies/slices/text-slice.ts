import type { z } from 'zod'
import { whole } from '../../../operations/fields.ts'
import type { SlicedText } from '../../../operations/long-records.ts'
import type { Input, Operation } from '../../../operations/operation.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import type { SingleRecord } from '../../../session/answer.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { countMasks, type Redactor, redactJson } from '../../../shared/secrets.ts'
import { sha256 } from '../../../shared/sha256.ts'
import { fenced } from '../cells.ts'
import { composeRecord, fitRecord, onlyId } from '../record.ts'
import { type Reply, sizeOf } from '../reply.ts'
import { nextSliceNote } from './boundaries.ts'
import { fittingSlice, type LineSlice, nextArgs, rangeOf, startOf } from './line-slice.ts'
import { linesText } from './not-shown.ts'
import { type MaskedLine, type TextLines, textLines } from './text-lines.ts'

/** The inputs of an operation whose text is read in slices. They are not sent to Qualys. */
export const sliceInput: z.ZodRawShape = {
  from: whole(1, 10_000_000, 'line to begin with').optional(),
  offset: whole(0, 10_000_000, 'characters of it to skip').optional(),
}

/** The stored text in a field; undefined if there is none. What is no base64 is text as it is. */
function storedTextOf(value: unknown): StoredText | undefined {
  if (value instanceof StoredText) return value
  return typeof value === 'string' ? new StoredText(Buffer.from(value)) : undefined
}

function maskClause(masked: readonly MaskedLine[], { changedWith }: SlicedText): string | undefined {
  const values = masked.reduce((sum, line) => sum + line.values, 0)
  if (values === 0) return undefined
  const what = values === 1 ? '1 value is masked' : `${formatNumber(values)} values are masked`
  const these = masked.length === 1 ? 'this line as it is' : 'these lines as they are'
  return `${what} (${linesText(masked.map(({ line }) => line))}): leave ${these}, and change others with ${changedWith}`
}

/** More of them would take the place of the text. */
const maxMaskedLines = 40

/** What programs get about the whole text. */
function factsOf(stored: StoredText, { lines, masked }: TextLines) {
  const { isExact, encoding, bytes, text } = stored
  return {
    lines: lines.length,
    characters: text.length,
    bytes: bytes.length,
    sha256: sha256(bytes),
    exact: isExact && masked.length === 0,
    // RFC 1428 names text in an encoding that nobody knows.
    ...(!isExact && { encoding: encoding === 'utf-8' ? 'unknown-8bit' : encoding }),
    ...(masked.length > 0 && { masked: masked.slice(0, maxMaskedLines) }),
  }
}

/**
 * A record with a slice of its text below the other fields; a later slice leaves these out. For programs the text is
 * as it is stored, secrets aside. Undefined if the operation has no such text, or the record none.
 */
export function sliceReply(
  operation: Operation,
  { record, ...single }: SingleRecord,
  args: Input,
  redactor: Redactor,
  budget: number,
): Reply | undefined {
  const { slicedText } = operation
  if (slicedText === undefined) return undefined
  const { field } = slicedText
  const { [field]: value, ...others } = record
  const stored = storedTextOf(value)
  if (stored === undefined) return undefined

  const text = textLines(stored, redactor)
  const start = startOf(args, text.lines, field)
  const facts = factsOf(stored, text)
  const whole = fitRecord(operation, { ...single, record: redactJson(others, redactor.redact) }, budget)
  const parts = start.from === 1 && start.offset === 0 ? whole : onlyId(whole)
  const factLines = texts(
    `sha256: ${facts.sha256}; ${counted(facts.bytes, 'byte')}, ${counted(facts.lines, 'line')}`,
    text.notShown.length > 0 && `not shown: ${text.notShown.join('; ')}`,
    maskClause(text.masked, slicedText),
    facts.lines === 0 && `${field}: empty`,
  )
  const maskNote =
    text.masked.length > maxMaskedLines &&
    `masked names the first ${maxMaskedLines} of ${formatNumber(text.masked.length)} lines.`

  const compose = (slice: LineSlice): Reply => {
    const { start, next, lines } = slice
    const content = lines.join('')
    const args = nextArgs(slice)
    const reply = composeRecord(parts, {
      lines: factLines,
      blocks:
        facts.lines === 0
          ? []
          : [fenced(`${field}, ${rangeOf(slice, text.lines)}`, lines.map(safeText).join(''))],
      members: {
        [field]: content,
        from: start.from,
        ...(start.offset > 0 && { offset: start.offset }),
        ...facts,
        ...(next && { next: { from: next.from, ...(next.offset > 0 && { offset: next.offset }) } }),
      },
      notes: texts(maskNote, args && nextSliceNote(args)),
    })
    return { ...reply, toldMasks: countMasks(content) }
  }
  return compose(fittingSlice(text.lines, start, budget, (slice) => sizeOf(compose(slice)) <= budget))
}
