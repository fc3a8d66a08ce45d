import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLoginStore } from '../../../src/service/connect/tokens/login-store.ts'
import { LoginTokens } from '../../../src/service/connect/tokens/login-tokens.ts'
import type { FormAnswer } from '../../../src/service/connect/tokens/token-request.ts'
import { TokenFault } from '../../../src/service/connect/tokens/token-source.ts'
import { Secret } from '../../../src/shared/secrets.ts'
import { testClock } from '../../support/callers/callers-folder.ts'
import { temporaryFolder } from '../../support/connect/folder.ts'
import {
  challenge,
  codeAnswer,
  documents,
  memoryIssuer,
  pending,
  service,
  tokenAnswer,
} from '../../support/connect/memory-issuer.ts'
import { orderedClock } from '../../support/connect/ordered-clock.ts'
import { recordedLog } from '../../support/listener/log.ts'

const { signal } = new AbortController()

/** The tokens of one process, at an issuer that answers so. */
function tokensOf(stateDir: string, answers: readonly (FormAnswer | Error)[], time = testClock()) {
  const { forms, postForm } = memoryIssuer(...answers)
  const { log, lines } = recordedLog()
  const announced: string[] = []
  const known: string[] = []
  const tokens = new LoginTokens({
    url: service,
    clientId: 'cli',
    store: openLoginStore(stateDir, { url: service, clientId: 'cli', log }),
    fetchJson: documents(),
    postForm,
    clock: orderedClock(),
    now: time.now,
    announce: (sentence) => announced.push(sentence),
    onTokens: (secrets) => known.push(...secrets.map((secret) => secret.reveal())),
    log,
    signal,
  })
  const logIn = (token?: string): Promise<boolean> =>
    tokens.renew({ challenge, token: token === undefined ? undefined : new Secret(token) }, signal)
  const current = async (): Promise<string | undefined> => (await tokens.current(signal))?.reveal()
  return { tokens, current, logIn, forms, announced, known, lines, time }
}

const storedFile = (stateDir: string): string => {
  const folder = join(stateDir, 'connect')
  const [name = ''] = readdirSync(folder)
  return join(folder, name)
}

test('a login is kept: the next start needs none', async () => {
  const stateDir = temporaryFolder()
  const first = tokensOf(stateDir, [codeAnswer(), tokenAnswer('a')])
  expect(first.tokens.isEmpty).toBe(true)
  expect(await first.current()).toBeUndefined()
  expect(await first.logIn()).toBe(true)
  expect(await first.current()).toBe('canary-access-a')
  expect(first.known).toEqual(['canary-access-a', 'canary-refresh-a'])
  const file = storedFile(stateDir)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(file).toMatch(/\/connect\/[\da-f]{64}\.json$/)
  const next = tokensOf(stateDir, [])
  expect(next.tokens.isEmpty).toBe(false)
  expect(await next.current()).toBe('canary-access-a')
  expect(next.known).toContain('canary-refresh-a')
})

test('requests share one login', async () => {
  const { logIn, announced, current } = tokensOf(temporaryFolder(), [codeAnswer(), pending, tokenAnswer('a')])
  const [one, other, later] = await Promise.all([logIn(), logIn(), current()])
  expect([one, other, later]).toEqual([true, true, 'canary-access-a'])
  expect(announced).toHaveLength(1)
})

test('a token is renewed before its end, once for all requests, and the new refresh token counts', async () => {
  const answers = [
    codeAnswer(),
    tokenAnswer('a'),
    tokenAnswer('b'),
    tokenAnswer('c', { refresh_token: undefined }),
  ]
  const { current, logIn, forms, time } = tokensOf(temporaryFolder(), [...answers, tokenAnswer('d')])
  await logIn()
  time.pass(541_000)
  const both = await Promise.all([current(), current()])
  expect(both).toEqual(['canary-access-b', 'canary-access-b'])
  for (const name of ['c', 'd']) {
    time.pass(541_000)
    expect(await current()).toBe(`canary-access-${name}`)
  }
  expect(forms.slice(2).map(({ form }) => form['refresh_token'])).toEqual([
    'canary-refresh-a',
    'canary-refresh-b',
    'canary-refresh-b',
  ])
  expect(forms[2]?.form).toEqual({
    grant_type: 'refresh_token',
    refresh_token: 'canary-refresh-a',
    client_id: 'cli',
    resource: service.href,
  })
})

test('a token that is refused is renewed without a person', async () => {
  const { current, logIn, announced, time } = tokensOf(temporaryFolder(), [
    codeAnswer(),
    tokenAnswer('a'),
    tokenAnswer('b'),
  ])
  await logIn()
  time.pass(120_000)
  expect(await logIn('canary-access-a')).toBe(true)
  expect(await current()).toBe('canary-access-b')
  expect(announced).toHaveLength(1)
})

