import type { ApprovalPage } from '../../tools/approvals.ts'
import type { PageApp } from '../../tools/effects/approval/page/contract.ts'
import type { Catalogue } from '../../tools/server/catalogue.ts'
import type { Authorities } from '../authorities.ts'
import type { FailureDelays } from '../callers/failures.ts'
import { RateLimiter } from '../network/rate.ts'
import { openWeb } from '../outbound/web.ts'
import { openIssuerLogin } from './issuer/issuer-login.ts'
import { openLoginRoutes } from './login/login-routes.ts'
import { openLogins } from './login/logins.ts'
import { makeSandboxKey, type SandboxKey } from './login/sandbox-key.ts'
import { callersFileLogin, keyLogin, type TokenLogin } from './login/token-login.ts'
import { pageAuthority } from './page-authority.ts'
import { type PageExchange, pageSite } from './page-site.ts'
import { type AppParts, openServiceApp } from './service-app.ts'
import { PendingLogins } from './session/pending-logins.ts'
import { Sessions } from './session/sessions.ts'

/** Requests of an address within a minute without a session: more would push logins of others out. */
const strangersPerMinute = 300

/** What the page of a service is made of. */
interface PageStart extends AppParts {
  readonly authorities: Authorities
  readonly catalogue: Catalogue
  readonly delays: FailureDelays
  readonly isEnding: () => boolean
}

/** The page of a service. */
export interface ServicePage {
  /** Answers a request to one of its paths. Never rejects. */
  readonly answer: (exchange: PageExchange) => Promise<void>
  /** What calls know of it. */
  readonly forCalls: ApprovalPage
  readonly close: () => Promise<void>
}

/** The login with a text: of the callers file or, where the sandbox has no callers, of the key of this start. */
function tokenLoginFor(
  { callersFile, onlyCaller }: Authorities,
  key: SandboxKey | undefined,
): TokenLogin | undefined {
  if (callersFile) return callersFileLogin(callersFile)
  return key && onlyCaller && keyLogin(key.key, onlyCaller)
}

/** Opens the page on QUALYS_PUBLIC_URL; undefined without one. Throws a SettingsError if the sandbox gets no key. */
export function openServicePage(start: PageStart): ServicePage | undefined {
  const { settings, safeguards, authorities, catalogue, delays, isEnding, log, now } = start
  const { publicUrl: origin } = settings
  if (origin === undefined) return undefined
  const { issuer, onlyCaller } = authorities
  const key = onlyCaller && makeSandboxKey(safeguards.stateDir)
  if (key) log.info({ file: key.path }, 'the approval page asks for the key in this file')
  const web = openWeb(settings)
  const sessions = new Sessions(now)
  const logins = openLogins({
    origin,
    issuer: issuer && openIssuerLogin({ settings, issuer, web, origin }),
    token: tokenLoginFor(authorities, key),
    sessions,
    pending: new PendingLogins(now),
    log,
  })
  const authority = pageAuthority({ sessions, logins, catalogue })
  let app: Promise<PageApp> | undefined
  return {
    answer: pageSite({
      origin,
      app: () => {
        app ??= openServiceApp(start, origin, authority)
        return app
      },
      loginRoutes: openLoginRoutes({ logins, sessions, delays, log }),
      sessions,
      strangers: new RateLimiter(strangersPerMinute, () => performance.now()),
      isEnding,
      log,
    }),
    forCalls: {
      start: async () => (code) => `${origin}/approve/${code}`,
      origins: () => [origin],
    },
    close: async () => {
      key?.remove()
      await web.close()
    },
  }
}
