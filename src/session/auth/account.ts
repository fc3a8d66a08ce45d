import type { Settings } from '../../config/settings.ts'
import { SetupError } from '../../shared/errors.ts'
import type { Secret } from '../../shared/secrets.ts'

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
export interface Account {
  /** Platform code, private-cloud domain, or host. */
  readonly platform: string
  readonly gatewayUrl: string
  readonly apiUrl: string
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

/** The account that the settings describe. Throws a SetupError that names the missing settings. */
export function accountOf(settings: Settings): Account {
  const { gatewayUrl, apiUrl, platform } = settings
  if (platform === undefined && (gatewayUrl === undefined || apiUrl === undefined)) {
    const missing = gatewayUrl ? 'QUALYS_API_URL' : apiUrl ? 'QUALYS_GATEWAY_URL' : undefined
    throw new SetupError(
      missing ? `${missing} is not set.` : 'No Qualys platform is set.',
      missing
        ? `Ask the operator to set ${missing} as well, or QUALYS_PLATFORM instead of both URLs.`
        : 'Ask the operator to set QUALYS_PLATFORM (US1, EU2, …) or QUALYS_GATEWAY_URL with QUALYS_API_URL, or to start with --sandbox to try without an account.',
    )
  }
  const hosts = platform ?? {
    code: new URL(gatewayUrl ?? '').host,
    gatewayUrl: gatewayUrl ?? '',
    apiUrl: apiUrl ?? '',
  }
  const { username, password } = settings
  return {
    platform: hosts.code,
    gatewayUrl: hosts.gatewayUrl,
    apiUrl: hosts.apiUrl,
    credentials: credentialsOf(settings),
    ...(username && password && { login: { username, password } }),
    sandbox: false,
  }
}
