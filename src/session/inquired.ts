import type { Operation } from '../operations/operation.ts'
import type { Redact } from '../secrets.ts'
import { InputError, QualysError } from './errors.ts'
import { type Payload, productOf, type Refusal } from './product.ts'
import type { Reply } from './wire.ts'

/** How Qualys answered one read: the answer itself, and what this program makes of it. */
export interface Inquired {
  /** Absent where nothing came back. */
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  /** Without its parameters, such as `application/json`. */
  readonly mediaType: string
  /** Of the body, unpacked. */
  readonly bytes: number
  /** From asking to the whole answer, a login included. */
  readonly milliseconds: number
  /** The body as the product's codec reads it; undefined where it is in another format. */
  readonly value: unknown
  /** What is inside the product's envelope; absent where it was refused, or is none. */
  readonly payload?: Payload
  readonly refusal?: Refusal
  /** What a call of the tool would have said. */
  readonly failure?: QualysError
}

/** Asks once, and tells what came. Only for reads: an effect is never tried out. */
export async function inquired(
  operation: Operation,
  redact: Redact,
  ask: (heard: (reply: Reply) => void) => Promise<unknown>,
): Promise<Inquired> {
  if (operation.effect !== 'read')
    throw new InputError(`${operation.name} is no read.`, 'Only reads can be tried out.')
  const began = performance.now()
  let reply: Reply | undefined
  let failure: QualysError | undefined
  try {
    await ask((heard) => {
      reply = heard
    })
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    failure = error
  }
  const milliseconds = Math.round(performance.now() - began)
  const known = { milliseconds, ...(failure && { failure }) }
  if (!reply) return { ...known, headers: {}, mediaType: '', bytes: 0, value: undefined }
  const { status, headers, bytes } = reply
  const answer = { ...known, status, headers, mediaType: mediaTypeOf(headers), bytes: bytes.length }
  try {
    const product = productOf(operation)
    const value = (await product.codec()).read(reply)
    const refusal = product.refusal(value, status, operation)
    if (refusal) return { ...answer, value, refusal }
    if (operation.returns !== 'file')
      return { ...answer, value, payload: product.unwrap({ ...reply, value }, operation) }
    product.checkFile({ ...reply, value }, answer.mediaType, operation, redact)
    return { ...answer, value }
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    return { ...answer, value: undefined, failure: failure ?? error }
  }
}

const mediaTypeOf = (headers: Readonly<Record<string, string>>): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
