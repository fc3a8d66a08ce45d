import { type RoleRule, roles } from '../../../config/service/parsers.ts'
import { scopesFor } from '../../callers/token-claims.ts'

/** What a login asks the issuer for. */
export interface Asked {
  readonly scope: string
  /** Whose access token is wanted (RFC 8707), where scopes may give roles. */
  readonly resource?: string
}

/** A name of a resource that may be sent (RFC 8707, 2): an absolute address without a fragment. */
const isResource = (audience: string): boolean => URL.canParse(audience) && !audience.includes('#')

/**
 * What a login asks for: `openid`, the scopes that give a role, and scopes named like a claim that does, such as `groups`.
 * Only what the issuer lists, since many refuse a login with a scope that they do not know; the first ones also where it
 * lists none.
 */
export function askedOf(
  rules: readonly RoleRule[],
  audience: readonly string[],
  offered: readonly string[] | undefined,
): Asked {
  const giving = scopesFor(rules, roles).filter((scope) => offered?.includes(scope) ?? true)
  const claims = new Set(rules.map(({ claim }) => claim.split('.', 1)[0] ?? ''))
  const named = [...claims].filter((claim) => offered?.includes(claim))
  const scope = [...new Set(['openid', ...named, ...giving])].join(' ')
  const resource = giving.length > 0 ? audience.find(isResource) : undefined
  return { scope, ...(resource !== undefined && { resource }) }
}
