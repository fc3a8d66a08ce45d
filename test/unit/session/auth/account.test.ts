import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { accountOf, loginOf } from '../../../../src/session/auth/account.ts'
import { settingsFrom } from '../../../support/environment.ts'

// Which account the settings describe, and what is missing if they describe none.

const urls = { QUALYS_GATEWAY_URL: 'https://gateway.example', QUALYS_API_URL: 'https://api.example' }
const password = { QUALYS_USERNAME: 'acme_ab1', QUALYS_PASSWORD: 'not the password' }
const client = { QUALYS_CLIENT_ID: 'client', QUALYS_CLIENT_SECRET: 'not the secret' }
const account = (environment: Environment) => accountOf(settingsFrom(environment))
const failure = (environment: Environment): string => {
  try {
    account(environment)
  } catch (error) {
    expect(error).toMatchObject({ kind: 'setup' })
    return error instanceof Error && 'next' in error ? `${error.message} ${error.next}` : ''
  }
  return expect.fail('there is an account')
}

describe('the platform', () => {
  test('by two addresses: named by the host of the gateway', () => {
    expect(account({ ...urls, ...password })).toMatchObject({
      platform: 'gateway.example',
      gatewayUrl: 'https://gateway.example',
      apiUrl: 'https://api.example',
      sandbox: false,
    })
  })

  test('by a platform', () => {
    expect(account({ QUALYS_PLATFORM: 'EU2', ...password })).toMatchObject({
      platform: 'EU2',
      gatewayUrl: expect.stringMatching(/^https:\/\/gateway\./),
      apiUrl: expect.stringMatching(/^https:\/\/qualysapi\./),
    })
  })

  test.each<readonly [Environment, object]>([
    [
      { QUALYS_GATEWAY_URL: 'https://gateway.example' },
      { platform: 'gateway.example', gatewayUrl: 'https://gateway.example' },
    ],
    [{ QUALYS_API_URL: 'https://api.example' }, { platform: 'api.example', apiUrl: 'https://api.example' }],
  ])('by the address of one product: %j', (environment, origins) => {
    const { credentials: _, login: __, ...found } = account({ ...environment, ...password })
    expect(found).toEqual({ ...origins, sandbox: false })
  })

  test('none', () => {
    expect(failure(password)).toBe(
      'No Qualys platform is set. Ask the operator to set QUALYS_PLATFORM (US1, EU2, …), QUALYS_GATEWAY_URL or QUALYS_API_URL, or to start with --sandbox to try without an account.',
    )
  })
})

describe('the credentials', () => {
  test.each<readonly [string, Environment, string, boolean]>([
    ['a password', password, 'password', true],
    ['a client', client, 'client', false],
    ['a client, and a password', { ...client, ...password }, 'client', true],
    ['a token file', { QUALYS_TOKEN_FILE: '/jwt' }, 'tokenFile', false],
    ['all three', { QUALYS_TOKEN_FILE: '/jwt', ...client, ...password }, 'tokenFile', true],
    ['half a client, and a password', { QUALYS_CLIENT_ID: 'client', ...password }, 'password', true],
    ['a client, and half a password', { ...client, QUALYS_USERNAME: 'acme_ab1' }, 'client', false],
  ])('%s', (_name, environment, kind, opensSaq) => {
    const found = account({ ...urls, ...environment })
    expect(found.credentials.kind).toBe(kind)
    expect(loginOf(found)?.username).toBe(opensSaq ? 'acme_ab1' : undefined)
    expect(loginOf(found)?.password.reveal()).toBe(opensSaq ? 'not the password' : undefined)
  })

  test.each(['user', 'subscription'])('a client of %s level', (level) => {
    expect(account({ ...urls, ...client, QUALYS_CLIENT_LEVEL: level }).credentials).toMatchObject({ level })
  })

  test.each<readonly [Environment, string, string]>([
    [
      { QUALYS_USERNAME: 'acme_ab1' },
      'QUALYS_USERNAME is set but QUALYS_PASSWORD is not',
      'QUALYS_PASSWORD (or QUALYS_PASSWORD_FILE)',
    ],
    [
      { QUALYS_PASSWORD: 'not the password' },
      'QUALYS_PASSWORD is set but QUALYS_USERNAME is not',
      'QUALYS_USERNAME',
    ],
    [
      { QUALYS_CLIENT_ID: 'client' },
      'QUALYS_CLIENT_ID is set but QUALYS_CLIENT_SECRET is not',
      'QUALYS_CLIENT_SECRET',
    ],
    [
      { QUALYS_CLIENT_SECRET: 'not the secret' },
      'QUALYS_CLIENT_SECRET is set but QUALYS_CLIENT_ID is not',
      'QUALYS_CLIENT_ID',
    ],
  ])('incomplete ones: %j', (environment, what, missing) => {
    expect(failure({ ...urls, ...environment })).toBe(
      `The credentials are incomplete: ${what}. Ask the operator to set ${missing} for this server and restart it.`,
    )
  })

  test('none', () => {
    expect(failure(urls)).toBe(
      'No Qualys credentials are set. Ask the operator to set QUALYS_USERNAME and QUALYS_PASSWORD (or QUALYS_CLIENT_ID and QUALYS_CLIENT_SECRET, or QUALYS_TOKEN_FILE), or to start with --sandbox to try without an account.',
    )
  })
})
