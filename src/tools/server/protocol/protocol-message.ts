import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isJSONRPCRequest,
  type JSONRPCMessage,
  PROTOCOL_VERSION_META_KEY,
  specTypeSchemas,
} from '@modelcontextprotocol/server'
import { isObject, parseJson } from '../../../shared/json.ts'
import { sentenceOf } from './protocol-error.ts'

// What a client writes, made plain: clients of many languages write null for what is unset, add members, and
// leave others out. Whatever can mean one thing only is taken. A message that holds an id is never ignored.

/** JSON-RPC 2.0, section 5.1. */
export const errorCodes = { parse: -32_700, request: -32_600, params: -32_602, internal: -32_603 } as const

export type Id = string | number

/** What one message of a client is. */
export type Reading =
  | { readonly kind: 'message'; readonly message: JSONRPCMessage }
  /** An invalid request. The answer holds its id, or null if it has none that can be read. */
  | { readonly kind: 'refused'; readonly id: Id | null; readonly code: number; readonly why: string }
  /** A notification or an answer that cannot be used. JSON-RPC answers neither. */
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'batch'; readonly members: readonly Reading[] }

type Json = Record<string, unknown>

const isId = (id: unknown): id is Id => typeof id === 'string' || typeof id === 'number'

/** Removes null members at any depth, in place. A null in a list stays: its position may matter. */
function removeNulls(value: unknown, isEnvelope = false): void {
  if (Array.isArray(value)) for (const item of value) removeNulls(item)
  if (!isObject(value)) return
  for (const [name, member] of Object.entries(value))
    if (member === null && !(isEnvelope && name === 'id')) delete (value as Json)[name]
    else removeNulls(member)
}

/** PHP writes an empty object as an empty list. */
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

/** Some hosts pass the arguments of a tool as JSON text. */
const fromText = (value: unknown): unknown => {
  const parsed = typeof value === 'string' ? (value.trim() === '' ? {} : parseJson(value)) : undefined
  return isObject(parsed) ? parsed : value
}

/** The arguments of a prompt are texts (MCP): numbers and booleans mean their text. */
const asTexts = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, member]) => [
          name,
          typeof member === 'number' || typeof member === 'boolean' ? String(member) : member,
        ]),
      )
    : value

const isProgressToken = (token: unknown): boolean => typeof token === 'string' || Number.isInteger(token)

/** An object of which a client may have left out members, or that it wrote as an empty list. */
const completed = (value: unknown, members: Json): unknown =>
  value === undefined || isEmptyList(value) ? members : isObject(value) ? { ...members, ...value } : value

const unnamedClient: Json = { name: 'unknown', version: 'unknown' }

/** Capabilities that are left out are none. */
function plainCapabilities(value: unknown): unknown {
  const capabilities = completed(value, {})
  return isObject(capabilities)
    ? Object.fromEntries(
        Object.entries(capabilities).map(([name, member]) => [name, isEmptyList(member) ? {} : member]),
      )
    : capabilities
}

function plainMeta(meta: unknown): unknown {
  if (!isObject(meta)) return meta
  const { progressToken, ...rest } = meta
  return {
    ...rest,
    // Without a token that can be sent back there is no progress, and the request is served all the same.
    ...(isProgressToken(progressToken) && { progressToken }),
    ...(PROTOCOL_VERSION_META_KEY in meta && {
      [CLIENT_CAPABILITIES_META_KEY]: plainCapabilities(meta[CLIENT_CAPABILITIES_META_KEY]),
      [CLIENT_INFO_META_KEY]: completed(meta[CLIENT_INFO_META_KEY], unnamedClient),
    }),
  }
}

function plainParams(method: string, params: unknown): unknown {
  if (!isObject(params)) return isEmptyList(params) ? undefined : params
  const plain: Json = { ...params }
  for (const name of ['arguments', '_meta']) if (isEmptyList(plain[name])) delete plain[name]
  if ('_meta' in plain) plain['_meta'] = plainMeta(plain['_meta'])
  if ('arguments' in plain) {
    plain['arguments'] = fromText(plain['arguments'])
    if (method === 'prompts/get') plain['arguments'] = asTexts(plain['arguments'])
  }
  if (method === 'initialize') {
    plain['capabilities'] = plainCapabilities(plain['capabilities'])
    plain['clientInfo'] = completed(plain['clientInfo'], unnamedClient)
  }
  return plain
}

