import { createServer } from 'node:http'
import { exportJWK } from 'jose'
import { vi } from 'vitest'
import { signingKey } from '../callers/tokens.ts'
import { listening } from '../session/gateway.ts'

/** A certified OpenID provider on loopback, at which programs without a browser log in. */
export interface DeviceProvider {
  readonly issuer: string
  /** Does what a person does who types this code, is ada, and agrees or not. */
  readonly decide: (userCode: string, answer: 'yes' | 'no') => Promise<void>
  readonly close: () => Promise<void>
}

export const clientId = 'qualys-mcp-cli'
const scope = 'qualys.read qualys.run'

/** What the provider keeps. */
interface Stored {
  [member: string]: unknown
  save: () => Promise<string>
}

interface Models {
  readonly DeviceCode: { readonly findByUserCode: (code: string) => Promise<Stored> }
  readonly Grant: new (
    facts: object,
  ) => Stored & { addResourceScope: (resource: string, scope: string) => void }
}

/** The provider warns of a store in memory, and of this release of Node. */
async function withoutWarnings<T>(work: () => Promise<T>): Promise<T> {
  const silenced = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'info')]
  for (const spy of silenced) spy.mockImplementation(() => undefined)
  try {
    return await work()
  } finally {
    for (const spy of silenced) spy.mockRestore()
  }
}

/** Starts a provider that gives JWTs for this resource. `seconds`: how long an access token lives. */
export async function openDeviceProvider(resource: string, seconds = 600): Promise<DeviceProvider> {
  const server = createServer()
  const { port, close } = await listening(server)
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey, kid, alg } = await signingKey('device-key', 'RS256')
  const jwks = { keys: [{ ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }] }
  const resourceServer = {
    scope,
    audience: resource,
    accessTokenFormat: 'jwt',
    accessTokenTTL: seconds,
    jwt: { sign: { alg } },
  }
  const models = await withoutWarnings(async () => {
    const { Provider } = await import('oidc-provider')
    const provider = new Provider(issuer, {
      jwks,
      scopes: [...scope.split(' '), 'openid', 'offline_access'],
      findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
      clients: [
        {
          client_id: clientId,
          token_endpoint_auth_method: 'none',
          application_type: 'native',
          grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      ttl: { DeviceCode: 600, Grant: 7_200, AccessToken: seconds, RefreshToken: 7_200 },
      issueRefreshToken: () => true,
      rotateRefreshToken: true,
      features: {
        devInteractions: { enabled: false },
        deviceFlow: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => resourceServer,
          useGrantedResource: () => true,
        },
      },
    })
    server.on('request', provider.callback())
    return provider as unknown as Models
  })
  const decide: DeviceProvider['decide'] = async (userCode, answer) => {
    const code = await models.DeviceCode.findByUserCode(userCode.replace(/\W/g, ''))
    if (answer === 'no') Object.assign(code, { error: 'access_denied' })
    else {
      const grant = new models.Grant({ accountId: 'ada', clientId })
      grant.addResourceScope(resource, scope)
      const facts = { accountId: 'ada', grantId: await grant.save(), authTime: Math.floor(Date.now() / 1000) }
      Object.assign(code, facts, { resource, scope: `${scope} offline_access` })
    }
    await code.save()
  }
  return { issuer, decide, close }
}
