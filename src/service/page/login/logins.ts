import type { IncomingHttpHeaders } from 'node:http'
import type { Log } from '../../../shared/log.ts'
import type { PageResponse } from '../../../tools/effects/approval/page/contract.ts'
import type { ServiceCaller } from '../../callers/caller.ts'
import { factsOfFault } from '../issuer/issuer-errors.ts'
import type { IssuerLogin } from '../issuer/issuer-login.ts'
import { LoginFault } from '../issuer/login-fault.ts'
import { homePath, returnPathOf } from '../page-paths.ts'
import { cookieIn, loginCookie, sessionCookie, setCookie } from '../session/cookies.ts'
import { loginSeconds, type PendingLogins } from '../session/pending-logins.ts'
import { newId } from '../session/random-id.ts'
import { type Sessions, type Standing, sessionSeconds } from '../session/sessions.ts'
import { faultPage, loginPage, noLoginPage } from './login-page.ts'
import type { TokenLogin } from './token-login.ts'

/** What logs people in. */
interface LoginsOptions {
  /** Of the page: every address of ours that a login leads to begins with it. */
  readonly origin: string
  readonly issuer?: IssuerLogin | undefined
  readonly token?: TokenLogin | undefined
  readonly sessions: Sessions
  readonly pending: PendingLogins
  readonly log: Log
}

type Headers = IncomingHttpHeaders

/** Steps of a login. Each answers with a page, or with an address to go to. */
export interface Logins {
  /** Begins a login that leads back to this path. */
  readonly begin: (path: string, headers: Headers) => Promise<PageResponse>
  /** Goes on at the issuer with a login that has begun. */
  readonly atIssuer: (state: string | null, headers: Headers) => Promise<PageResponse>
  /** The issuer sent the browser back. */
  readonly fromIssuer: (query: URLSearchParams, headers: Headers) => Promise<PageResponse>
  /** Finishes a login with the text of the form. `isRefused`: the text belongs to nobody, and the form is shown again. */
  readonly byToken: (
    text: string,
    state: string | null,
    headers: Headers,
  ) => { readonly response: PageResponse; readonly isRefused: boolean }
}

const redirect = (address: string, cookie: string): PageResponse => ({
  status: 303,
  headers: { location: address, 'set-cookie': cookie },
  body: '',
})

/** Makes the steps of logins. */
export function openLogins({ origin, issuer, token, sessions, pending, log }: LoginsOptions): Logins {
  const browserOf = (headers: Headers) => cookieIn(headers, loginCookie)

  /** A new session, whatever the browser brought before: nobody can choose its id beforehand. */
  function enter(
    caller: ServiceCaller,
    standing: () => Standing,
    back: string,
    headers: Headers,
  ): PageResponse {
    sessions.end(cookieIn(headers, sessionCookie))
    const id = sessions.begin(caller, standing)
    log.info({ person: caller.person, knownBy: caller.knownBy }, 'a person logged in to the page')
    // The cookie of the login stays to its end: another tab may be logging in.
    return redirect(`${origin}${back}`, setCookie(sessionCookie, id, sessionSeconds))
  }

  function explain(error: unknown, next: string | undefined): PageResponse {
    if (!(error instanceof LoginFault)) throw error
    log.warn(factsOfFault(error), 'a login to the page did not succeed')
    return faultPage(error.status, error.message, next)
  }

  async function goToIssuer(login: IssuerLogin, state: string, browser?: string): Promise<PageResponse> {
    const begun = pending.find(state, browser)
    try {
      if (!begun || browser === undefined) throw new LoginFault('over')
      const address = await login.begin(state, begun)
      return redirect(address, setCookie(loginCookie, browser, loginSeconds))
    } catch (error) {
      return explain(error, begun?.back)
    }
  }

  function showForm(state: string, browser: string, refusal?: string): PageResponse {
    const { headers, ...page } = loginPage({ state, issuer: issuer?.host, token, refusal })
    return { ...page, headers: { ...headers, 'set-cookie': setCookie(loginCookie, browser, loginSeconds) } }
  }

  return {
    begin: async (path, headers) => {
      if (!issuer && !token) return noLoginPage()
      const browser = browserOf(headers) ?? newId()
      const state = pending.begin(returnPathOf(path), browser)
      return issuer && !token ? goToIssuer(issuer, state, browser) : showForm(state, browser)
    },
    atIssuer: async (state, headers) =>
      issuer ? goToIssuer(issuer, state ?? '', browserOf(headers)) : noLoginPage(),
    fromIssuer: async (query, headers) => {
      const state = query.get('state')
      const begun = pending.take(state, browserOf(headers))
      try {
        if (!issuer || !begun || state === null) throw new LoginFault('over')
        const caller = await issuer.finish(query, state, begun)
        return enter(caller, () => 'good', begun.back, headers)
      } catch (error) {
        return explain(error, begun?.back)
      }
    },
    byToken: (text, state, headers) => {
      if (!token) return { response: noLoginPage(), isRefused: false }
      const back = pending.take(state, browserOf(headers))?.back ?? homePath
      const opened = token.open(text)
      if ('caller' in opened)
        return { response: enter(opened.caller, opened.standing, back, headers), isRefused: false }
      const browser = browserOf(headers) ?? newId()
      return { response: showForm(pending.begin(back, browser), browser, opened.refusal), isRefused: true }
    },
  }
}
