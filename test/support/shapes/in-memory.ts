import { QualysError } from '../../../src/shared/errors.ts'
import { operationOf } from '../operations/calls.ts'
import { inMemory, type Sent } from '../session/memory.ts'
import type { Answer, Place } from './shape.ts'

/** What an assistant would read, and what was sent for it. */
export interface Answered {
  readonly text: string
  readonly isError: boolean
  readonly error: Readonly<Record<string, unknown>> | undefined
  readonly sent: readonly Sent[]
  readonly logins: readonly Sent[]
}

/** An answer as the transport takes it. */
export function transported({ status = 200, body, base64, contentType = 'application/json' }: Answer) {
  const bytes = base64 === undefined ? body : Buffer.from(base64, 'base64')
  const untyped = base64 !== undefined || bytes === undefined || bytes === '' || contentType === ''
  return { status, body: bytes, ...(!untyped && { headers: { 'content-type': contentType } }) }
}

/** Calls an operation whose one request is answered so: a read as its tool shows it, an effect without what comes before. */
export async function outcomeIn({ tool, args }: Place, answer: Answer): Promise<Answered> {
  const memory = inMemory(() => transported(answer))
  const { session, sent, logins } = memory
  const operation = operationOf(tool)
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
