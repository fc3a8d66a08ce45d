import { isObject } from '../../shared/json.ts'

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>

/** A response of JSON-RPC without its envelope. */
export type Reply =
  | { readonly result: Json; readonly error?: undefined }
  | {
      readonly result?: undefined
      readonly error: { readonly code: number; readonly message: string; readonly data?: unknown }
    }

/** JSON-RPC reserves -32000 to -32099 for servers. */
const serverErrorCode = -32_000

/** The response in a message; undefined if it is none. */
export function replyIn(message: unknown): Reply | undefined {
  if (!isObject(message)) return undefined
  const { result, error } = message
  if (isObject(result)) return { result }
  if (!isObject(error)) return undefined
  const { code, message: text, data } = error
  if (typeof code !== 'number' || typeof text !== 'string') return undefined
  return { error: { code, message: text, ...(data !== undefined && { data }) } }
}

/** An error of JSON-RPC as a reply. */
export const errorReply = (message: string, code: number = serverErrorCode): Reply => ({
  error: { code, message },
})

/** A failure as the client's model can read it: a result of a tool call, an error of any other request. */
export const failureReply = (method: string, sentence: string): Reply =>
  method === 'tools/call'
    ? { result: { resultType: 'complete', content: [{ type: 'text', text: sentence }], isError: true } }
    : errorReply(sentence)
