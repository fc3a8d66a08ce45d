import { QualysError } from '../../../src/shared/errors.ts'
import { operationNamed } from '../operations/calls.ts'
import { openInMemory, type SentRequest } from '../session/memory.ts'
import type { Answer, SampleCall } from './shape.ts'

/** What an assistant reads, and the requests that were sent. */
export interface ShapeResult {
  readonly text: string
  readonly isError: boolean
  readonly error: Readonly<Record<string, unknown>> | undefined
  readonly sent: readonly SentRequest[]
  readonly logins: readonly SentRequest[]
}

/** An answer as the transport returns it. */
export function toTransportAnswer({ status = 200, body, base64, contentType = 'application/json' }: Answer) {
  const bytes = base64 === undefined ? body : Buffer.from(base64, 'base64')
  const untyped = base64 !== undefined || bytes === undefined || bytes === '' || contentType === ''
  return { status, body: bytes, ...(!untyped && { headers: { 'content-type': contentType } }) }
}

/**
 * Calls an operation whose one request gets this answer: a read as its tool shows it, an effect without preview and
 * limits.
 */
export async function outcomeInMemory({ tool, args }: SampleCall, answer: Answer): Promise<ShapeResult> {
  const memory = openInMemory(() => toTransportAnswer(answer))
  const { session, sent, logins } = memory
  const operation = operationNamed(tool)
  if (operation.effect === 'read') return { ...(await memory.call(tool, args)), sent, logins }
  try {
    await session.call(operation, args)
    return { text: 'done', isError: false, error: undefined, sent, logins }
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    const { message, next, kind, details } = error
    const text = `${message} ${next}`.trim()
    return { text, isError: true, error: { kind, next, ...details }, sent, logins }
  }
}
