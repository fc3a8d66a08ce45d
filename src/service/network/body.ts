import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Refusal } from './replies.ts'

/** A request whose body is refused; `refuse` writes it. */
export class BodyError extends Error implements Refusal {
  readonly status: number

  constructor(status: number, sentence: string) {
    super(sentence)
    this.status = status
  }

  get sentence(): string {
    return this.message
  }
}

/** What a body may take. */
export interface BodyLimits {
  readonly maxBytes: number
  /** The longest time from here to its last byte, in ms. */
  readonly timeoutMs: number
  /** Ends the reading, such as when the service ends. */
  readonly signal?: AbortSignal
  /** The media types that are taken; JSON alone if absent. */
  readonly types?: readonly string[]
}

const tooLarge = (maxBytes: number): BodyError =>
  new BodyError(413, `The body of the request is larger than ${maxBytes} bytes: send a smaller one.`)

const halfBody = (): BodyError => new BodyError(400, 'The connection ended before the body of the request.')
const ending = (): BodyError => new BodyError(503, 'The service ends: send the request again in a moment.')

/** True if the client sends its body once it is told to. Node itself refuses other expectations (417). */
const isWaiting = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.expect !== undefined && httpVersion === '1.1'

/** Throws a BodyError (413) if the request says that its body is too large. Reads nothing. */
export function refuseLargeBody({ headers }: Pick<IncomingMessage, 'headers'>, maxBytes: number): void {
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
}

const jsonType = 'application/json'

/** Throws a BodyError (415) for anything but these types in UTF-8 as it is. */
function refuseOtherTypes({ headers }: Pick<IncomingMessage, 'headers'>, types: readonly string[]): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(/\s*;\s*/)
  const isUtf8 = parameters.every((one) => !one.startsWith('charset=') || /^charset="?utf-8"?$/.test(one))
  if (!types.includes(type.trim()) || !isUtf8)
    throw new BodyError(
      415,
      types.length === 1 && types.includes(jsonType)
        ? 'The body of the request must be JSON in UTF-8: send Content-Type: application/json.'
        : `The body of the request must be ${types.join(' or ')} in UTF-8.`,
    )
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new BodyError(
      415,
      'The body of the request must not be compressed: send it without Content-Encoding.',
    )
}

/**
 * The body of a request. Throws a BodyError: 413 if it is too large, 415 if it is of another type, 408 if it takes too
 * long, 400 if it ends early, 503 once the signal aborts. A client that waits for `100 Continue` is told to send it here, so call
 * it when the caller is known; nothing after the limit is kept.
 */
export async function readBody(
  req: IncomingMessage,
  res: ServerResponse,
  { maxBytes, timeoutMs, signal, types = [jsonType] }: BodyLimits,
): Promise<Buffer> {
  refuseLargeBody(req, maxBytes)
  refuseOtherTypes(req, types)
  if (signal?.aborted) throw ending()
  if (req.destroyed) throw halfBody()
  if (isWaiting(req)) res.writeContinue()
  const chunks: Buffer[] = []
  let size = 0
  return await new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (size > maxBytes) stop(tooLarge(maxBytes))
      else chunks.push(chunk)
    }
    const finish = (): void => {
      settle()
      resolve(Buffer.concat(chunks, size))
    }
    const stop = (error: BodyError): void => {
      settle()
      reject(error)
    }
    const breakOff = (): void => stop(halfBody())
    const abort = (): void => stop(ending())
    const timer = setTimeout(
      () => stop(new BodyError(408, 'The body of the request took too long: send it again.')),
      timeoutMs,
    )
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      req.off('data', take).off('end', finish).off('close', breakOff)
    }
    signal?.addEventListener('abort', abort)
    req.on('data', take).on('end', finish).on('close', breakOff)
  })
}
