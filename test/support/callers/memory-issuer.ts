import type { RoleRule } from '../../../src/config/service/parsers.ts'
import { Issuer, type IssuerSettings } from '../../../src/service/callers/issuer.ts'
import { TokenError } from '../../../src/service/callers/token-error.ts'
import { audience, goodClaims, type SigningKey, signedToken } from './tokens.ts'

/** The rules of tests. */
export const roleRules: readonly RoleRule[] = [
  { claim: 'scope', value: 'qualys.read', roles: ['viewer'] },
  { claim: 'scope', value: 'qualys.run', roles: ['viewer', 'operator'] },
  { claim: 'realm_access.roles', value: 'qualys-admins', roles: ['admin'] },
]

/** The settings of an issuer of tests. */
export const issuerSettings = (oidcIssuer: string, more: Partial<IssuerSettings> = {}): IssuerSettings => ({
  oidcIssuer,
  oidcAudience: ['https://other.example.com', audience],
  oidcRoles: roleRules,
  oidcAlgorithms: ['RS256', 'ES256'],
  ...more,
})

const startTime = Date.parse('2027-03-01T12:00:00Z')

/** An issuer whose documents are in memory, with a clock of its own. */
export class MemoryIssuer {
  now = startTime
  keys: readonly SigningKey[]
  /** What each address answers, besides the usual two documents; an Error is thrown. */
  readonly documents = new Map<string, unknown>()
  readonly fetched: string[] = []
  readonly issuer: Issuer
  readonly name: string

  constructor(
    keys: readonly SigningKey[],
    name = 'https://id.example.com',
    settings: Partial<IssuerSettings> = {},
  ) {
    this.name = name
    this.keys = keys
    this.issuer = new Issuer(issuerSettings(name, settings), {
      fetchJson: this.fetchJson,
      now: () => this.now,
    })
  }

  /** How often the keys were fetched. */
  get fetches(): number {
    return this.fetched.filter((url) => url.endsWith('/keys')).length
  }

  /** Lets every address fail until `back` is called. */
  away(): void {
    for (const url of this.#usual().keys()) this.documents.set(url, new Error('connection refused'))
  }

  back(): void {
    this.documents.clear()
  }

  token(key: SigningKey, claims: object = {}, header: object = {}): Promise<string> {
    return signedToken(key, { ...goodClaims(this.name, this.now), ...claims }, header)
  }

  /** The reason for which a token is refused; undefined if it is not. */
  async refusal(token: string): Promise<string | undefined> {
    try {
      await this.issuer.verify(token)
      return undefined
    } catch (error) {
      if (error instanceof TokenError) return error.reason
      throw error
    }
  }

  readonly fetchJson = async (url: string): Promise<unknown> => {
    this.fetched.push(url)
    const known = this.documents.has(url) ? this.documents : this.#usual()
    const answer = known.has(url) ? known.get(url) : new Error('404')
    if (answer instanceof Error) throw answer
    return answer
  }

  #usual(): Map<string, unknown> {
    const bare = this.name.replace(/\/$/, '')
    return new Map<string, unknown>([
      [`${bare}/.well-known/openid-configuration`, { issuer: this.name, jwks_uri: `${bare}/keys` }],
      [`${bare}/keys`, { keys: this.keys.map(({ jwk }) => jwk) }],
    ])
  }
}
