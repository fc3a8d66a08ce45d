import { type Input, isEffect, type Operation } from '../../operations/operation.ts'
import { copyMoved } from '../../operations/reads/moved-fields.ts'
import type { Answer, Row } from '../../session/answer.ts'
import { type Clock, systemClock } from '../../shared/clock.ts'
import { texts } from '../../shared/format.ts'
import { redactJson } from '../../shared/secrets.ts'
import { Turns } from '../../shared/turns/turns.ts'
import { withWholeIds } from '../arguments/short-ids.ts'
import { importInput } from '../effects/imports/import-input.ts'
import { perform } from '../effects/perform.ts'
import { listsOf } from '../lists.ts'
import { fileReply } from '../replies/files.ts'
import { readPart } from '../replies/parts/read-part.ts'
import { recordReply } from '../replies/record.ts'
import { pageReply, type Reply } from '../replies/reply.ts'
import { sliceInput, sliceReply } from '../replies/slices/text-slice.ts'
import { derivationOf } from '../rows/derivation.ts'
import { excerptsOf } from '../rows/excerpts.ts'
import { hiddenTextNote } from '../rows/hidden-text.ts'
import { continuationToken, listInput } from '../rows/list-input.ts'
import { type RowSelector, rowSelector } from '../rows/row-selector.ts'
import type { Tool, ToolContext } from '../tool.ts'
import { countList } from '../workflows/count/count.ts'
import { groupCountingInput, listToCount } from './group-counting.ts'

/** Rows without secrets. Each may hold a megabyte. */
async function redactedRows(
  operation: Operation,
  rows: readonly Row[],
  { session, signal }: ToolContext,
): Promise<Row[]> {
  const redacted: Row[] = []
  const turns = new Turns(signal)
  for (const row of rows) {
    const clean = copyMoved(row, redactJson(row, session.redact))
    redacted.push(operation.abridge?.(clean) ?? clean)
    await turns.give()
  }
  return redacted
}

/** Redacts before anything is clipped, since a clipped secret would no longer be recognized. */
async function toReply(
  operation: Operation,
  answer: Answer,
  args: Input,
  context: ToolContext,
  selector: RowSelector,
): Promise<Reply> {
  const { replyChars } = context.configuration.settings
  const { redact } = context.session
  switch (answer.kind) {
    case 'record':
      return (
        sliceReply(operation, answer, args, context.session, replyChars) ??
        recordReply(operation, { ...answer, record: redactJson(answer.record, redact) }, replyChars)
      )
    case 'file':
      return fileReply(operation, answer, replyChars, redact)
    case 'page': {
      const { shownOperation, isFilter, pageNotes } = selector
      const rows = await redactedRows(operation, answer.rows, context)
      const search = { redact, budget: replyChars, signal: context.signal }
      const origin = answer.origin && redactJson(answer.origin, redact)
      // What is true of all rows is said once, with the first page.
      const originNotes =
        args['continuationToken'] === undefined ? (origin?.notes ?? []) : texts(origin?.pageNote)
      return pageReply(
        shownOperation,
        { ...answer, rows, origin },
        {
          budget: replyChars,
          excerpts: await excerptsOf(operation, rows, args, search),
          isFiltered: isFilter,
          unknown: selector.unknownUpTo(answer.rows),
          notes: texts(
            originNotes,
            args['match'] === undefined && hiddenTextNote(operation, args, rows),
            pageNotes,
          ),
          ...(Array.isArray(args['fields']) && { fields: args['fields'] }),
          ...(Array.isArray(args['sort']) && { sort: args['sort'] }),
        },
      )
    }
  }
}

/** The answer with what follows from other lists, unless the selector has added it. */
async function completed(
  { complete }: Operation,
  answer: Answer,
  selector: RowSelector,
  context: ToolContext,
): Promise<Answer> {
  if (!complete || selector.isNeeded) return answer
  if (answer.kind === 'page') return { ...answer, rows: await selector.complete(answer.rows) }
  if (answer.kind === 'file') return answer
  const [record = answer.record] = await complete([answer.record], listsOf(context))
  return { ...answer, record }
}

/** Marks a guessed tool in its description, where the assistant reads it first. */
function descriptionOf({ description, evidence }: Operation): string {
  return evidence === 'guessed' ? `${description} (unverified: its path is not public).` : `${description}.`
}

/** The inputs of the tool: the operation's own, and those that choose what of the answer is shown. */
function inputOf(operation: Operation): Tool['input'] {
  if (operation.returns === 'rows') return { ...operation.input, ...listInput(operation) }
  if (operation.parts) return { ...operation.input, continuationToken }
  if (operation.slicedText) return { ...operation.input, ...sliceInput }
  return groupCountingInput(operation)
}

/** The tool of an operation, with a given clock. */
export function operationTool(clock: Clock, operation: Operation): Tool {
  return {
    name: operation.name,
    title: operation.title,
    description: descriptionOf(operation),
    ...(operation.slicedText && { hasLongReplies: true }),
    effect: operation.effect,
    ...(importInput(operation) ?? { input: inputOf(operation) }),
    keepsStored: operation.change?.keepsStored ?? (operation.effect === 'update' || undefined),
    run: async (passed, context) => {
      if (isEffect(operation)) return perform(operation, passed, context, clock)
      const args = await withWholeIds(operation, passed, context)
      const { session, signal, progress } = context
      if (operation.parts) {
        const budget = context.configuration.settings.replyChars
        return readPart(operation, operation.parts, args, { session, signal, budget })
      }
      const counted = listToCount(operation, args)
      if (counted) return countList(counted, args, context)
      // Other lists may be read before the first row, and more about each row.
      const stopProgress = progress.repeat(clock)
      try {
        const selector = await rowSelector(operation, args, context)
        const answer = await session.call(operation, args, {
          signal,
          onProgress: (scanned, total) => progress.report(scanned, total),
          selection: selector.isNeeded ? selector : undefined,
          derive: derivationOf(operation, args, context),
        })
        const whole = await completed(operation, answer, selector, context)
        return await toReply(operation, whole, args, context, selector)
      } finally {
        stopProgress()
      }
    },
  }
}

/** The tool of an operation. */
export const toolOf = (operation: Operation): Tool => operationTool(systemClock, operation)
