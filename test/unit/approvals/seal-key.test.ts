import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Environment, readSettings } from '../../../src/config/settings.ts'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'

// The key that seals what is approved on the page of a service.

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-seal-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const safeguards = (folder: string, environment: Environment) =>
  safeguardsOf(readSettings({}, { QUALYS_STATE_DIR: folder, ...environment }).settings, (text) => text)

const keyOf = (folder: string, environment: Environment): string =>
  safeguards(folder, environment).approvals.sealKey.toString('hex')

const account = {
  QUALYS_PLATFORM: 'US1',
  QUALYS_USERNAME: 'acme2ab1',
  QUALYS_PASSWORD: 'a long password',
} as const
const client = {
  QUALYS_PLATFORM: 'US1',
  QUALYS_CLIENT_ID: 'client-1',
  QUALYS_CLIENT_SECRET: 'a long client secret',
} as const

test.each([
  ['a password', account],
  ['a client secret', client],
  ['both', { ...account, ...client }],
])('comes from the secret of the account and lasts for a restart: %s', (_, environment) => {
  const folder = newFolder()
  const key = keyOf(folder, environment)
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(keyOf(folder, environment)).toBe(key)
})

test('is another one with another secret, or in another state folder', () => {
  const folder = newFolder()
  const keys = [
    keyOf(folder, account),
    keyOf(folder, { ...account, QUALYS_PASSWORD: 'a long password!' }),
    keyOf(folder, client),
    keyOf(folder, { ...client, QUALYS_CLIENT_SECRET: 'another client secret' }),
    keyOf(newFolder(), account),
  ]
  expect(new Set(keys).size).toBe(keys.length)
})

test('is random where the settings hold no secret', () => {
  const folder = newFolder()
  const withToken = { QUALYS_PLATFORM: 'US1', QUALYS_TOKEN_FILE: join(folder, 'token') }
  expect(keyOf(folder, withToken)).not.toBe(keyOf(folder, withToken))
  expect(keyOf(folder, { QUALYS_SANDBOX: '1' })).not.toBe(keyOf(folder, { QUALYS_SANDBOX: '1' }))
})

test('is the same throughout a process, and made with its first use', () => {
  const folder = newFolder()
  const { approvals } = safeguards(folder, account)
  expect(existsSync(join(folder, 'server-id'))).toBe(false)
  expect(approvals.sealKey).toBe(approvals.sealKey)
  expect(existsSync(join(folder, 'server-id'))).toBe(true)
})

test('does not show the secret', () => {
  const key = safeguards(newFolder(), account).approvals.sealKey
  expect(key.toString('utf8')).not.toContain('password')
  expect(key).toHaveLength(32)
})
