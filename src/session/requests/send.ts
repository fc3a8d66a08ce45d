import type { Input, Operation, Provided } from '../../operations/operation.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { Opening } from '../auth/access.ts'
import type { Link } from '../connection.ts'
import { failureOf } from '../failures/classify.ts'
import type { Refusal } from '../failures/refusal.ts'
import { isLost, mayHaveHappened, orUnclear, unclear } from '../failures/unclear-outcome.ts'
import type { Reply } from '../http/client.ts'
import type { Caller } from '../http/retry-budget.ts'
import type { Success } from '../products/product.ts'
import { productOf } from '../products/product-of.ts'
import { buildRequest, type Routes } from './request.ts'

/** An answer and its parsed value. */
export type Answered = Reply & Success
type Judged = Answered & { readonly refusal: Refusal | undefined }

/** One request of an operation. */
export interface Errand {
  readonly operation: Operation
  readonly input: Input
  readonly provided: Provided
  /** The paging fields. */
  readonly params: Input
  readonly routes: Routes
  readonly caller: Caller
  readonly redact: Redact
  readonly signal?: AbortSignal | undefined
  /** Called just before the request is sent. If it throws, the call stops. */
  readonly sending?: (() => void) | undefined
  /** Called with every answer, refusals included, before it is judged. */
  readonly heard?: ((reply: Reply) => void) | undefined
}

/**
 * Sends one request of an operation with its authorization. A refused token is replaced and the request sent
 * again.
 */
export async function exchange(link: Link, errand: Errand): Promise<Answered> {
  const { account, wire, byToken, byPassword } = link
  const { operation, input, provided, params, routes, caller, redact, signal, sending, heard } = errand
  const product = productOf(operation)
  const codec = await product.codec()
  const request = buildRequest(operation, input, provided, params, account, routes, codec)
  const repeatable = operation.effect === 'read'
  const send = async (header: () => string, sending?: () => void): Promise<Reply> => {
    let isOut = false
    const goingOut = (): Readonly<Record<string, string>> => {
      const authorization = header()
      sending?.()
      isOut = true
      return { authorization }
    }
    try {
      return await wire.send(request, { repeatable, caller, signal, sending: goingOut, heard })
    } catch (error) {
      // An error before the request is sent, such as a cancelled wait, means that nothing was done.
      throw isOut && isLost(operation, error) ? unclear(operation, error) : error
    }
  }
  const read = (reply: Reply): Judged => {
    const isFile = operation.returns === 'file' && reply.status < 300
    const value = isFile ? undefined : orUnclear(operation, () => codec.read(reply))
    return { ...reply, value, refusal: product.refusal(value, reply.status, operation) }
  }
  const access = (product.takesPassword && byPassword) || byToken
  const opened = async (opening: Opening): Promise<Answered> => {
    let answer = read(await opening.send((header) => send(header, sending)))
    // Refused before any work was done, so even an effect may be sent again.
    while ((answer.status === 401 || answer.refusal?.means === 'login') && opening.another())
      answer = read(await opening.send((header) => send(header)))
    const { refusal } = answer
    if (!refusal) return answer
    const facts = {
      product,
      host: product.host(account),
      ownRoute: routes[operation.name],
      credentials: account.credentials.kind,
      byPassword: access === byPassword,
      byCursor: params['beyond'] !== undefined,
    }
    const failure = failureOf(operation, answer, refusal, facts, redact)
    throw !repeatable && mayHaveHappened(answer.status, refusal) ? unclear(operation, failure) : failure
  }
  return access.through(opened, signal, caller)
}