/** An answer to a question of the server. What is no result becomes an error, so that nothing waits for it. */
function readAnswer(message: Json): Reading {
  const { id, result, error } = message
  if (!isId(id)) return { kind: 'ignored', why: 'an answer without an id' }
  const isAnswered = isObject(result) && error === undefined
  const { code, message: text, data } = isObject(error) ? error : ({} as Json)
  const failure = {
    code: Number.isSafeInteger(code) ? Number(code) : errorCodes.internal,
    message: typeof text === 'string' ? text : 'the client answered without a result',
    ...(data !== undefined && { data }),
  }
  return {
    kind: 'message',
    message: { jsonrpc: '2.0', id, ...(isAnswered ? { result } : { error: failure }) } as JSONRPCMessage,
  }
}

function readRequest(message: Json, id: Id): Reading {
  const refuse = (why: string, code: number = errorCodes.request): Reading => ({
    kind: 'refused',
    id,
    code,
    why,
  })
  const { jsonrpc, method } = message
  if (jsonrpc !== '2.0') return refuse('The message needs "jsonrpc": "2.0".')
  if (typeof method !== 'string') return refuse('The message needs a method, as text.')
  if (typeof id === 'number' && !Number.isSafeInteger(id))
    return refuse('The id must be text, or a whole number of at most 9007199254740991.')
  const params = plainParams(method, message['params'])
  const request = { jsonrpc, id, method, ...(params !== undefined && { params }) }
  if (isJSONRPCRequest(request)) return { kind: 'message', message: request }
  const checked = specTypeSchemas.JSONRPCRequest['~standard'].validate(request)
  const { issues = [] } = checked instanceof Promise ? {} : checked
  return refuse(sentenceOf(issues), errorCodes.params)
}

function readNotification(message: Json): Reading {
  const { jsonrpc, method } = message
  if (jsonrpc !== '2.0' || typeof method !== 'string')
    return { kind: 'refused', id: null, code: errorCodes.request, why: 'This is no JSON-RPC 2.0 message.' }
  const params = plainParams(method, message['params'])
  if (params !== undefined && !isObject(params))
    return { kind: 'ignored', why: 'a notification with odd params' }
  return { kind: 'message', message: { jsonrpc, method, ...(params !== undefined && { params }) } }
}

/**
 * Reads one parsed message, or a batch of them. Changes `value`. `isAsked`: true for the id of a question that
 * the server has asked.
 */
export function readMessage(value: unknown, isAsked: (id: Id) => boolean): Reading {
  if (Array.isArray(value) && value.length > 0)
    return { kind: 'batch', members: value.map((member) => readMember(member, isAsked)) }
  return readMember(value, isAsked)
}

function readMember(value: unknown, isAsked: (id: Id) => boolean): Reading {
  if (!isObject(value))
    return { kind: 'refused', id: null, code: errorCodes.request, why: 'A message must be a JSON object.' }
  const message: Json = value
  const { id } = message
  const isReadable = isId(id)
  const holdsAnswer = 'result' in message || 'error' in message || (isReadable && isAsked(id))
  try {
    removeNulls(message, true)
  } catch {
    // The stack overflows on nesting that no client writes by itself.
    return {
      kind: 'refused',
      id: isReadable ? id : null,
      code: errorCodes.request,
      why: 'The message is nested too deeply.',
    }
  }
  if (holdsAnswer && message['method'] === undefined) return readAnswer(message)
  if (!('id' in message)) return readNotification(message)
  if (isReadable) return readRequest(message, id)
  return {
    kind: 'refused',
    id: null,
    code: errorCodes.request,
    why: 'The id of a request must be text or a whole number.',
  }
}
