import type { IncomingMessage, ServerResponse } from 'node:http'
import { factsOf, type Log, withContext } from '../../shared/log.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { PageApp, PageRequest, PageResponse } from '../../tools/effects/approval/page/contract.ts'
import { noticePage } from '../../tools/effects/approval/page/html/notice-view.ts'
import { maxBodyBytes } from '../../tools/effects/approval/page/safety/checks.ts'
import { pageResponse, withSafety } from '../../tools/effects/approval/page/safety/headers.ts'
import { networkOf } from '../callers/failures.ts'
import { BodyError, readBody } from '../network/body.ts'
import type { RateLimiter } from '../network/rate.ts'
import { sendAnswer } from '../network/replies.ts'
import type { RefusalReason } from '../operation/metric-labels.ts'
import type { LoginRoutes } from './login/login-routes.ts'
import { pageChecks } from './page-checks.ts'
import { cookieIn, sessionCookie } from './session/cookies.ts'
import type { PageSession, Sessions } from './session/sessions.ts'

// The page over HTTP: what is checked, the login, and then the page itself.

/** One request to the page and its answer. What becomes known of it is noted here, for its end. */
export interface PageExchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Where the client is. */
  readonly address: string
  readonly controller: AbortController
  /** The person who is logged in. */
  person?: string
  refused?: RefusalReason
}

/** What serves the page. */
interface PageSiteOptions {
  readonly origin: string
  readonly app: () => Promise<PageApp>
  readonly loginRoutes: LoginRoutes
  readonly sessions: Sessions
  /** Bounds the requests of an address without a session. */
  readonly strangers: RateLimiter
  readonly isEnding: () => boolean
  readonly log: Log
}

const bodyTimeoutMs = 30_000
const bodyTypes = ['application/x-www-form-urlencoded', 'application/json']

const notice = (status: number, sentence: string): PageResponse =>
  pageResponse(status, noticePage('This did not work', sentence))

/** A refusal, which is noted. */
function refusal(
  exchange: PageExchange,
  reason: RefusalReason,
  { status, sentence }: { readonly status: number; readonly sentence: string },
): PageResponse {
  exchange.refused = reason
  return notice(status, sentence)
}

function send(res: ServerResponse, response: PageResponse): void {
  const { status, headers, body } = withSafety(response)
  const values = Object.entries(headers).map(([name, value]): [string, string | string[]] => [
    name,
    typeof value === 'string' ? value : [...value],
  ])
  sendAnswer(res, { status, headers: Object.fromEntries(values), body })
}

/** A request without its body. */
function headOf({ req }: PageExchange, origin: string): PageRequest {
  const { pathname, searchParams } = new URL(req.url ?? '/', origin)
  const { method = 'GET', headers } = req
  return { method, path: pathname, query: searchParams, headers, body: Buffer.alloc(0) }
}

/** Serves the page of an origin. Never rejects. */
export function pageSite(options: PageSiteOptions): (exchange: PageExchange) => Promise<void> {
  const { origin, app, loginRoutes, sessions, strangers, isEnding, log } = options
  const check = pageChecks(origin)

  const withBody = async ({ req, res, controller }: PageExchange, head: PageRequest): Promise<PageRequest> =>
    head.method === 'POST'
      ? {
          ...head,
          body: await readBody(req, res, {
            maxBytes: maxBodyBytes,
            timeoutMs: bodyTimeoutMs,
            signal: controller.signal,
            types: bodyTypes,
          }),
        }
      : head

  async function answerVisit(
    exchange: PageExchange,
    head: PageRequest,
    session: PageSession | undefined,
  ): Promise<PageResponse> {
    const request = await withBody(exchange, head)
    const outcome = await loginRoutes(request, exchange, session)
    if (outcome?.isRefused) exchange.refused = 'caller'
    return outcome?.response ?? (await app()).handle(request)
  }

  async function respond(exchange: PageExchange): Promise<PageResponse> {
    const head = headOf(exchange, origin)
    const fault = check(exchange.req, head)
    if (fault) return refusal(exchange, fault.reason, fault)
    if (isEnding())
      return refusal(exchange, 'draining', {
        status: 503,
        sentence: 'The service is ending: open the page again in a moment.',
      })
    const session = sessions.find(cookieIn(head.headers, sessionCookie))
    if (!session && strangers.take(networkOf(exchange.address)) > 0)
      return refusal(exchange, 'rate', {
        status: 429,
        sentence: 'Too many requests come from your address: wait a minute, and try again.',
      })
    if (!session) return answerVisit(exchange, head, session)
    const person = oneLine(session.caller.person, 100)
    exchange.person = person
    return withContext({ person }, () => answerVisit(exchange, head, session))
  }

  return async (exchange) => {
    try {
      send(exchange.res, await respond(exchange))
    } catch (error) {
      if (error instanceof BodyError)
        return send(
          exchange.res,
          refusal(
            exchange,
            error.status === 413 ? 'size' : error.status === 415 ? 'media type' : 'body',
            error,
          ),
        )
      log.error(factsOf(error), 'unexpected')
      send(exchange.res, notice(500, 'The service failed unexpectedly: its log has the details.'))
    }
  }
}
