import type { Parts } from '../../../operations/long-records.ts'
import type { Input, Operation } from '../../../operations/operation.ts'
import type { Binding, Row } from '../../../session/answer.ts'
import type { Session } from '../../../session/session.ts'
import { texts } from '../../../shared/format.ts'
import { redactJson } from '../../../shared/secrets.ts'
import { deviationsNote } from '../deviations.ts'
import { recordReply } from '../record.ts'
import type { Reply } from '../reply.ts'
import { partReply } from './part-reply.ts'
import { fingerprintOf, positionIn, unitsBefore } from './position.ts'
import { unitsOf } from './units.ts'

/** What reading a part needs of a call. */
interface PartContext {
  readonly session: Session
  readonly signal: AbortSignal
  readonly budget: number
}

/** Reads a record, and shows the part that the token of the call asks for. */
export async function readPart(
  operation: Operation,
  parts: Parts,
  { continuationToken: token, ...query }: Input,
  { session, signal, budget }: PartContext,
): Promise<Reply> {
  const binding: Binding = { tool: operation.name, account: await session.identity(operation), query }
  // A token that does not fit is refused before anything is asked for.
  const position = token === undefined ? undefined : positionIn(String(token), binding)
  const answer = await session.call(operation, query, { signal })
  if (answer.kind !== 'record') throw new Error(`${operation.name} is no read of one record`)
  const record: Row = redactJson(answer.record, session.redact)
  const partition = parts.split(record)
  if (!partition) return recordReply(operation, { ...answer, record }, budget)
  const fingerprint = fingerprintOf(operation, answer.record)
  const units = unitsOf(partition.groups, parts)
  const shown = position && unitsBefore(position, units, fingerprint, parts)
  const notes = texts(deviationsNote(answer))
  return partReply({ operation, parts, partition, shown, fingerprint, binding, notes, budget })
}
