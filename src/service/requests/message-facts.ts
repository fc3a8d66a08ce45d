import { isObject } from '../../shared/json.ts'

/** What the log, the metrics and the checks need of a message: nothing of its arguments. */
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

function factsOf(message: unknown): MessageFacts {
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

/** The facts of a message, or of each one of a batch. An answer of a client has no method. */
export const factsOfMessages = (given: unknown): readonly [MessageFacts, ...MessageFacts[]] => {
  const [first, ...others]: unknown[] = Array.isArray(given) ? given : [given]
  return [factsOf(first), ...others.map(factsOf)]
}
