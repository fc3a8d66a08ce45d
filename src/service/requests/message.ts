import { parseJson } from '../../shared/json.ts'
import {
  errorCodes,
  type Id,
  type Reading,
  readMessage,
} from '../../tools/server/protocol/protocol-message.ts'

// The message in the body of a request. What clients write is made plain as over stdio.

/** A message, or why there is none: the answer of JSON-RPC. */
export type BodyMessage =
  | { readonly message: unknown; readonly error?: undefined }
  | { readonly error: { readonly id: Id | null; readonly code: number; readonly why: string } }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Text in UTF-8; a byte order mark is left out. Undefined for other bytes. */
function textOf(body: Buffer): string | undefined {
  try {
    return utf8.decode(body)
  } catch {
    return undefined
  }
}

const noQuestions: ReadonlySet<Id> = new Set()

function messageIn(reading: Reading): BodyMessage {
  switch (reading.kind) {
    case 'message':
      return { message: reading.message }
    case 'refused':
      return { error: reading }
    case 'ignored':
      return {
        error: { id: null, code: errorCodes.request, why: `The message cannot be used: ${reading.why}.` },
      }
    case 'batch': {
      const members = reading.members.map(messageIn)
      return (
        members.find(({ error }) => error) ?? {
          message: members.map((member) => member.error ?? member.message),
        }
      )
    }
  }
}

/** Reads the body of a request. */
export function readBodyMessage(body: Buffer): BodyMessage {
  const text = textOf(body)
  const value = text === undefined ? undefined : parseJson(text)
  if (value === undefined)
    return { error: { id: null, code: errorCodes.parse, why: 'The body is no JSON in UTF-8.' } }
  return messageIn(readMessage(value, noQuestions))
}
