import type { Authority, PageRequest, PageResponse } from '../../tools/effects/approval/page/contract.ts'
import { jsonResponse } from '../../tools/effects/approval/page/safety/headers.ts'
import type { Catalogue } from '../../tools/server/catalogue.ts'
import { faultPage } from './login/login-page.ts'
import type { Logins } from './login/logins.ts'
import { returnPathOf } from './page-paths.ts'
import { rightsOf } from './rights.ts'
import { cookieIn, sessionCookie } from './session/cookies.ts'
import type { Sessions } from './session/sessions.ts'

/** What knows the people who look at the page. */
export interface AuthorityOptions {
  readonly sessions: Sessions
  readonly logins: Pick<Logins, 'begin'>
  readonly catalogue: Catalogue
}

const notLoggedIn = 'You are not logged in, or no longer, so nothing was done: log in, and do it again.'

/** What a person sent is notLoggedIn where nobody is logged in: a login cannot lead back to a post. */
const lostPost = ({ path, headers }: PageRequest): PageResponse =>
  headers['content-type']?.startsWith('application/json')
    ? jsonResponse(403, { error: notLoggedIn })
    : faultPage(403, notLoggedIn, returnPathOf(path))

/** The page's authority in the service: whoever has a session is the person who logged in. */
export function pageAuthority({ sessions, logins, catalogue }: AuthorityOptions): Authority {
  const sessionOf = ({ headers }: PageRequest) => sessions.find(cookieIn(headers, sessionCookie))
  return {
    viewerOf: async (request) => {
      const session = sessionOf(request)
      if (session)
        return {
          by: 'login',
          person: session.caller.person,
          fields: {},
          ...rightsOf(session.caller, catalogue),
        }
      const { method, path, headers } = request
      return { response: method === 'POST' ? lostPost(request) : await logins.begin(path, headers) }
    },
    tokenBinding: (request) => sessionOf(request)?.key ?? '',
  }
}
