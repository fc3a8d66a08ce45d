import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type Answer,
  type MemoryOptions,
  memoryToken,
  openInMemory,
} from '../../../support/session/memory.ts'

// The login request of each kind of account, and what is accepted as a token.

const noRows: Answer = { body: { body: { totalCount: 0, list: [] } } }
const logged = (options: MemoryOptions = {}) => openInMemory(noRows, options)
const call = 'car_list_script_types'

describe('the request', () => {
  test('special characters in user name and password arrive unchanged', async () => {
    const odd = 'p+q & r#s=t "ü" %2B;'
    const memory = logged({ extra: { QUALYS_USERNAME: `u ${odd}`, QUALYS_PASSWORD: odd } })
    await memory.call(call)
    const [request] = memory.logins
    expect(request).toMatchObject({
      method: 'POST',
      path: '/auth',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      username: `u ${odd}`,
      password: odd,
      token: 'true',
    })
    expect(request?.headers).not.toHaveProperty('authorization')
  })

  test.each([
    ['user', '/auth/oidc'],
    ['subscription', '/auth/oauth'],
  ])('client of %s level: %s, the pair in headers, no body', async (level, path) => {
    const memory = logged({
      extra: {
        QUALYS_CLIENT_ID: 'client',
        QUALYS_CLIENT_SECRET: 'a secret of it',
        QUALYS_CLIENT_LEVEL: level,
      },
    })
    await memory.call(call)
    expect(memory.logins).toMatchObject([
      {
        method: 'POST',
        path,
        query: {},
        headers: { clientid: 'client', clientsecret: 'a secret of it', accept: 'application/json' },
        body: '',
      },
    ])
  })

  test.each(['snow\u2603man', 'a \u0001 bell', 'a \u007f delete'])(
    'the secret %j, which no header can carry, is a setup error, and nothing is sent',
    async (secret) => {
      const memory = logged({ extra: { QUALYS_CLIENT_ID: 'client', QUALYS_CLIENT_SECRET: secret } })
      expect((await memory.call(call)).error).toMatchObject({ kind: 'setup' })
      expect([...memory.logins, ...memory.sent]).toEqual([])
    },
  )
})

describe('what is a token', () => {
  test.each<readonly [string, Answer]>([
    ['bare, with 201', { status: 201, body: memoryToken }],
    ['bare, with 200', { body: memoryToken }],
    ['after a byte order mark and blanks', { body: `\ufeff ${memoryToken}\n` }],
    ['quoted', { body: JSON.stringify(memoryToken) }],
    ...['access_token', 'token', 'id_token', 'jwt'].map(
      (name) => [`as ${name}`, { body: { ok: true, [name]: memoryToken } }] as const,
    ),
  ])('%s', async (_name, login) => {
    const memory = logged({ login })
    expect((await memory.call(call)).isError).toBe(false)
    expect(memory.sent[0]?.headers['authorization']).toBe(`Bearer ${memoryToken}`)
  })

  test.each<readonly [string, Answer]>([
    ['a web page', { body: '<html><body>Log in</body></html>', headers: { 'content-type': 'text/html' } }],
    ['nothing', { body: '' }],
    ['JSON without a token', { body: { ok: true } }],
    ['a token that is a number', { body: { token: 1_234_567_890_123_456 } }],
    ['fifteen characters', { body: 'x'.repeat(15) }],
    ['more than any header holds', { body: 'x'.repeat(16_001) }],
    ['a token with a line break', { body: 'eyJhbGciOiJIUzUxMiJ9.e30.x\r\nX-Evil: 1' }],
    ['a token with a blank', { body: 'Bearer eyJhbGciOiJIUzUxMiJ9.e30.x' }],
  ])('%s is no token: drift, and not sent on', async (_name, login) => {
    const memory = logged({ login })
    const { error, text } = await memory.call(call)
    expect(error).toMatchObject({ kind: 'drift' })
    expect(text).not.toMatch(/[<>]|Evil/)
    expect(memory.sent).toEqual([])
    expect(memory.logins).toHaveLength(1)
  })

  test.each([16, 16_000])('%i characters may be one', async (length) => {
    expect((await logged({ login: { body: 'x'.repeat(length) } }).call(call)).isError).toBe(false)
  })

  // A wrong host answers like a wrong password, also with a success.
  test('the text of a wrong password within a success is a refusal', async () => {
    const { error, text } = await logged({ login: { body: 'Bad Login/Password' } }).call(call)
    expect(error).toMatchObject({ kind: 'setup', status: 401 })
    expect(text).toContain('Qualys refuses the login for CAR')
  })

  test('an error within a success is a refusal', async () => {
    const login = { body: { errorCode: '401', message: 'AccountLockedException: no' } }
    const { error, text } = await logged({ login }).call(call)
    expect(error).toMatchObject({ kind: 'setup', status: 200 })
    expect(text).toContain('and says "AccountLockedException": the account seems to be locked.')
  })

  test('a login answer over the size limit is a failure of the login', async () => {
    const login = { body: Buffer.alloc(64 * 1024 * 1024 + 1, 0x20) }
    const { error, text } = await logged({ login }).call(call)
    expect(error).toMatchObject({ kind: 'vendor' })
    expect(text).toMatch(/^The login failed: The answer is larger than 64 MiB\./)
  })
})

describe('a token file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-token-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const withFile = (text: string | undefined, mode = 0o600) => {
    const path = join(folder, `jwt-${Math.random()}`)
    if (text !== undefined) writeFileSync(path, text, { mode })
    return logged({ extra: { QUALYS_TOKEN_FILE: path } })
  }

  test('is read, and overrides a password', async () => {
    const memory = withFile(`${memoryToken}\n`)
    expect((await memory.call(call)).isError).toBe(false)
    expect(memory.logins).toEqual([])
    expect(memory.sent[0]?.headers['authorization']).toBe(`Bearer ${memoryToken}`)
  })

  test.each<readonly [string, string | undefined, RegExp]>([
    ['is missing', undefined, /^The file that QUALYS_TOKEN_FILE names /],
    ['is empty', '', /^The file that QUALYS_TOKEN_FILE names /],
    ['holds a header', 'Bearer eyJhbGciOiJIUzUxMiJ9.e30.c2ln', /names holds no token\./],
    ['holds a web page', '<html></html>', /names holds no token\./],
    ['holds fifteen characters', 'x'.repeat(15), /names holds no token\./],
  ])('that %s is a setup error', async (_name, text, says) => {
    const memory = withFile(text)
    const shown = await memory.call(call)
    expect(shown.error).toMatchObject({ kind: 'setup' })
    expect(shown.text).toMatch(says)
    expect(memory.sent).toEqual([])
  })
})
