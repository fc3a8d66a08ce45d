import type { Role, RoleRule } from '../../config/service/parsers.ts'
import { sha256 } from '../../shared/crypto.ts'
import { isObject } from '../../shared/json.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { ServiceCaller } from './caller.ts'
import { TokenError } from './token-error.ts'

/** A claim by its name, or by a path into objects such as `realm_access.roles`. */
function claimAt(claims: Readonly<Record<string, unknown>>, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim]
  return claim
    .split('.')
    .reduce<unknown>(
      (value, part) => (isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined),
      claims,
    )
}

/** True if a claim is the value, has it as a word (as scopes are written), or lists it. */
function holds(claim: unknown, value: string): boolean {
  if (typeof claim === 'string') return claim === value || claim.split(/\s+/).includes(value)
  if (Array.isArray(claim)) return claim.some((item) => typeof item !== 'object' && String(item) === value)
  return (typeof claim === 'number' || typeof claim === 'boolean') && String(claim) === value
}

/** The roles that the claims of a token give. */
export const rolesIn = (
  claims: Readonly<Record<string, unknown>>,
  rules: readonly RoleRule[],
): ReadonlySet<Role> =>
  new Set(
    rules.filter(({ claim, value }) => holds(claimAt(claims, claim), value)).flatMap(({ roles }) => roles),
  )

/** A scope in a header (RFC 6749, 3.3): no blanks, quotes and backslashes. */
const scopePattern = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The scopes that give one of these roles, each once. */
export const scopesFor = (rules: readonly RoleRule[], roles: readonly Role[]): string[] => [
  ...new Set(
    rules
      .filter(({ claim, value }) => (claim === 'scope' || claim === 'scp') && scopePattern.test(value))
      .filter((rule) => rule.roles.some((role) => roles.includes(role)))
      .map(({ value }) => value),
  ),
]

/** OpenID Connect Core, 2: "It MUST NOT exceed 255 ASCII characters in length." */
const maxSubject = 255
const maxName = 64

/** The subject as a name. One that is too long or has other characters gets a part of its hash, to stay unique. */
function nameOf(subject: string): string {
  const safe = subject.replace(/[^A-Za-z0-9._@-]/g, '_')
  // What looks like such a name is marked as well.
  if (safe === subject && safe.length <= maxName && !/-[0-9a-f]{16}$/.test(safe)) return safe
  const mark = sha256(subject).slice(0, 16)
  return `${safe.slice(0, maxName - mark.length - 1)}-${mark}`
}

/** The caller whom verified claims name. Throws a TokenError: without a subject, or without a role. */
export function callerOfClaims(
  claims: Readonly<Record<string, unknown>>,
  rules: readonly RoleRule[],
): ServiceCaller {
  const { sub, exp } = claims
  const isName = typeof sub === 'string' && sub !== '' && sub === oneLine(sub, maxSubject)
  if (!isName || typeof exp !== 'number') throw new TokenError('malformed')
  const roles = rolesIn(claims, rules)
  if (roles.size === 0) throw new TokenError('no role')
  return { name: nameOf(sub), person: sub, knownBy: 'issuer', roles, expiresAt: exp * 1_000 }
}
