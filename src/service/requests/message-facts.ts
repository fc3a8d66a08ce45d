import { isObject } from '../../shared/json.ts'

/** What the log, the metrics and the doors need of a message: nothing of its arguments. */
export interface MessageFacts {
  readonly method: string
  /** Of tools/call. */
  readonly tool?: string | undefined
  readonly id?: string | number | undefined
  readonly protocolVersion?: string | undefined
  readonly meta?: unknown
  /** Of notifications/cancelled. */
  readonly cancels?: string | number | undefined
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const idIn = (value: unknown): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined

/** The facts of a message, or of the first one of a batch. An answer of a client has no method. */
export function factsOfMessage(given: unknown): MessageFacts {
  const message: unknown = Array.isArray(given) ? given[0] : given
  if (!isObject(message)) return { method: '' }
  const method = textIn(message['method']) ?? ''
  const params = isObject(message['params']) ? message['params'] : {}
  const meta = isObject(params['_meta']) ? params['_meta'] : undefined
  return {
    method,
    tool: method === 'tools/call' ? textIn(params['name']) : undefined,
    id: idIn(message['id']),
    protocolVersion: textIn(meta?.['io.modelcontextprotocol/protocolVersion'] ?? params['protocolVersion']),
    meta,
    cancels: method === 'notifications/cancelled' ? idIn(params['requestId']) : undefined,
  }
}
