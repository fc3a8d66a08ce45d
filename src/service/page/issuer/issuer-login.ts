import type { Configuration } from 'openid-client'
import type { Settings } from '../../../config/settings.ts'
import type { ServiceCaller } from '../../callers/caller.ts'
import type { Issuer } from '../../callers/issuer.ts'
import { callerOfClaims } from '../../callers/token-claims.ts'
import { TokenError } from '../../callers/token-error.ts'
import type { Web } from '../../outbound/web.ts'
import { loginDonePath } from '../page-paths.ts'
import type { PendingLogin } from '../session/pending-logins.ts'
import { issuerClient } from './issuer-client.ts'
import { loginFaultOf } from './issuer-errors.ts'
import { askedOf } from './issuer-scopes.ts'
import { LoginFault } from './login-fault.ts'

// Login at an OpenID issuer: the code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636).

/** Logs people in at the issuer. */
export interface IssuerLogin {
  /** The host of the issuer, for people. */
  readonly host: string
  /** The address to which a browser goes to log in. Rejects with a LoginFault. */
  readonly begin: (state: string, login: PendingLogin) => Promise<string>
  /** Who has logged in, from the query with which the issuer sent the browser back. Rejects with a LoginFault. */
  readonly finish: (query: URLSearchParams, state: string, login: PendingLogin) => Promise<ServiceCaller>
}

/** What a login at the issuer needs. */
export interface IssuerLoginOptions {
  readonly settings: Settings
  /** Verifies access tokens. */
  readonly issuer: Issuer
  readonly web: Web
  /** The origin of the page. */
  readonly origin: string
}

/** Why a token of the issuer makes nobody of a person, as the person is told. */
const faultOfToken = ({ reason }: TokenError): LoginFault =>
  new LoginFault(reason === 'issuer away' ? 'away' : 'no role')

/**
 * The person of an ID token. Where it gives no role, the access token may, if it is one that `/mcp` would take: many
 * issuers put groups into one of the two alone, and scopes never into an ID token.
 */
async function callerOf(
  claims: Readonly<Record<string, unknown>>,
  accessToken: string,
  { settings: { oidcRoles = [] }, issuer }: IssuerLoginOptions,
): Promise<ServiceCaller> {
  try {
    return callerOfClaims(claims, oidcRoles)
  } catch (error) {
    if (!(error instanceof TokenError) || error.reason !== 'no role') throw error
  }
  const caller = await issuer.verify(accessToken).catch((error: unknown) => {
    throw error instanceof TokenError ? faultOfToken(error) : error
  })
  if (caller.person !== claims['sub']) throw new LoginFault('failed')
  return caller
}

/** Refuses an ID token that is signed otherwise than the operator allows. */
async function refuseAlgorithm(idToken: string, { oidcAlgorithms }: Settings): Promise<void> {
  const { decodeProtectedHeader } = await import('jose')
  if (!oidcAlgorithms.includes(decodeProtectedHeader(idToken).alg ?? '')) throw new LoginFault('failed')
}

/** Opens the login at the issuer of the settings; undefined without an issuer or a client id. */
export function openIssuerLogin(options: IssuerLoginOptions): IssuerLogin | undefined {
  const { settings, web, origin } = options
  const { oidcIssuer, oidcClientId, oidcAudience = [], oidcRoles = [] } = settings
  if (oidcIssuer === undefined || oidcClientId === undefined) return undefined
  const client = issuerClient({ ...settings, oidcIssuer }, web)
  const askedAt = (found: Configuration) =>
    askedOf(oidcRoles, oidcAudience, found.serverMetadata().scopes_supported)

  async function begin(state: string, { nonce, verifier }: PendingLogin): Promise<string> {
    const [library, found] = await Promise.all([import('openid-client'), client()])
    return library.buildAuthorizationUrl(found, {
      redirect_uri: `${origin}${loginDonePath}`,
      ...askedAt(found),
      state,
      nonce,
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).href
  }

  async function finish(
    query: URLSearchParams,
    state: string,
    { nonce, verifier }: PendingLogin,
  ): Promise<ServiceCaller> {
    const [library, found] = await Promise.all([import('openid-client'), client()])
    const { resource } = askedAt(found)
    const tokens = await library.authorizationCodeGrant(
      found,
      new URL(`${origin}${loginDonePath}?${query}`),
      { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
      resource === undefined ? {} : { resource },
    )
    const claims = tokens.claims()
    if (!claims || tokens.id_token === undefined) throw new LoginFault('failed')
    await refuseAlgorithm(tokens.id_token, settings)
    return callerOf(claims, tokens.access_token, options)
  }

  const withFaults = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw loginFaultOf(error)
    })

  return {
    host: new URL(oidcIssuer).host,
    begin: (state, login) => withFaults(begin(state, login)),
    finish: (query, state, login) => withFaults(finish(query, state, login)),
  }
}
