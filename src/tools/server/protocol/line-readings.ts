import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  STDIO_DEFAULT_MAX_BUFFER_SIZE,
} from '@modelcontextprotocol/server'
import { parseJson } from '../../../shared/json.ts'
import type { Line } from './line-reader.ts'
import { errorCodes, type Id, type Reading, readMessage } from './protocol-message.ts'

/** The longest line of a client: the longest arguments, a script and five thousand ids, take a tenth of it. */
export const maxLineBytes = STDIO_DEFAULT_MAX_BUFFER_SIZE

/** What becomes of a line of which only the top level is known. */
function tooLong(reading: Reading): Reading {
  const why = `The message is longer than ${maxLineBytes / 1024 / 1024} MiB: send less.`
  if (reading.kind === 'batch') return { kind: 'refused', id: null, code: errorCodes.request, why }
  if (reading.kind === 'refused') return { ...reading, code: errorCodes.request, why }
  if (reading.kind !== 'message') return { kind: 'ignored', why }
  const { message } = reading
  if (isJSONRPCRequest(message)) return { kind: 'refused', id: message.id, code: errorCodes.request, why }
  if (isJSONRPCNotification(message) || message.id === undefined) return { kind: 'ignored', why }
  // An answer that cannot be read: the question fails, so that its call does not wait.
  const error = { code: errorCodes.request, message: why }
  return { kind: 'message', message: { jsonrpc: '2.0', id: message.id, error } }
}

/** Reads a line. `questions`: the ids of the server's questions that wait for an answer. */
export function readLine({ text, isTooLong }: Line, questions: ReadonlySet<Id>): Reading {
  const value = parseJson(text)
  const reading: Reading =
    value === undefined
      ? { kind: 'refused', id: null, code: errorCodes.parse, why: 'The line is no JSON.' }
      : readMessage(value, questions)
  return isTooLong ? tooLong(reading) : reading
}

/** A request is refused where there are no batches. Notifications and answers mean the same in a batch as alone. */
export function refusedInBatch(member: Reading): Reading {
  if (member.kind !== 'message' || !isJSONRPCRequest(member.message)) return member
  const why = 'A batch is not possible in this protocol revision: send one message a line.'
  return { kind: 'refused', id: member.message.id, code: errorCodes.request, why }
}
