import type { Settings } from '../../config/settings.ts'
import { SetupError } from '../../shared/errors.ts'
import type { Secret } from '../../shared/secrets.ts'
import type { Origins } from '../http/request.ts'

/** How an account logs in. The gateway takes all three kinds. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret }
  | {
      readonly kind: 'client'
      readonly clientId: string
      readonly clientSecret: Secret
      readonly level: 'user' | 'subscription'
    }
  | { readonly kind: 'tokenFile'; readonly path: string }

/** One Qualys account: its hosts and its credentials. */
export interface Account extends Origins {
  /** Platform code, private-cloud domain, or host. */
  readonly platform: string
  /** For the gateway, and for the API server if no password is set. */
  readonly credentials: Credentials
  /** For the API server, if the gateway uses a client or a token file. */
  readonly login?: Login
  readonly sandbox: boolean
}

export interface Login {
  readonly username: string
  readonly password: Secret
}

/** User name and password for HTTP Basic; undefined if no password is set. */
export function loginOf({ credentials, login }: Account): Login | undefined {
  return credentials.kind === 'password' ? credentials : login
}

/**
 * On the gateway the first of these that is set is used: token file, client id and secret, user name and
 * password.
 */
function credentialsOf(settings: Settings): Credentials {
  const { tokenFile, clientId, clientSecret, clientLevel, username, password } = settings
  if (tokenFile) return { kind: 'tokenFile', path: tokenFile }
  if (clientId && clientSecret) return { kind: 'client', clientId, clientSecret, level: clientLevel }
  if (username && password) return { kind: 'password', username, password }
  const pairs = [
    [username, 'QUALYS_USERNAME', password, 'QUALYS_PASSWORD'],
    [password, 'QUALYS_PASSWORD', username, 'QUALYS_USERNAME'],
    [clientId, 'QUALYS_CLIENT_ID', clientSecret, 'QUALYS_CLIENT_SECRET'],
    [clientSecret, 'QUALYS_CLIENT_SECRET', clientId, 'QUALYS_CLIENT_ID'],
  ] as const
  const [, isSet, , isMissing] = pairs.find(([one, , other]) => one && !other) ?? []
  const orFile = isMissing === 'QUALYS_PASSWORD' ? ' (or QUALYS_PASSWORD_FILE)' : ''
  throw new SetupError(
    isSet
      ? `The credentials are incomplete: ${isSet} is set but ${isMissing} is not.`
      : 'No Qualys credentials are set.',
    isSet
      ? `Ask the operator to set ${isMissing}${orFile} for this server and restart it.`
      : 'Ask the operator to set QUALYS_USERNAME and QUALYS_PASSWORD (or QUALYS_CLIENT_ID and QUALYS_CLIENT_SECRET, or QUALYS_TOKEN_FILE), or to start with --sandbox to try without an account.',
  )
}

/** The hosts that the settings name: both of a platform, or those that have an address. */
function originsOf({ platform, gatewayUrl, apiUrl }: Settings): Origins & { readonly code: string } {
  if (platform) return platform
  const first = gatewayUrl ?? apiUrl
  if (first === undefined)
    throw new SetupError(
      'No Qualys platform is set.',
      'Ask the operator to set QUALYS_PLATFORM (US1, EU2, …), QUALYS_GATEWAY_URL or QUALYS_API_URL, or to start with --sandbox to try without an account.',
    )
  return { code: new URL(first).host, ...(gatewayUrl && { gatewayUrl }), ...(apiUrl && { apiUrl }) }
}

/** The account that the settings describe. Throws a SetupError that names the missing settings. */
export function accountOf(settings: Settings): Account {
  const { code, ...origins } = originsOf(settings)
  const { username, password } = settings
  return {
    platform: code,
    ...origins,
    credentials: credentialsOf(settings),
    ...(username && password && { login: { username, password } }),
    sandbox: false,
  }
}
