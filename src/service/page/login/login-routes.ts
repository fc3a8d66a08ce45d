import { systemClock } from '../../../shared/clock.ts'
import type { Log } from '../../../shared/log.ts'
import type { PageRequest, PageResponse } from '../../../tools/effects/approval/page/contract.ts'
import type { FailureDelays } from '../../callers/failures.ts'
import { issuerLoginPath, loginDonePath, loginPath, logoutPath } from '../page-paths.ts'
import { cookieIn, removeCookie, sessionCookie } from '../session/cookies.ts'
import type { PageSession, Sessions } from '../session/sessions.ts'
import { faultPage, loggedOutPage, logoutPage, stateField, tokenField } from './login-page.ts'
import type { Logins } from './logins.ts'

/** What the paths of the login need. */
interface LoginRoutesOptions {
  readonly logins: Logins
  readonly sessions: Sessions
  readonly delays: FailureDelays
  readonly log: Log
}

/** The answer at a path of the login; `isRefused`: the text of the form belongs to nobody. */
interface LoginOutcome {
  readonly response: PageResponse
  readonly isRefused?: boolean
}

/** The client of a request. */
interface Client {
  readonly address: string
  readonly controller: AbortController
}

/** Answers at the paths of the login; undefined at those of the page itself. */
export type LoginRoutes = (
  request: PageRequest,
  client: Client,
  session: PageSession | undefined,
) => Promise<LoginOutcome | undefined>

function methodRefused(allow: string): LoginOutcome {
  const page = faultPage(405, 'This address is not for that, so nothing was done.')
  return { response: { ...page, headers: { ...page.headers, allow } } }
}

/** Makes the paths of the login. */
export function openLoginRoutes({ logins, sessions, delays, log }: LoginRoutesOptions): LoginRoutes {
  /** Whoever brings wrong tokens again and again waits for the answer. */
  async function logInByToken({ headers, body }: PageRequest, client: Client): Promise<LoginOutcome> {
    const fields = new URLSearchParams(body.toString('utf8'))
    const text = (fields.get(tokenField) ?? '').trim()
    const outcome = logins.byToken(text, fields.get(stateField), headers)
    if (!outcome.isRefused) return outcome
    delays.failed(client.address)
    log.warn({ reason: 'token' }, 'a login to the page did not succeed')
    const delayMs = delays.delayFor(client.address)
    await systemClock.sleep(delayMs, client.controller.signal).catch(() => undefined)
    return outcome
  }

  /** By a post alone: an image of another site must log nobody out. */
  function logOut({ method, headers }: PageRequest, session: PageSession | undefined): PageResponse {
    if (method !== 'POST') return session ? logoutPage(session.caller.person) : loggedOutPage(false)
    const caller = sessions.end(cookieIn(headers, sessionCookie))
    if (caller) log.info({}, 'a person logged out of the page')
    const page = loggedOutPage(caller?.knownBy === 'issuer')
    return { ...page, headers: { ...page.headers, 'set-cookie': removeCookie(sessionCookie) } }
  }

  return async (request, client, session) => {
    const { path, method, query, headers } = request
    const isPost = method === 'POST'
    switch (path) {
      case logoutPath:
        return { response: logOut(request, session) }
      case loginPath:
        return isPost ? logInByToken(request, client) : { response: await logins.begin(path, headers) }
      case issuerLoginPath:
        if (isPost) return methodRefused('GET, HEAD')
        return { response: await logins.atIssuer(query.get(stateField), headers) }
      case loginDonePath:
        if (isPost) return methodRefused('GET, HEAD')
        return { response: await logins.fromIssuer(query, headers) }
      default:
        return undefined
    }
  }
}
