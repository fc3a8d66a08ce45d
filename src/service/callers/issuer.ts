import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose'
import type { RoleRule } from '../../config/service/parsers.ts'
import type { ServiceCaller } from './caller.ts'
import { type FetchJson, IssuerKeys } from './issuer-keys.ts'
import { callerOfClaims } from './token-claims.ts'
import { TokenError, tokenErrorOf } from './token-error.ts'

/** The settings of the issuer. */
export interface IssuerSettings {
  readonly oidcIssuer: string
  readonly oidcAudience: readonly string[]
  readonly oidcRoles: readonly RoleRule[]
  readonly oidcAlgorithms: readonly string[]
}

const maxTokenLength = 16 * 1024
const leewaySeconds = 60

/** Access tokens have one of these types (RFC 9068, 2.1), or none; others serve something else, such as a logout. */
const tokenTypes = ['jwt', 'at+jwt', 'application/at+jwt']

type Jose = typeof import('jose')

/** What a token says, which nobody has verified yet. */
function decoded({ decodeJwt, decodeProtectedHeader }: Jose, token: string) {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
  } catch {
    throw new TokenError('malformed')
  }
}

/** Verifies with the key that a token names, or with each that fits if it names none. */
async function verifyWith(
  { jwtVerify, errors }: Jose,
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (refusal) {
        if (!(refusal instanceof errors.JWSSignatureVerificationFailed)) throw refusal
      }
    }
    throw new TokenError('signature')
  }
}

/** Verifies the access tokens of an OpenID issuer (RFC 9068), and reads who their caller is. */
export class Issuer {
  readonly #settings: IssuerSettings
  readonly #keys: IssuerKeys
  readonly #now: () => number

  /** `now`: the time of day, in ms. */
  constructor(
    settings: IssuerSettings,
    { fetchJson, now = Date.now }: { readonly fetchJson: FetchJson; readonly now?: () => number },
  ) {
    this.#settings = settings
    this.#now = now
    this.#keys = new IssuerKeys(settings.oidcIssuer, fetchJson, now)
  }

  /** Why the keys of the issuer could not be read the last time; undefined if they could. */
  fault(): string | undefined {
    return this.#keys.fault()
  }

  /** The caller of a token. Throws a TokenError. */
  async verify(token: string): Promise<ServiceCaller> {
    const jose = await import('jose')
    this.#refuseForeign(jose, token)
    return callerOfClaims(await this.#claims(jose, token), this.#settings.oidcRoles)
  }

  /** Refuses what needs no key, so that nobody makes the issuer busy with tokens of others. */
  #refuseForeign(jose: Jose, token: string): void {
    if (token.length > maxTokenLength) throw new TokenError('malformed')
    const { header, claims } = decoded(jose, token)
    const { alg = '', typ = 'JWT' } = header
    if (!this.#settings.oidcAlgorithms.includes(alg)) throw new TokenError('algorithm')
    if (!tokenTypes.includes(String(typ).toLowerCase())) throw new TokenError('malformed')
    if (claims.iss !== this.#settings.oidcIssuer) throw new TokenError('issuer')
  }

  async #claims(jose: Jose, token: string): Promise<JWTPayload> {
    const { oidcIssuer, oidcAudience, oidcAlgorithms } = this.#settings
    const options: JWTVerifyOptions = {
      algorithms: [...oidcAlgorithms],
      issuer: oidcIssuer,
      audience: [...oidcAudience],
      clockTolerance: leewaySeconds,
      requiredClaims: ['exp'],
      currentDate: new Date(this.#now()),
    }
    const verified = (keys: JWTVerifyGetKey) => verifyWith(jose, token, keys, options)
    try {
      return await verified(await this.#keys.known()).catch(async (error: unknown) => {
        if (!(error instanceof jose.errors.JWKSNoMatchingKey)) throw error
        return verified(await this.#keys.afterSearch())
      })
    } catch (error) {
      throw tokenErrorOf(error)
    }
  }
}
