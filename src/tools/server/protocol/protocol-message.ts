import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isJSONRPCRequest,
  type JSONRPCMessage,
  PROTOCOL_VERSION_META_KEY,
  specTypeSchemas,
} from '@modelcontextprotocol/server'
import { isObject, parseArguments } from '../../../shared/json.ts'
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

export const isId = (id: unknown): id is Id => typeof id === 'string' || typeof id === 'number'

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
const fromText = (value: unknown): unknown =>
  typeof value === 'string' ? (parseArguments(value) ?? value) : value

/** The arguments of a prompt are texts (MCP): whole numbers and booleans mean their text. */
const asTexts = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, member]) => [
          name,
          // Beyond 2^53 a number has lost digits: its text would be another id.
          typeof member === 'boolean' || Number.isSafeInteger(member) ? String(member) : member,
        ]),
      )
    : value

const isProgressToken = (token: unknown): boolean => typeof token === 'string' || Number.isSafeInteger(token)

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

/** The ids of the questions of the server that wait for an answer. */
type Questions = ReadonlySet<Id>

/** The question with this id. Some clients write the number as text. */
const questionOf = (id: unknown, questions: Questions): Id | undefined =>
  isId(id) ? [...questions].find((question) => String(question) === String(id)) : undefined

/** True for an answer to a question of the server, also for one that repeats the method of the question. */
function isAnswer(message: Json, questions: Questions): boolean {
  const { id, method, result, error } = message
  const isAsked = questionOf(id, questions) !== undefined
  if ((method ?? undefined) === undefined) return isAsked || 'result' in message || 'error' in message
  return isAsked && (result ?? error ?? undefined) !== undefined
}

const failedAnswer = (id: Id, message: string, code: number = errorCodes.internal): Reading => ({
  kind: 'message',
  message: { jsonrpc: '2.0', id, error: { code, message } },
})

/**
 * The question that an answer without a readable id belongs to, if one question alone waits. It fails: a yes to
 * it would be a guess.
 */
function readAnswerWithoutId(questions: Questions): Reading {
  const [question, ...others] = questions
  return question === undefined || others.length > 0
    ? { kind: 'ignored', why: 'an answer without an id' }
    : failedAnswer(question, 'the client answered without the id of the question')
}

/** An answer to a question of the server. What is no result becomes an error, so that nothing waits for it. */
function readAnswer(message: Json, questions: Questions): Reading {
  if (!isId(message['id'])) return readAnswerWithoutId(questions)
  const { result, error } = message
  const id = questionOf(message['id'], questions) ?? message['id']
  if (isObject(result) && error === undefined)
    return { kind: 'message', message: { jsonrpc: '2.0', id, result } as JSONRPCMessage }
  const { code, message: text = error } = isObject(error) ? error : ({} as Json)
  return failedAnswer(
    id,
    typeof text === 'string' ? text : 'the client answered without a result',
    Number.isSafeInteger(code) ? Number(code) : errorCodes.internal,
  )
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

/** Reads one parsed message, or a batch of them. Changes `value`. */
export function readMessage(value: unknown, questions: Questions): Reading {
  if (Array.isArray(value) && value.length > 0)
    return { kind: 'batch', members: value.map((member) => readMember(member, questions)) }
  return readMember(value, questions)
}

function readMember(value: unknown, questions: Questions): Reading {
  if (!isObject(value))
    return { kind: 'refused', id: null, code: errorCodes.request, why: 'A message must be a JSON object.' }
  const message: Json = value
  const { id } = message
  const holdsAnswer = isAnswer(message, questions)
  try {
    removeNulls(message, true)
  } catch {
    // The stack overflows on nesting that no client writes by itself.
    const why = 'The message is nested too deeply.'
    const known = isId(id) ? id : null
    return holdsAnswer && known !== null
      ? failedAnswer(questionOf(id, questions) ?? known, why)
      : { kind: 'refused', id: known, code: errorCodes.request, why }
  }
  if (holdsAnswer) return readAnswer(message, questions)
  if (!('id' in message)) return readNotification(message)
  if (isId(id)) return readRequest(message, id)
  return {
    kind: 'refused',
    id: null,
    code: errorCodes.request,
    why: 'The id of a request must be text or a whole number.',
  }
}
