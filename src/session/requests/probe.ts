import type { Operation } from '../../operations/operation.ts'
import { InputError, QualysError } from '../../shared/errors.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { Refusal } from '../failures/refusal.ts'
import { type HttpResponse, parsedResponse } from '../http/response.ts'
import type { Payload, Product } from '../products/product.ts'

/** How Qualys answered one read: the answer itself, and how this program reads it. */
export interface ProbeResult {
  /** Absent if no answer came. */
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  /** Without parameters, such as `application/json`. */
  readonly mediaType: string
  /** Size of the body, decompressed. */
  readonly bytes: number
  /** Time to the complete answer, login included. */
  readonly milliseconds: number
  /** The body as the product's codec reads it; undefined if it is in another format. */
  readonly value: unknown
  /** The content of the product's envelope; absent if the call was refused or there is no envelope. */
  readonly payload?: Payload
  readonly refusal?: Refusal
  /** The error that a call of the tool would have returned. */
  readonly failure?: QualysError
}

/**
 * Sends a read once and reports what came back. Throws an InputError for an effect: effects are never probed.
 */
export async function probe(
  operation: Operation,
  product: Product,
  redact: Redact,
  send: (onResponse: (response: HttpResponse) => void) => Promise<unknown>,
): Promise<ProbeResult> {
  if (operation.effect !== 'read')
    throw new InputError(`${operation.name} is no read.`, 'Only reads can be tried out.')
  const began = performance.now()
  let response: HttpResponse | undefined
  let failure: QualysError | undefined
  try {
    await send((received) => {
      response = received
    })
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    failure = error
  }
  const milliseconds = Math.round(performance.now() - began)
  const basics = { milliseconds, ...(failure && { failure }) }
  if (!response) return { ...basics, headers: {}, mediaType: '', bytes: 0, value: undefined }
  const { status, headers, bytes } = response
  const answer = { ...basics, status, headers, mediaType: mediaTypeOf(headers), bytes: bytes.length }
  try {
    const codec = await product.codec()
    const value = await codec.read(response, operation)
    const refusal = product.refusal(value, status, operation)
    if (refusal) return { ...answer, value, refusal }
    if (operation.returns !== 'file')
      return { ...answer, value, payload: product.unwrap(parsedResponse(response, { value }), operation) }
    product.checkFile(parsedResponse(response, { value }), answer.mediaType, operation, redact)
    return { ...answer, value }
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    return { ...answer, value: undefined, failure: failure ?? error }
  }
}

const mediaTypeOf = (headers: Readonly<Record<string, string>>): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
