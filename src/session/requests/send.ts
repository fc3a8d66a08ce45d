import type { Redact } from '../../shared/secrets.ts'
import type { Authorization } from '../auth/authenticator.ts'
import type { OpenConnection } from '../connection.ts'
import { failureOf } from '../failures/classify.ts'
import type { Refusal } from '../failures/refusal.ts'
import { asUnclear, isOutcomeUnknown, mayHaveTakenEffect, unclearError } from '../failures/unclear-outcome.ts'
import { type HttpResponse, parsedResponse } from '../http/response.ts'
import type { RetryBudget } from '../http/retry-budget.ts'
import { secondsTold } from '../http/wait-hint.ts'
import type { Success } from '../products/product.ts'
import { earlyReader } from '../records/record.ts'
import { buildRequest, type RequestSource } from './request.ts'

/** An answer and its parsed value. */
export type ParsedResponse = HttpResponse & Success
type ClassifiedResponse = ParsedResponse & { readonly refusal: Refusal | undefined }

/** One request of an operation. */
export interface OperationRequest extends RequestSource {
  readonly budget: RetryBudget
  readonly redact: Redact
  readonly signal?: AbortSignal | undefined
  /** True to read the rows while the answer is parsed, where that can be. */
  readonly readsEarly?: boolean | undefined
  /** Called just before the request is sent. If it throws, the call stops. */
  readonly onBeforeSend?: ((isRepeated?: boolean) => void) | undefined
  /** Called right before the request is written. If it throws, nothing is sent. */
  readonly onBeforeWrite?: (() => void) | undefined
  /** Called with every answer, refusals included, before it is judged. */
  readonly onResponse?: ((response: HttpResponse) => void) | undefined
}

/**
 * Sends one request of an operation with its authorization. A refused token is replaced and the request sent
 * again.
 */
export async function sendOperation(
  connection: OpenConnection,
  operationRequest: OperationRequest,
): Promise<ParsedResponse> {
  const { account, client, tokenAuthenticator, passwordAuthenticator } = connection
  const { operation, product, params, routes, budget, redact, signal, onResponse, readsEarly } =
    operationRequest
  const { onBeforeSend, onBeforeWrite } = operationRequest
  const codec = await product.codec()
  const request = buildRequest(operationRequest, account, codec)
  const repeatable = operation.effect === 'read'
  const { openParser: open } = codec
  const openParser =
    operation.returns === 'file' || !open
      ? undefined
      : () => open(readsEarly ? earlyReader(operation) : undefined)
  const send = async (header: () => string, isRepeated: boolean): Promise<HttpResponse> => {
    let isSent = false
    const beforeSend = (): Readonly<Record<string, string>> => {
      const authorization = header()
      onBeforeSend?.(isRepeated)
      isSent = true
      return { authorization }
    }
    try {
      return await client.send(request, {
        ...{ repeatable, budget, signal, onResponse, openParser },
        onBeforeSend: beforeSend,
        onBeforeWrite,
      })
    } catch (error) {
      // An error before the request is sent, such as a cancelled wait, means that nothing was done.
      throw isSent && isOutcomeUnknown(operation, error) ? unclearError(operation, error) : error
    }
  }
  const parse = async (response: HttpResponse): Promise<ClassifiedResponse> => {
    const isFile = operation.returns === 'file' && response.status < 300
    const value = isFile
      ? undefined
      : await asUnclear(operation, () => codec.read(response, operation, signal))
    return parsedResponse(response, { value, refusal: product.refusal(value, response.status, operation) })
  }
  const authenticator = (product.takesPassword && passwordAuthenticator) || tokenAuthenticator
  /** Waits if this answer to a read names the seconds; limits with a status of their own never come here. */
  const isWaitOver = async (response: ClassifiedResponse): Promise<boolean> => {
    if (!repeatable || response.refusal?.category !== 'busy') return false
    const seconds = secondsTold(response)
    return seconds !== undefined && seconds > 0 && client.waitForLimit(seconds, { budget, signal })
  }
  const sendAuthorized = async (authorization: Authorization): Promise<ParsedResponse> => {
    let response = await parse(await authorization.send((header) => send(header, false)))
    // A refused login precedes any work, so even an effect may be sent again.
    const isLoginRefused = (): boolean => response.status === 401 || response.refusal?.category === 'login'
    while ((isLoginRefused() && authorization.refresh()) || (await isWaitOver(response)))
      response = await parse(await authorization.send((header) => send(header, true)))
    const { refusal } = response
    if (!refusal) return response
    const facts = {
      product,
      host: product.host(account),
      ownRoute: routes[operation.name],
      credentials: account.credentials.kind,
      usesPassword: authenticator === passwordAuthenticator,
      usesIdCursor: params['beyond'] !== undefined,
    }
    const failure = failureOf(operation, response, refusal, facts, redact)
    throw !repeatable && mayHaveTakenEffect(response.status, refusal)
      ? unclearError(operation, failure)
      : failure
  }
  return authenticator.run(sendAuthorized, signal, budget)
}