test('a new token that is refused as well is not replaced again', async () => {
  const { logIn, forms } = tokensOf(temporaryFolder(), [codeAnswer(), tokenAnswer('a')])
  await logIn()
  expect(await logIn('canary-access-a')).toBe(false)
  expect(forms).toHaveLength(2)
})

test('a refresh token that is refused ends the login, and a person logs in again', async () => {
  const stateDir = temporaryFolder()
  const { current, logIn, announced, time } = tokensOf(stateDir, [
    codeAnswer(),
    tokenAnswer('a'),
    { error: 'invalid_grant' },
    codeAnswer(),
    tokenAnswer('b'),
  ])
  await logIn()
  time.pass(700_000)
  expect(await current()).toBeUndefined()
  expect(readdirSync(join(stateDir, 'connect'))).toEqual([])
  expect(await logIn()).toBe(true)
  expect(await current()).toBe('canary-access-b')
  expect(announced).toHaveLength(2)
})

test.each([new TokenFault('The issuer cannot be asked: away.'), { error: 'temporarily_unavailable' }])(
  'an issuer that is away does not end the login',
  async (failure) => {
    const { current, logIn, time } = tokensOf(temporaryFolder(), [
      codeAnswer(),
      tokenAnswer('a'),
      failure,
      tokenAnswer('b'),
    ])
    await logIn()
    time.pass(700_000)
    await expect(current()).rejects.toThrow(TokenFault)
    expect(await current()).toBe('canary-access-b')
  },
)

test('another process may have renewed the login: its refresh token is used, and no old one', async () => {
  const stateDir = temporaryFolder()
  const time = testClock()
  const one = tokensOf(stateDir, [codeAnswer(), tokenAnswer('a'), tokenAnswer('b')], time)
  await one.logIn()
  const other = tokensOf(stateDir, [], time)
  time.pass(700_000)
  expect(await one.current()).toBe('canary-access-b')
  expect(await other.current()).toBe('canary-access-b')
  expect(other.forms).toEqual([])
})

test('a request does not wait for a person longer than a client does; the login goes on', async () => {
  const { logIn, current, lines } = tokensOf(temporaryFolder(), [
    codeAnswer(),
    ...Array<FormAnswer>(30).fill(pending),
    tokenAnswer('a'),
  ])
  await expect(logIn()).rejects.toThrow(/Log in first: the address and the code are in the log/)
  await expect.poll(() => current()).toBe('canary-access-a')
  expect(lines.map(({ msg }) => msg)).toEqual(['logged in'])
})

test('a login that fails is told to its requests and in the log, and the next request begins another', async () => {
  const { logIn, lines } = tokensOf(temporaryFolder(), [
    codeAnswer(),
    { error: 'access_denied' },
    codeAnswer(),
    tokenAnswer('a'),
  ])
  await expect(logIn()).rejects.toThrow(/the person declined it/)
  expect(lines).toMatchObject([{ level: 'warn', msg: 'there is no new token' }])
  expect(await logIn()).toBe(true)
})

test.each([
  ['that others can read', (file: string) => chmodSync(file, 0o644), 1],
  ['that is damaged', (file: string) => writeFileSync(file, '{'), 0],
  [
    'that sends the refresh token elsewhere without TLS',
    (file: string) =>
      writeFileSync(
        file,
        JSON.stringify({ resource: 'x', tokenEndpoint: 'http://x.example.com', accessToken: 'x' }),
      ),
    0,
  ],
] as const)('a file %s is not used', async (_what, spoil, warnings) => {
  const stateDir = temporaryFolder()
  await tokensOf(stateDir, [codeAnswer(), tokenAnswer('a')]).logIn()
  spoil(storedFile(stateDir))
  const next = tokensOf(stateDir, [])
  expect(next.tokens.isEmpty).toBe(true)
  expect(next.lines).toHaveLength(warnings)
})

test('without a folder of its own a login lives as long as the process', async () => {
  const stateDir = temporaryFolder()
  writeFileSync(join(stateDir, 'connect'), '')
  const { current, logIn, lines } = tokensOf(stateDir, [codeAnswer(), tokenAnswer('a')])
  expect(await logIn()).toBe(true)
  expect(await current()).toBe('canary-access-a')
  expect(lines.map(({ msg }) => msg)).toContain('the login is not kept')
})

test('neither the log nor what a person is told holds a token', async () => {
  const { logIn, lines, announced, time, current } = tokensOf(temporaryFolder(), [
    codeAnswer(),
    tokenAnswer('a'),
    { error: 'invalid_grant' },
    codeAnswer(),
    { error: 'access_denied' },
  ])
  await logIn()
  time.pass(700_000)
  await current()
  const failure = await logIn().catch(String)
  expect(JSON.stringify([lines, announced, failure])).not.toContain('canary')
})
