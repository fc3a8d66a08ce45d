import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Account } from '../../../../src/session/auth/account.ts'
import { identityOf } from '../../../../src/session/auth/identity.ts'
import { TokenKeeper } from '../../../../src/session/auth/token.ts'
import { productOf } from '../../../../src/session/products/product-of.ts'
import { Secret } from '../../../../src/shared/secrets.ts'
import { operationNamed } from '../../../support/session/memory.ts'

// Which account acts on a product, and on which host.

const car = productOf(operationNamed('car_search_jobs'))
const saq = productOf(operationNamed('saq_search_users'))
const login = { username: 'acme_ab1', password: new Secret('not the password') }
const account = (more: Partial<Account>): Account => ({
  platform: 'US1',
  gatewayUrl: 'https://gateway.example',
  apiUrl: 'https://api.example',
  credentials: { kind: 'password', ...login },
  sandbox: false,
  ...more,
})
const client = {
  kind: 'client',
  clientId: 'client',
  clientSecret: new Secret('not the secret'),
  level: 'user',
} as const
const tokenFile = { kind: 'tokenFile', path: '/jwt' } as const
const jwt = `e30.${Buffer.from(JSON.stringify({ sub: 'somebody' })).toString('base64url')}.c2ln`
const tokens = (token: string) => new TokenKeeper(async () => token)
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

test.each<readonly [string, Partial<Account>, string, string]>([
  ['a password', {}, 'https://gateway.example acme_ab1', 'https://api.example acme_ab1'],
  ['a client', { credentials: client }, 'https://gateway.example client', 'https://api.example client'],
  [
    'a client, and a password for SAQ',
    { credentials: client, login },
    'https://gateway.example client',
    'https://api.example acme_ab1',
  ],
  [
    'a token file: whom the token names',
    { credentials: tokenFile },
    'https://gateway.example somebody',
    'https://api.example somebody',
  ],
  ['the sandbox, on whatever port', { sandbox: true }, 'sandbox acme_ab1', 'sandbox acme_ab1'],
])('%s', async (_name, more, ofCar, ofSaq) => {
  expect(await identityOf(account(more), car, tokens(jwt))).toBe(ofCar)
  expect(await identityOf(account(more), saq, tokens(jwt))).toBe(ofSaq)
})

test('a token without a name is identified by its hash', async () => {
  const opaque = 'an opaque token'
  const found = await identityOf(account({ credentials: tokenFile }), car, tokens(opaque))
  expect(found).toBe(`https://gateway.example ${sha256(opaque)}`)
  expect(found).not.toContain(opaque)
})
