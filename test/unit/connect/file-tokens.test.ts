import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileTokens, noTokens, TokenFault } from '../../../src/service/connect/tokens/token-source.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { Secret } from '../../../src/shared/secrets.ts'
import { temporaryFolder } from '../../support/connect/folder.ts'

const { signal } = new AbortController()

function tokenFile(content = 'canary-token-1\n') {
  const path = join(temporaryFolder(), 'token')
  const write = (text: string, mode = 0o600): void => {
    writeFileSync(path, text)
    chmodSync(path, mode)
  }
  write(content)
  return { path, write }
}

test('the file is read for each request', async () => {
  const { path, write } = tokenFile()
  const seen: string[] = []
  const onTokens = (tokens: readonly Secret[]): void => void seen.push(...tokens.map((one) => one.reveal()))
  const { current, renew } = fileTokens(path, onTokens)
  expect((await current(signal))?.reveal()).toBe('canary-token-1')
  expect(await renew({ challenge: '', token: new Secret('canary-token-1') }, signal)).toBe(false)
  write('canary-token-2')
  expect(await renew({ challenge: '', token: new Secret('canary-token-1') }, signal)).toBe(true)
  expect((await current(signal))?.reveal()).toBe('canary-token-2')
  expect(seen).toEqual(['canary-token-1', 'canary-token-2'])
})

test.each([
  ['open to others', 'canary-token', 0o644],
  ['is empty', '', 0o600],
  ['more than one line', 'canary-token\ncanary-token', 0o600],
  ['something else than a token', 'canary token', 0o600],
  ['something else than a token', 'canary-tökên', 0o600],
])('a file that is %s stops the start', (_why, content, mode) => {
  const { path, write } = tokenFile()
  write(content, mode)
  expect(() => fileTokens(path, () => undefined)).toThrow(SettingsError)
  try {
    fileTokens(path, () => undefined)
  } catch (error) {
    expect(String(error)).toMatch(/^Error: The file that QUALYS_CONNECT_TOKEN_FILE \(--token-file\) names /)
    expect(String(error)).not.toContain('canary')
  }
})

test('a file that goes away later fails its request alone', async () => {
  const { path, write } = tokenFile()
  const { current } = fileTokens(path, () => undefined)
  rmSync(path)
  await expect(current(signal)).rejects.toThrow(TokenFault)
  await expect(current(signal)).rejects.toThrow(/cannot be read: check the path/)
  write('canary-token-3')
  expect((await current(signal))?.reveal()).toBe('canary-token-3')
})

test('without a source there is never a token', async () => {
  expect(await noTokens.current(signal)).toBeUndefined()
  expect(await noTokens.renew({ challenge: '', token: undefined }, signal)).toBe(false)
})
