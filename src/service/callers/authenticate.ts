import { type RoleRule, roles } from '../../config/service/parsers.ts'
import type { ServiceCaller } from './caller.ts'
import type { CallersFile } from './callers-file.ts'
import type { Issuer } from './issuer.ts'
import { metadataPath } from './metadata.ts'
import { type Refusal, type RefusalReason, refusalOf } from './refusals.ts'
import { scopesFor } from './token-claims.ts'
import { TokenError } from './token-error.ts'

/** What knows callers. */
interface Authorities {
  readonly callersFile?: CallersFile | undefined
  readonly issuer?: Issuer | undefined
  /** The origin of the service, and the rules that give roles: for challenges. */
  readonly publicUrl?: string | undefined
  readonly oidcRoles?: readonly RoleRule[] | undefined
}

/** The part of a request that says who calls. A header that came twice is a list (`headersDistinct`). */
interface CallerHeaders {
  readonly authorization?: string | readonly string[] | undefined
}

/** Who calls, or the answer to a request without a caller. */
export type Authentication = { readonly caller: ServiceCaller } | { readonly refusal: Refusal }

/** Finds the caller of a request from its headers alone. */
export interface Authenticator {
  readonly authenticate: (headers: CallerHeaders) => Promise<Authentication>
}

/** Three parts: the signature of an unsigned one is empty. */
const jwtForm = /^[\w-]+\.[\w-]+\.[\w-]*$/
/** Longer ones are not hashed. */
const maxTokenLength = 16 * 1024

/** The token of a header, or why there is none. A scheme of another kind is no token. */
function tokenIn(given: CallerHeaders['authorization']): { token: string } | { reason: RefusalReason } {
  const headers = typeof given === 'string' ? [given] : (given ?? [])
  if (headers.length > 1) return { reason: 'header' }
  const [, scheme = '', credentials = ''] = /^(\S+)(?: +(.*))?$/s.exec(headers[0]?.trim() ?? '') ?? []
  if (scheme.toLowerCase() !== 'bearer') return { reason: 'no token' }
  return /^[\x21-\x7e]+$/.test(credentials) ? { token: credentials } : { reason: 'header' }
}

function callerInFile(file: CallersFile | undefined, token: string): ServiceCaller | RefusalReason {
  if (!file) return 'malformed'
  if (token.length > maxTokenLength) return 'unknown token'
  const caller = file.find(token)
  if (caller) return caller
  if (file.fault() !== undefined) return 'callers file'
  return file.isExpired(token) ? 'expired caller' : 'unknown token'
}

async function callerOfIssuer(issuer: Issuer, token: string): Promise<ServiceCaller | RefusalReason> {
  try {
    return await issuer.verify(token)
  } catch (error) {
    if (error instanceof TokenError) return error.reason
    throw error
  }
}

/** The scope to ask for where a token gives no role: one of the least role that any scope gives. */
const leastScopes = (rules: readonly RoleRule[]): readonly string[] =>
  roles.map((role) => scopesFor(rules, [role]).slice(0, 1)).find((scopes) => scopes.length > 0) ?? []

/** An authenticator for bearer tokens (RFC 6750): of the callers file, of an issuer, or of both. */
export function authenticator({
  callersFile,
  issuer,
  publicUrl,
  oidcRoles = [],
}: Authorities): Authenticator {
  const metadataUrl = issuer && publicUrl !== undefined ? `${publicUrl}${metadataPath}` : undefined
  const refuse = (reason: RefusalReason): Authentication => ({
    refusal: refusalOf(reason, metadataUrl, leastScopes(oidcRoles)),
  })
  return {
    authenticate: async ({ authorization }) => {
      const given = tokenIn(authorization)
      if ('reason' in given) return refuse(given.reason)
      const { token } = given
      const found =
        issuer && jwtForm.test(token) ? await callerOfIssuer(issuer, token) : callerInFile(callersFile, token)
      return typeof found === 'string' ? refuse(found) : { caller: found }
    },
  }
}
