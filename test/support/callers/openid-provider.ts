import { createServer } from 'node:http'
import { exportJWK } from 'jose'
import { vi } from 'vitest'
import { listening } from '../session/gateway.ts'
import { audience, signingKey } from './tokens.ts'

/** A certified OpenID provider on loopback. */
export interface OpenIdProvider {
  readonly issuer: string
  /** An access token of the client `ci` by the client credentials grant. */
  readonly token: (scope: string) => Promise<string>
  readonly close: () => Promise<void>
}

const credentials = { id: 'ci', secret: 'secret-of-the-client' }
const scope = 'qualys.read qualys.run other'

/** The provider warns of a store in memory, and of this release of Node. */
export async function withoutWarnings<T>(work: () => Promise<T>): Promise<T> {
  const silenced = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'info')]
  for (const spy of silenced) spy.mockImplementation(() => undefined)
  try {
    return await work()
  } finally {
    for (const spy of silenced) spy.mockRestore()
  }
}

/** Starts a provider that gives JWTs for one resource. */
export async function openOpenIdProvider(): Promise<OpenIdProvider> {
  const server = createServer()
  const { port, close } = await listening(server)
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey, kid, alg } = await signingKey('provider-key', 'RS256')
  const jwks = { keys: [{ ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }] }
  const resourceServer = {
    scope,
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: 600,
    jwt: { sign: { alg } },
  }
  await withoutWarnings(async () => {
    const { Provider } = await import('oidc-provider')
    const provider = new Provider(issuer, {
      jwks,
      scopes: scope.split(' '),
      ttl: { ClientCredentials: 600 },
      clients: [
        {
          client_id: credentials.id,
          client_secret: credentials.secret,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
          scope,
        },
      ],
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => audience,
          getResourceServerInfo: () => resourceServer,
        },
      },
    })
    server.on('request', provider.callback())
  })
  const token = async (wanted: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${credentials.id}:${credentials.secret}`).toString('base64')}`
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: wanted, resource: audience })
    const response = await fetch(`${issuer}/token`, { method: 'POST', headers: { authorization }, body })
    const answer = (await response.json()) as { access_token?: string }
    if (answer.access_token === undefined) throw new Error(JSON.stringify(answer))
    return answer.access_token
  }
  return { issuer, token, close }
}
