import { onTestFinished } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { openIssuerServer } from '../callers/issuer-server.ts'
import { audience, goodClaims, type SigningKey, signedToken, signingKey } from '../callers/tokens.ts'

/** An issuer, the settings that trust it, and its tokens. */
export interface TestIssuer {
  readonly url: string
  readonly key: SigningKey
  readonly settings: Environment
  /** The claims of a good token. */
  readonly claims: (more?: object) => object
  readonly token: (more?: object, key?: SigningKey, header?: object) => Promise<string>
  /** Stops answering. */
  readonly close: () => Promise<void>
}

/** What a token of tests gives: two scopes, a scope of none of them, and groups. */
const rules = {
  'scope:qualys.read': 'viewer',
  'scope:qualys.run': ['viewer', 'operator'],
  'groups:readers': 'viewer',
  'groups:runners': ['viewer', 'operator'],
} as const

/** The address at which clients reach the service. */
export const publicUrl = 'https://mcp.example.com'

/** Starts an issuer, which is closed after the test. */
export async function openTestIssuer(roleRules: object = rules): Promise<TestIssuer> {
  const key = await signingKey('first')
  const server = await openIssuerServer([key])
  let isOpen = true
  const close = async (): Promise<void> => {
    if (isOpen) await server.close()
    isOpen = false
  }
  onTestFinished(close)
  const claims = (more: object = {}): object => ({ ...goodClaims(server.url, Date.now()), ...more })
  return {
    url: server.url,
    key,
    settings: {
      QUALYS_OIDC_ISSUER: server.url,
      QUALYS_OIDC_AUDIENCE: audience,
      QUALYS_OIDC_ROLES: JSON.stringify(roleRules),
      QUALYS_PUBLIC_URL: publicUrl,
    },
    claims,
    token: (more, by = key, header = {}) => signedToken(by, claims(more), header),
    close,
  }
}
