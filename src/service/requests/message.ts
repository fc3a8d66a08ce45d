import { CLIENT_CAPABILITIES_META_KEY, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'
import { isObject, parseJson } from '../../shared/json.ts'
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

/** The members of `_meta` of a request. */
function metaOf(message: unknown): Record<string, unknown> {
  const params = isObject(message) ? message['params'] : undefined
  const meta = isObject(params) ? params['_meta'] : undefined
  return isObject(meta) ? { ...meta } : {}
}

/**
 * A request of 2026-07-28 that does not say what its client can do. Over stdio that means nothing; over HTTP the
 * revision demands 400 (basic/index, "Request metadata"), so that nothing is added here.
 */
const lacksCapabilities = (value: unknown): boolean => {
  const meta = metaOf(value)
  return PROTOCOL_VERSION_META_KEY in meta && (meta[CLIENT_CAPABILITIES_META_KEY] ?? undefined) === undefined
}

function withoutCapabilities(message: unknown): unknown {
  if (!isObject(message) || !isObject(message['params'])) return message
  const { [CLIENT_CAPABILITIES_META_KEY]: _, ...meta } = metaOf(message)
  return { ...message, params: { ...message['params'], _meta: meta } }
}

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
  const isIncomplete = lacksCapabilities(value)
  const read = messageIn(readMessage(value, noQuestions))
  return read.error || !isIncomplete ? read : { message: withoutCapabilities(read.message) }
}
