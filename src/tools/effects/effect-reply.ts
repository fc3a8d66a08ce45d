import type { Operation } from '../../operations/operation.ts'
import { InputError } from '../../session/errors.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { oneLine, quotation } from '../../session/untrusted.ts'
import { flatten } from '../columns.ts'
import type { Reply } from '../reply.ts'

/** `{ids, message}` of a partial answer. */
function partOf(part: unknown): { readonly ids: readonly string[]; readonly message: string } {
  if (!isObject(part) || !Array.isArray(part['ids'])) return { ids: [], message: '' }
  const { ids, message } = part
  return {
    ids: ids.map((id) => oneLine(String(id), 80)),
    message: typeof message === 'string' ? quotation(message) : 'no reason given',
  }
}

/** Ids that Qualys did not take, though it answered with success (configuration pages). */
function refusedPart({ failure, success }: Row): string | undefined {
  const { ids, message } = partOf(failure)
  if (ids.length === 0) return undefined
  const done = partOf(success).ids
  if (done.length === 0)
    throw new InputError(
      `Qualys took none of the ids: ${ids.join(', ')} (${message}).`,
      'Check them with the search tool.',
    )
  return `only in part: done ${done.join(', ')}; refused ${ids.join(', ')} (${message})`
}

/** What was done, and what to do next. */
export function effectReply(
  operation: Operation,
  args: Readonly<Record<string, unknown>>,
  record: Row,
  stored: string | undefined,
): Reply {
  const { change } = operation
  const part = refusedPart(record)
  const done = oneLine(change?.done(record, args) ?? operation.title, 300)
  const facts = [part === undefined ? done : `${operation.title}: ${part}`, stored].filter(
    (text) => text !== undefined,
  )
  const note = change?.next?.(args, record)
  return {
    summary: facts.join('; '),
    body: note ?? '',
    rows: [flatten(record)],
    ...(note !== undefined && { note }),
  }
}
