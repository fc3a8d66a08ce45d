import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { topLevelOf } from './line-reader.ts'
import { plainErrorMessage } from './protocol-error.ts'
import { errorCodes, type Id } from './protocol-message.ts'

/** The SDK's errors may hold the JSON of its validator: one sentence instead, as an error of the request. */
export function plainError(message: JSONRPCMessage): JSONRPCMessage {
  const plain = 'error' in message ? plainErrorMessage(message.error.message) : undefined
  return plain === undefined ? message : { ...message, error: { code: errorCodes.params, message: plain } }
}

/** An error as JSON text. `id` is JSON already: a number that JavaScript cannot hold keeps its digits. */
export const errorText = (id: string, code: number, message: string): string =>
  `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`

/** The id as the client wrote it. */
export function idText(id: Id | null, text: string): string {
  if (typeof id !== 'number' || Math.abs(id) < 2 ** 53) return JSON.stringify(id)
  return /"id"\s*:\s*(-?\d[\d.eE+-]*)/.exec(topLevelOf(text))?.[1] ?? 'null'
}
