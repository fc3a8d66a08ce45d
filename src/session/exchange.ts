import type { Input, Operation, Provided } from '../operations/operation.ts'
import type { Redact } from '../secrets.ts'
import type { Opening } from './access.ts'
import type { Caller } from './caller.ts'
import type { Link } from './connection.ts'
import { failureOf } from './failure.ts'
import { isLost, mayHaveHappened, orUnclear, unclear } from './lost.ts'
import { productOf, type Refusal, type Success } from './product.ts'
import { buildRequest, type Routes } from './request.ts'
import type { Reply } from './wire.ts'

/** An answer, and what it says. */
export type Answered = Reply & Success
type Judged = Answered & { readonly refusal: Refusal | undefined }

/** One request of an operation. */
export interface Errand {
  readonly operation: Operation
  readonly input: Input
  readonly provided: Provided
  /** What walking a list adds. */
  readonly params: Input
  readonly routes: Routes
  readonly caller: Caller
  readonly redact: Redact
  readonly signal?: AbortSignal | undefined
  /** Called just before the request goes out; what it throws stops the call. */
  readonly sending?: (() => void) | undefined
  /** Told of every answer, refusals included, before anything is made of it. */
  readonly heard?: ((reply: Reply) => void) | undefined
}

/** Sends with what opens the product's host; a refused token is replaced once, and the request replayed. */
export async function exchange(link: Link, errand: Errand): Promise<Answered> {
  const { account, wire, byToken, byPassword } = link
  const { operation, input, provided, params, routes, caller, redact, signal, sending, heard } = errand
  const product = productOf(operation)
  const codec = await product.codec()
  const request = buildRequest(operation, input, provided, params, account, routes, codec)
  const repeatable = operation.effect === 'read'
  const send = async (authorization: string, turn: () => void): Promise<Reply> => {
    let isOut = false
    const goingOut = (): void => {
      turn()
      isOut = true
    }
    try {
      return await wire.send(
        { ...request, headers: { ...request.headers, authorization } },
        { repeatable, caller, signal, sending: goingOut, heard },
      )
    } catch (error) {
      // What ends before it went out, such as waiting for a turn, has done nothing.
      throw isOut && isLost(operation, error) ? unclear(operation, error) : error
    }
  }
  const read = (reply: Reply): Judged => {
    const isFile = operation.returns === 'file' && reply.status < 300
    const value = isFile ? undefined : orUnclear(operation, () => codec.read(reply))
    return { ...reply, value, refusal: product.refusal(value, reply.status, operation) }
  }
  const access = (product.takesPassword && byPassword) || byToken
  const opened = async ({ header, check, another }: Opening): Promise<Answered> => {
    let answer = read(
      await send(header, () => {
        check()
        sending?.()
      }),
    )
    // Refused at the door, before anything was done: also an effect may knock again, once.
    const refused = answer.status === 401 || answer.refusal?.means === 'login'
    const next = refused ? await another() : undefined
    if (next !== undefined) answer = read(await send(next, check))
    const { refusal } = answer
    if (!refusal) return answer
    const byCursor = params['beyond'] !== undefined
    const failure = failureOf(operation, answer, refusal, { routes, account, byCursor, redact })
    throw !repeatable && mayHaveHappened(answer.status, refusal) ? unclear(operation, failure) : failure
  }
  return access.through(opened, signal, caller)
}
