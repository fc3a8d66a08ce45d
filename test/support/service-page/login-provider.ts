import { createServer } from 'node:http'
import { exportJWK } from 'jose'
import { onTestFinished } from 'vitest'
import { withoutWarnings } from '../callers/openid-provider.ts'
import { audience, signingKey } from '../callers/tokens.ts'
import { listening } from '../session/gateway.ts'
import { type Browser, formIn, type Shown } from './browser.ts'
import { pageOrigin } from './page.ts'

// A certified OpenID provider on loopback, at which people log in with a form, and what it may do wrong.

/** What the provider says of a person. */
export type Claims = Readonly<Record<string, unknown>>

/** How a provider differs from one whose ID tokens name groups. */
interface ProviderOptions {
  /** By the name that a person logs in with. */
  readonly people?: Readonly<Record<string, Claims>>
  /** False for a client without a secret. */
  readonly hasSecret?: boolean
  /** What of an answer of a path is changed before it is sent. */
  readonly change?: Readonly<Record<string, (answer: Claims) => Claims>>
  /** Scopes of the resource that it knows. */
  readonly scope?: string
  readonly authMethod?: string
}

/** A provider, and the settings that trust it. */
export interface LoginProvider {
  readonly issuer: string
  readonly settings: Readonly<Record<string, string>>
  /** The forms that came to the endpoint of tokens. */
  readonly asked: readonly Claims[]
  /** The tokens and codes that it gave out and got back. */
  readonly secrets: () => readonly string[]
  readonly close: () => Promise<void>
}

export const clientId = 'approval-page'
const secret = 'secret-of-the-approval-page-0123456789'

/** The part of the provider's own context that is looked at. */
interface Context {
  readonly path: string
  body: unknown
  readonly oidc?: { readonly body?: Claims }
}

interface Middleware {
  readonly use: (middleware: (context: Context, next: () => Promise<void>) => Promise<void>) => void
}

/** Starts a provider, which is closed after the test. */
export async function openLoginProvider({
  people = { eve: { groups: ['approvers'] } },
  hasSecret = true,
  change = {},
  scope = 'qualys.read qualys.approve',
  authMethod = 'client_secret_basic',
}: ProviderOptions = {}): Promise<LoginProvider> {
  const server = createServer()
  const { port, close } = await listening(server)
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey, kid, alg } = await signingKey('login-key', 'RS256')
  const asked: Claims[] = []
  const secrets = new Set<string>()
  await withoutWarnings(async () => {
    const { Provider } = await import('oidc-provider')
    const provider = new Provider(issuer, {
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }] },
      scopes: ['openid', 'groups', ...scope.split(' ').filter((one) => one !== '')],
      claims: { openid: ['sub'], groups: ['groups'] },
      conformIdTokenClaims: false,
      findAccount: (_context: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, ...people[id] }),
      }),
      clients: [
        {
          client_id: clientId,
          ...(hasSecret ? { client_secret: secret } : {}),
          token_endpoint_auth_method: hasSecret ? authMethod : 'none',
          redirect_uris: [`${pageOrigin}/login/done`],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      ttl: {
        AccessToken: 600,
        AuthorizationCode: 60,
        IdToken: 600,
        Grant: 600,
        Interaction: 600,
        Session: 600,
      },
      pkce: { required: () => true },
      features: {
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => undefined,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope,
            audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 600,
            jwt: { sign: { alg } },
          }),
        },
      },
    })
    ;(provider as unknown as Middleware).use(async (context, next) => {
      await next()
      const { path, body, oidc } = context
      if (path === '/token') asked.push({ ...oidc?.body })
      if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return
      context.body = change[path]?.(body as Claims) ?? body
      for (const [text] of JSON.stringify(context.body).matchAll(/[\w.-]{40,}/g)) secrets.add(text)
    })
    server.on('request', provider.callback())
  })
  let isOpen = true
  const closeOnce = async (): Promise<void> => {
    if (isOpen) await close()
    isOpen = false
  }
  onTestFinished(closeOnce)
  return {
    issuer,
    asked,
    secrets: () => [
      ...secrets,
      ...asked.flatMap(({ code, code_verifier: verifier }) => [String(code), String(verifier)]),
    ],
    settings: {
      QUALYS_OIDC_ISSUER: issuer,
      QUALYS_OIDC_AUDIENCE: audience,
      QUALYS_OIDC_ROLES: JSON.stringify({
        'groups:approvers': 'approver',
        'groups:readers': 'viewer',
        'groups:askers': 'operator',
        'scope:qualys.approve': 'approver',
      }),
      QUALYS_OIDC_CLIENT_ID: clientId,
      ...(hasSecret && { QUALYS_OIDC_CLIENT_SECRET: secret }),
    },
    close: closeOnce,
  }
}

/** Fills in the forms of the provider, as a person does who agrees to everything. */
export async function logInAtIssuer(browser: Browser, first: Shown, name: string): Promise<Shown> {
  let shown = first
  for (let step = 0; step < 4 && shown.url.hostname === '127.0.0.1'; step++) {
    const { fields } = formIn(shown)
    shown = await browser.submit(shown, fields['prompt'] === 'login' ? { login: name, password: 'any' } : {})
  }
  return shown
}

/** The address to which the issuer sends the browser of eve back, which it has not opened yet. */
export async function lastStep(browser: Browser, address: string): Promise<URL> {
  browser.stopBefore('/login/done')
  const { url } = await logInAtIssuer(browser, await browser.open(address), 'eve')
  browser.stopBefore(undefined)
  if (url.pathname !== '/login/done') throw new Error(`The login ended at ${url.href}`)
  return url
}
