import { CLIENT_CAPABILITIES_META_KEY, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'
import { isObject, parseJson } from '../../shared/json.ts'
import { errorText, idText } from '../../tools/server/protocol/error-text.ts'
import {
  errorCodes,
  type Id,
  type Reading,
  readMessage,
} from '../../tools/server/protocol/protocol-message.ts'

// The message in the body of a request. What clients write is made plain as over stdio.

/** A message, or why there is none. */
type BodyMessage =
  | { readonly message: unknown; readonly error?: undefined }
  | {
      readonly error: { readonly id: Id | null; readonly code: number; readonly why: string }
      readonly message?: undefined
    }

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

/** The one revision with batches: 2025-06-18 removed them again, and brought the header that names the revision. */
const revisionWithBatches = '2025-03-26'

const refused = (why: string): BodyMessage => ({ error: { id: null, code: errorCodes.request, why } })

function messageIn(reading: Reading, hasBatches: boolean): BodyMessage {
  switch (reading.kind) {
    case 'message':
      return { message: reading.message }
    case 'refused':
      return { error: reading }
    case 'ignored':
      return refused(`The message cannot be used: ${reading.why}.`)
    case 'batch': {
      if (!hasBatches)
        return refused('A batch is not possible in this protocol revision: send one message a request.')
      const members = reading.members.map((member) => messageIn(member, hasBatches))
      const fault = members.find(({ error }) => error)
      return fault ?? { message: members.map((member) => member.error ?? member.message) }
    }
  }
}

/** A message, or the answer of JSON-RPC to what is none, as JSON text. */
export type ReadBody =
  | { readonly message: unknown; readonly errorText?: undefined }
  | { readonly errorText: string }

/** Reads the body of a request. `revision`: the header MCP-Protocol-Version. */
export function readBodyMessage(body: Buffer, revision: string | string[] = revisionWithBatches): ReadBody {
  const text = textOf(body)
  const value = text === undefined ? undefined : parseJson(text)
  if (text === undefined || value === undefined)
    return { errorText: errorText('null', errorCodes.parse, 'The body is no JSON in UTF-8.') }
  const isIncomplete = lacksCapabilities(value)
  const { message, error } = messageIn(readMessage(value, noQuestions), revision === revisionWithBatches)
  if (error) return { errorText: errorText(idText(error.id, text), error.code, error.why) }
  return { message: isIncomplete ? withoutCapabilities(message) : message }
}
