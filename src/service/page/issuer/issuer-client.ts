import type { Configuration } from 'openid-client'
import type { Settings } from '../../../config/settings.ts'
import { isSafeAddress } from '../../outbound/safe-address.ts'
import type { Web } from '../../outbound/web.ts'
import { loginFaultOf } from './issuer-errors.ts'
import { issuerFetchBy } from './issuer-fetch.ts'
import { LoginFault } from './login-fault.ts'

/** What an issuer says of itself is read again after this time, in ms. */
const maxAgeMs = 3_600_000
/** Between two tries while the issuer is away, in ms: each person who comes would ask it. */
const pauseMs = 5_000
/** As for access tokens. */
const leewaySeconds = 60

/** The settings of the client. */
type ClientSettings = Pick<Settings, 'oidcClientId' | 'oidcClientSecret'> & { readonly oidcIssuer: string }

type Library = typeof import('openid-client')

/**
 * How the client proves that it is the client: by Basic, which is what OpenID Connect takes unless it is told (Discovery,
 * 3), or in the form where the issuer names that alone. A public client has nothing to prove it with.
 */
function authenticationOf(
  { ClientSecretBasic, ClientSecretPost, None }: Library,
  secret: string | undefined,
  methods: readonly string[] | undefined,
) {
  if (secret === undefined) return None()
  return methods && !methods.includes('client_secret_basic')
    ? ClientSecretPost(secret)
    : ClientSecretBasic(secret)
}

/** Asks the issuer for its addresses. Rejects with errors of the library. */
async function discover(settings: ClientSettings, web: Web): Promise<Configuration> {
  const library = await import('openid-client')
  const { oidcIssuer, oidcClientId = '', oidcClientSecret } = settings
  const url = new URL(oidcIssuer)
  const options = {
    [library.customFetch]: issuerFetchBy(web),
    // The setting allows http on this machine alone, and so does each request.
    execute: url.protocol === 'http:' ? [library.allowInsecureRequests] : [],
  }
  const found = await library.discovery(url, oidcClientId, undefined, library.None(), options)
  const metadata = found.serverMetadata()
  // The library takes an address that is spelled otherwise, and tokens name the issuer exactly.
  const isRight = metadata.issuer === oidcIssuer && isSafeAddress(metadata.authorization_endpoint)
  if (!isRight) throw new LoginFault('failed')
  const secret = oidcClientSecret?.reveal()
  const methods = metadata.token_endpoint_auth_methods_supported
  const client = new library.Configuration(
    metadata,
    oidcClientId,
    { [library.clockTolerance]: leewaySeconds },
    authenticationOf(library, secret, methods),
  )
  client[library.customFetch] = options[library.customFetch]
  for (const execute of options.execute) execute(client)
  // The ID token comes from the issuer itself, and its signature is checked all the same.
  library.enableNonRepudiationChecks(client)
  return client
}

/** This service as a client of its issuer, found when it is first needed. Rejects with a LoginFault. */
export function issuerClient(
  settings: ClientSettings,
  web: Web,
  now: () => number = () => performance.now(),
): () => Promise<Configuration> {
  let known: { readonly client: Promise<Configuration>; readonly until: number } | undefined
  return () => {
    if (known && now() < known.until) return known.client
    const client = discover(settings, web).catch((error: unknown) => {
      known = { client, until: now() + pauseMs }
      throw loginFaultOf(error)
    })
    known = { client, until: now() + maxAgeMs }
    return client
  }
}
