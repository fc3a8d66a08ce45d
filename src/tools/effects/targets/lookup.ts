import type { Input, Operation } from '../../../operations/operation.ts'
import { copyMoved } from '../../../operations/reads/moved-fields.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError, QualysError } from '../../../shared/errors.ts'
import { redactJson } from '../../../shared/secrets.ts'
import type { ToolContext } from '../../tool.ts'

/** One target of an effect, and its row at Qualys; without a row if it could not be looked up. */
export interface Target {
  readonly id: string
  readonly row?: Row
  /** As Qualys sent it: for comparison, never for display. */
  readonly raw?: Row
}

/** What a lookup needs of the context of a call. */
export type LookupContext = Pick<ToolContext, 'session' | 'signal'>

/** Redacts before anything is quoted or clipped, since a clipped secret would no longer be recognized. */
export function toTarget({ session }: LookupContext, id: string, row: Row | undefined): Target {
  return { id, ...(row && { row: copyMoved(row, redactJson(row, session.redact)), raw: row }) }
}

/** The record that Qualys answers with; undefined if there is none. */
export async function readRecord({ session, signal }: LookupContext, get: Operation, args: Input) {
  const answer = await session.call(get, args, { signal })
  return answer.kind === 'record' ? answer.record : undefined
}

/** One page of a list. */
export async function readPage({ session, signal }: LookupContext, list: Operation, args: Input) {
  const answer = await session.call(list, args, { signal })
  return answer.kind === 'page' ? answer : undefined
}

/** The rows with these ids as they are now: a cached row may be older than the last change. */
export const readRows = ({ session, signal }: LookupContext, list: Operation, ids: readonly string[]) =>
  session.find(list, ids, { signal }, true)

/** All rows of a list, in batches. */
export const readList = ({ session, signal }: LookupContext, list: Operation, args: Input = {}) =>
  session.walk(list, args, { signal })

/** The current rows with these ids. Throws an InputError for an unknown id. */
export async function requireInList(
  context: LookupContext,
  list: Operation,
  ids: readonly string[] = [],
): Promise<Target[]> {
  if (ids.length === 0) return []
  const rows = await readRows(context, list, ids)
  const missing = ids.find((id) => !rows.has(id))
  if (missing !== undefined)
    throw new InputError(
      `${list.name} shows no id ${missing}; it may lie outside the scope this user may see.`,
      'Pass ids as that list shows them.',
    )
  return ids.map((id) => toTarget(context, id, rows.get(id)))
}

/**
 * The result of a lookup, or undefined if it fails: a preview then says "not found". Throws if the call is
 * cancelled.
 */
export async function tryLookUp<T>(context: LookupContext, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof QualysError) return undefined
    throw error
  }
}
