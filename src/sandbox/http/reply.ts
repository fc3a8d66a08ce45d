import { STATUS_CODES } from 'node:http'
import type { XmlElement } from '../xml/writer.ts'

/** A reply before it is encoded. JSON and XML are kept as values, so that faults can change them. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  content: { json: unknown } | { xml: XmlElement } | { text: string | Buffer; type: string }
}

/** Thrown by a handler to send a reply other than success. */
export class Refusal extends Error {
  readonly reply: Reply

  constructor(reply: Reply, message: string) {
    super(message)
    this.reply = reply
  }
}

export function jsonReply(status: number, json: unknown): Reply {
  return { status, content: { json } }
}

/** The envelope of searches: errorCode and message are null on success (getting_started.htm). */
export function resultEnvelope(body: unknown): Reply {
  return jsonReply(200, { errorCode: null, message: null, body })
}

/** The envelope of effects: errorCode "0" and a message (import_scripts.htm). */
export function effectEnvelope(message: string, body: unknown): Reply {
  return jsonReply(200, { errorCode: '0', message, body })
}

/** `{body}` alone, the reply of execute, scheduler/search and the block-* calls. */
export function bareBody(body: unknown): Reply {
  return jsonReply(200, { body })
}

/** Partial success, as the block-* pages print it: ids that are not valid are not processed. */
export function partialSuccess(requested: ReadonlySet<number>, valid: ReadonlySet<number>): Reply {
  const ids = [...requested]
  return bareBody({
    success: { ids: ids.filter((id) => valid.has(id)), message: 'Ids are processed' },
    failure: { ids: ids.filter((id) => !valid.has(id)), message: 'Ids are Invalid' },
  })
}

/** A status with CAR's envelope. No page shows the envelope of a failure: an assumption. */
const refusalWith = (status: number) => (message: string) =>
  new Refusal(jsonReply(status, { errorCode: String(status), message, body: null }), message)

export const badRequest = refusalWith(400)
/** For an action that the role does not allow. */
export const forbidden = refusalWith(403)
/** For an unknown id. */
export const notFound = refusalWith(404)

/** An error of the gateway itself (pcrs_error_codes.htm shows status, error and message). */
export function gatewayError(status: number, message: string, path: string): Reply {
  return jsonReply(status, {
    timestamp: new Date().toISOString(),
    status,
    error: STATUS_CODES[status] ?? 'Error',
    message,
    path,
  })
}

/** 401 as pcrs_error_codes.htm prints it. */
export function unauthorized(message: 'Not authenticated' | 'JWT expired'): Reply {
  return jsonReply(401, { status: 401, error: 'Unauthorized', message })
}

export function attachment(text: string | Buffer, type: string, filename: string): Reply {
  return {
    status: 200,
    headers: { 'content-disposition': `attachment; filename="${filename}"` },
    content: { text, type },
  }
}
