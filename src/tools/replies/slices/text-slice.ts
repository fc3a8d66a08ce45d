import type { z } from 'zod'
import { whole } from '../../../operations/fields.ts'
import type { SlicedText } from '../../../operations/long-records.ts'
import type { Input, Operation } from '../../../operations/operation.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import type { SingleRecord } from '../../../session/answer.ts'
import { sha256 } from '../../../shared/crypto.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { countMasks, type Redactor, redactJson } from '../../../shared/secrets.ts'
import { fenced } from '../cells.ts'
import { type Addition, composeRecord, fitRecord, identityOf, type RecordParts } from '../record.ts'
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

/** More of the masked lines would take the place of the text. */
const maxMaskedLines = (budget: number): number => Math.min(40, Math.floor(budget / 200))

/** What programs get about the whole text. */
function factsOf(stored: StoredText, { count, masked }: TextLines, budget: number) {
  const { isExact, encoding, bytes, text } = stored
  return {
    lines: count,
    characters: text.length,
    bytes: bytes.length,
    sha256: sha256(bytes),
    exact: isExact && masked.length === 0,
    // RFC 1428 names text in an encoding that nobody knows.
    ...(!isExact && { encoding: encoding === 'utf-8' ? 'unknown-8bit' : encoding }),
    ...(masked.length > 0 && { masked: masked.slice(0, maxMaskedLines(budget)) }),
  }
}

type Facts = ReturnType<typeof factsOf>

/** The lines about the whole text. */
const factLines = (facts: Facts, { masked, notShown }: TextLines, sliced: SlicedText): readonly string[] =>
  texts(
    `sha256: ${facts.sha256}; ${counted(facts.bytes, 'byte')}, ${counted(facts.lines, 'line')}`,
    notShown.length > 0 && `not shown: ${notShown.join('; ')}`,
    maskClause(masked, sliced),
    facts.lines === 0 && `${sliced.field}: empty`,
  )

/** What is said beside the fields of the record. */
function additionOf(slice: LineSlice, facts: Facts, text: TextLines, sliced: SlicedText): Addition {
  const { start, next, lines } = slice
  const { field } = sliced
  const args = nextArgs(slice)
  const [named, all] = [facts.masked?.length ?? 0, text.masked.length]
  return {
    lines: factLines(facts, text, sliced),
    blocks:
      facts.lines === 0 ? [] : [fenced(`${field}, ${rangeOf(slice, text)}`, lines.map(safeText).join(''))],
    members: {
      [field]: lines.join(''),
      from: start.from,
      ...(start.offset > 0 && { offset: start.offset }),
      ...facts,
      ...(next && { next: { from: next.from, ...(next.offset > 0 && { offset: next.offset }) } }),
    },
    notes: texts(
      named < all && `masked names the first ${named} of ${formatNumber(all)} lines.`,
      args && nextSliceNote(args),
    ),
  }
}

/**
 * A record with a slice of its text below the other fields; a later slice leaves these out. For programs the text is
 * as it is stored, secrets aside. Undefined if the operation has no such text, or the record none.
 */
export function sliceReply(
  operation: Operation,
  whole: SingleRecord,
  args: Input,
  redactor: Redactor,
  budget: number,
): Reply | undefined {
  const { slicedText } = operation
  if (slicedText === undefined) return undefined
  const { field } = slicedText
  const { [field]: value, ...others } = whole.record
  const stored = storedTextOf(value)
  const text = textLines(stored ?? new StoredText(Buffer.alloc(0)), redactor)
  const start = startOf(args, text, field)
  if (stored === undefined) return undefined

  const single = { ...whole, record: redactJson(others, redactor.redact) }
  const facts = factsOf(stored, text, budget)
  const compose = (parts: RecordParts, slice: LineSlice): Reply => {
    const reply = composeRecord(parts, additionOf(slice, facts, text, slicedText))
    return { ...reply, toldMasks: countMasks(slice.lines.join('')) }
  }
  const identity = identityOf(operation, single)
  const room = budget - sizeOf(compose(identity, { start, next: start, lines: [] }))
  const isFirst = start.from === 1 && start.offset === 0
  const parts = isFirst ? fitRecord(operation, single, Math.floor(room / 2), budget) : identity
  const slice = fittingSlice(text, start, budget, (slice) => sizeOf(compose(parts, slice)) <= budget)
  return compose(parts, slice)
}
