/** What one line of JSON-RPC is, by its specification alone (https://www.jsonrpc.org/specification). */
export interface ParsedLine {
  /** True of a request, a notification or a response, or of a batch of them. */
  readonly isProtocol: boolean
  /** The ids that request an answer, as JSON. */
  readonly requestIds: readonly string[]
  readonly method?: string
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isId = (id: unknown): boolean => ['string', 'number'].includes(typeof id) || id === null

function isMessage(value: unknown): boolean {
  if (!isObject(value) || value['jsonrpc'] !== '2.0') return false
  const { method, id, error } = value
  if (typeof method === 'string')
    return (
      (!('id' in value) || isId(id)) && (value['params'] === undefined || typeof value['params'] === 'object')
    )
  return isId(id) && ('result' in value || isObject(error))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a client sent. Ids of any type count, since a server may answer messages that it should not. */
export function lineOf(sent: string | Buffer): ParsedLine {
  const text = typeof sent === 'string' ? sent : sent.toString('utf8')
  // A byte order mark and blanks are not part of a message, but a server may skip them.
  const value = parsed(text.replace(/^\ufeff/, ''))
  const messages = Array.isArray(value) ? value : [value]
  const requestIds = messages.flatMap((message) =>
    isObject(message) && 'id' in message ? [JSON.stringify(message['id'])] : [],
  )
  const method = isObject(value) && typeof value['method'] === 'string' ? value['method'] : undefined
  return {
    isProtocol: messages.length > 0 && messages.every(isMessage),
    requestIds,
    ...(method !== undefined && { method }),
  }
}

const isMcpId = (id: unknown): boolean => typeof id === 'string' || Number.isSafeInteger(id)

/** The id, as JSON, of a single request that a server must answer, whatever else is in it. */
export function awaitedId(sent: string | Buffer): string | undefined {
  const value = parsed((typeof sent === 'string' ? sent : sent.toString('utf8')).replace(/^\ufeff/, ''))
  if (!isObject(value) || !isMcpId(value['id'])) return undefined
  const { method, result, error } = value
  // A subscription is answered when it ends. Without a method the line may be an answer.
  const isRequest = method !== undefined && method !== null && method !== 'subscriptions/listen'
  return isRequest && result === undefined && error === undefined ? JSON.stringify(value['id']) : undefined
}

/** The id, as JSON, of the request that a notification cancels. */
export function cancelledId(sent: string | Buffer): string | undefined {
  const value = parsed(typeof sent === 'string' ? sent : sent.toString('utf8'))
  if (!isObject(value) || value['method'] !== 'notifications/cancelled') return undefined
  return isObject(value['params']) ? JSON.stringify(value['params']['requestId']) : undefined
}

/** What is wrong with a line that a server wrote; undefined when nothing is. */
export function complaintOf(text: string): string | undefined {
  const value = parsed(text)
  if (!isObject(value)) return 'no JSON object'
  if (!isMessage(value)) return 'no JSON-RPC message'
  const { error } = value
  if (error === undefined) return undefined
  if (!isObject(error) || !Number.isSafeInteger(error['code']) || typeof error['message'] !== 'string')
    return 'an error without code and message'
  return 'result' in value ? 'a result and an error' : undefined
}
