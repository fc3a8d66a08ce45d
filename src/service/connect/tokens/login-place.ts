import { messageOf } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { isSafeAddress } from '../../outbound/safe-address.ts'
import { TokenFault } from './token-source.ts'

// Where a person logs in for a service: the service names its issuer (RFC 9728), and the issuer its addresses (RFC 8414).

/** Fetches a JSON document. Rejects if the server is away, redirects, or answers anything else. */
export type FetchJson = (url: string) => Promise<unknown>

/** Where and for what a person logs in. */
export interface LoginPlace {
  readonly issuer: string
  /** What the tokens are for (RFC 8707). */
  readonly resource: string
  /** Scopes, parted by blanks; may be empty. */
  readonly scope: string
  readonly deviceEndpoint: string
  readonly tokenEndpoint: string
}

/** A parameter of a challenge (RFC 9110, 11.2). */
function parameterIn(challenge: string, name: string): string | undefined {
  const [, quoted, plain] = new RegExp(`\\b${name}=(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(challenge) ?? []
  return quoted ?? plain
}

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

/** True for the name of a resource that covers this address: the same origin, and its path or one above. */
function covers(resource: unknown, { origin, pathname }: URL): resource is string {
  if (typeof resource !== 'string' || !URL.canParse(resource)) return false
  const { origin: named, pathname: path } = new URL(resource)
  return named === origin && `${pathname}/`.startsWith(`${path.replace(/\/$/, '')}/`)
}

/** Where an issuer describes itself: RFC 8414, 3.1, and OpenID Connect Discovery 1.0, 4. */
function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  return [
    `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`,
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  ]
}

/** What an issuer says of itself. It must name itself exactly so, or it could pass for another one (RFC 8414, 3.3). */
async function issuerMetadata(issuer: string, fetchJson: FetchJson): Promise<Record<string, unknown>> {
  const faults: string[] = []
  for (const url of metadataUrls(issuer)) {
    try {
      const document = await fetchJson(url)
      if (isObject(document) && document['issuer'] === issuer) return document
      faults.push(`${url} names another issuer`)
    } catch (error) {
      faults.push(`${url}: ${oneLine(messageOf(error))}`)
    }
  }
  throw new TokenFault(`The issuer ${oneLine(issuer)} does not describe itself: ${faults.join('; ')}.`)
}

/** The metadata of the service, whose address its challenge names. */
async function resourceMetadata(service: URL, challenge: string, fetchJson: FetchJson) {
  const address = parameterIn(challenge, 'resource_metadata')
  if (address === undefined)
    throw new TokenFault(
      `${service.href} takes tokens of its callers file, and names no issuer to log in at: ask its operator for a token, and name its file with QUALYS_CONNECT_TOKEN_FILE (--token-file).`,
    )
  // Another server could name an issuer of its own, and read what a person types there.
  if (!URL.canParse(address) || new URL(address).origin !== service.origin)
    throw new TokenFault(
      `${service.href} says that another server describes it, which is not trusted: connect by the address of its QUALYS_PUBLIC_URL.`,
    )
  const document = await fetchJson(address).catch((error: unknown) => {
    throw new TokenFault(`${service.href} does not say where to log in: ${oneLine(messageOf(error))}.`)
  })
  return isObject(document) ? document : {}
}

/** Finds out where to log in, from the challenge of a refusal. Rejects with a TokenFault. */
export async function loginPlaceOf(
  service: URL,
  challenge: string,
  fetchJson: FetchJson,
): Promise<LoginPlace> {
  const metadata = await resourceMetadata(service, challenge, fetchJson)
  const { resource } = metadata
  if (!covers(resource, service))
    throw new TokenFault(
      `${service.href} describes itself as another service: connect by the address of its QUALYS_PUBLIC_URL.`,
    )
  const [issuer] = textsIn(metadata['authorization_servers'])
  if (!isSafeAddress(issuer))
    throw new TokenFault(`${service.href} names no issuer with an https:// address: ask its operator.`)
  const {
    device_authorization_endpoint: deviceEndpoint,
    token_endpoint: tokenEndpoint,
    scopes_supported: offered,
  } = await issuerMetadata(issuer, fetchJson)
  if (!isSafeAddress(deviceEndpoint) || !isSafeAddress(tokenEndpoint))
    throw new TokenFault(
      `The issuer ${issuer} offers no login for programs without a browser (RFC 8628): use a token file (--token-file).`,
    )
  const asked = parameterIn(challenge, 'scope')?.split(' ') ?? textsIn(metadata['scopes_supported'])
  // With this scope an OpenID issuer gives a refresh token.
  const lasting = textsIn(offered).includes('offline_access') ? ['offline_access'] : []
  return { issuer, resource, scope: [...asked, ...lasting].join(' '), deviceEndpoint, tokenEndpoint }
}
