import type { JWTVerifyGetKey } from 'jose'
import { messageOf } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import { isSafeAddress } from '../outbound/safe-address.ts'
import { TokenError } from './token-error.ts'

/** Fetches a JSON document. Rejects if the server is away, redirects, or answers anything else. */
export type FetchJson = (url: string) => Promise<unknown>

/** Keys that are older are fetched again, while the old ones serve. */
const renewMs = 10 * 60_000
/** How long keys serve while the issuer is away. */
const maxAgeMs = 24 * 3_600_000
/** Between two fetches that are tried because a key is unknown or the last fetch failed. */
const pauseMs = 30_000
/** The same, as long as there are no keys at all. */
const firstPauseMs = 5_000

/** Where an issuer describes itself: OpenID Connect Discovery 1.0, 4, and RFC 8414, 3.1. */
function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  return [
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`,
  ]
}

/** The address of the issuer's keys. Throws an Error that names each address that was tried. */
async function keysUrlOf(issuer: string, fetchJson: FetchJson): Promise<string> {
  const faults: string[] = []
  for (const url of metadataUrls(issuer)) {
    try {
      const document = await fetchJson(url)
      if (!isObject(document) || document['issuer'] !== issuer)
        throw new Error('it names another issuer, and the name must be exactly the same')
      const address = document['jwks_uri']
      if (!isSafeAddress(address)) throw new Error('its jwks_uri is no https:// address')
      return address
    } catch (error) {
      faults.push(`${url} (${messageOf(error)})`)
    }
  }
  throw new Error(`none of these describes it: ${faults.join(', ')}`)
}

/** The public keys of an issuer, fetched when they are first needed and kept. */
export class IssuerKeys {
  readonly #issuer: string
  readonly #fetchJson: FetchJson
  readonly #now: () => number
  #keys: { readonly find: JWTVerifyGetKey; readonly fetchedAt: number } | undefined
  #fault: string | undefined
  #triedAt = Number.NEGATIVE_INFINITY
  #searchedAt = Number.NEGATIVE_INFINITY
  #pending: Promise<void> | undefined

  constructor(issuer: string, fetchJson: FetchJson, now: () => number) {
    this.#issuer = issuer
    this.#fetchJson = fetchJson
    this.#now = now
  }

  /** Why tokens cannot be verified, in one sentence; undefined while known keys serve, whether or not a fetch failed. */
  fault(): string | undefined {
    return this.#age() > maxAgeMs ? this.#fault : undefined
  }

  /** The known keys, fetched if there are none. Throws a TokenError if the issuer is away. */
  async known(): Promise<JWTVerifyGetKey> {
    const sinceTry = this.#now() - this.#triedAt
    const age = this.#age()
    if (age > maxAgeMs) {
      if (this.#pending || sinceTry >= firstPauseMs) await this.#renew()
    } else if ((age > renewMs || this.#fault !== undefined) && sinceTry >= pauseMs) void this.#renew()
    return this.#usable()
  }

  /** The keys for a token whose key is not known. Throws a TokenError if the issuer is away. */
  async afterSearch(): Promise<JWTVerifyGetKey> {
    if (this.#pending) await this.#pending
    else if (this.#now() - this.#searchedAt >= pauseMs) {
      this.#searchedAt = this.#now()
      await this.#renew()
    }
    // The issuer may have made the key since: only its own answer says that it has not.
    if (this.#fault !== undefined) throw new TokenError('issuer away')
    return this.#usable()
  }

  #age(): number {
    return this.#keys ? this.#now() - this.#keys.fetchedAt : Number.POSITIVE_INFINITY
  }

  #usable(): JWTVerifyGetKey {
    if (!this.#keys || this.#age() > maxAgeMs) throw new TokenError('issuer away')
    return this.#keys.find
  }

  /** One fetch at a time, which all share. Never rejects: a failure becomes the fault. */
  #renew(): Promise<void> {
    this.#pending ??= this.#load().finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #load(): Promise<void> {
    this.#triedAt = this.#now()
    try {
      const { createLocalJWKSet } = await import('jose')
      const url = await keysUrlOf(this.#issuer, this.#fetchJson)
      const document = (await this.#fetchJson(url)) as Parameters<typeof createLocalJWKSet>[0]
      this.#keys = { find: createLocalJWKSet(document), fetchedAt: this.#now() }
      this.#fault = undefined
    } catch (error) {
      this.#fault = `The keys of the issuer ${this.#issuer} cannot be read: ${messageOf(error)}.`
    }
  }
}
