import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Fault, type FaultKind, faultKinds } from '../../src/sandbox/faults.ts'
import { type Assistant, assistantOn } from '../support/assistant.ts'
import { canary } from '../support/canary.ts'
import { processEnvironment, run } from '../support/command-line/program.ts'
import { environmentFor } from '../support/environment.ts'
import { everyCall, everything } from '../support/every-call.ts'
import { someJwt as jwt, leaks, spelled } from '../support/leak-search.ts'
import { openSandbox } from '../support/sandbox.ts'

// No secret leaves: not in a reply, an error, a log line or on a terminal, whatever Qualys sends back.

const password = canary('password')
const clientSecret = canary('client')
const proxyPassword = canary('proxy')
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let folder: string
let secrets: Record<string, string>
/** A token that works: what every call carries. */
let live: string
let calls: Awaited<ReturnType<typeof everyCall>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
  folder = await mkdtemp(join(tmpdir(), 'qualys-secrets-'))
  const { gatewayUrl, username } = sandbox
  const body = new URLSearchParams({ username, password: sandbox.password, token: 'true' })
  live = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
  await writeFile(join(folder, 'live'), live, { mode: 0o600 })
  calls = await everyCall(sandbox.control)
  await writeFile(join(folder, 'jwt'), jwt, { mode: 0o600 })
  secrets = {
    QUALYS_PASSWORD: password,
    QUALYS_CLIENT_ID: 'client',
    QUALYS_CLIENT_SECRET: clientSecret,
    HTTPS_PROXY: `http://corp:${encodeURIComponent(proxyPassword)}@proxy.example.com:3128`,
    ...everything,
    QUALYS_MAX_WAIT_SECONDS: '0',
    QUALYS_CONCURRENCY: '16',
  }
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

/** All secrets set; the token file is the one in use. */
const withFile = (file = 'live'): Record<string, string> => ({
  ...secrets,
  QUALYS_TOKEN_FILE: join(folder, file),
})

/** Everything that every tool says, in both forms, and the log. */
async function heard(assistant: Assistant, every = calls): Promise<unknown[]> {
  const replies = await Promise.all(
    (['text', 'json'] as const).flatMap((form) =>
      every.map(([tool, args]) => assistant.call(tool, args, form)),
    ),
  )
  return [...replies.map(({ raw }) => raw), await assistant.request('tools/list'), assistant.log]
}

async function session<T>(env: Record<string, string>, use: (on: Assistant) => Promise<T>): Promise<T> {
  const assistant = await assistantOn(sandbox, env)
  return use(assistant).finally(() => assistant.close())
}

describe('the search', () => {
  test.each(Object.entries(spelled))('finds a planted secret in %s', (_name, spell) => {
    for (const secret of [password, clientSecret, proxyPassword, jwt])
      for (const around of ['', 'x', 'xy', 'xyz'])
        expect(leaks({ deep: [`said: ${spell(around + secret)} end`] }), around).not.toEqual([])
    expect(leaks(`nothing here, ${spell('plain words and more of them')}`)).toEqual([])
  })

  test('finds what a server without redaction says', async () => {
    const echo = { message: `no ${password}` }
    await sandbox.control.faults([{ route: '*', kind: 'status', status: 400, body: echo }])
    const bare = await session({ ...everything, QUALYS_TOKEN_FILE: join(folder, 'live') }, heard)
    expect(leaks(bare)).not.toEqual([])
  })
})

const details: Partial<Record<FaultKind, Partial<Fault>>> = {
  delay: { ms: 1 },
  redirect: { location: 'https://elsewhere.example.com/' },
}

describe('every tool under every fault', () => {
  /** Bodies of more than 64 MiB: those of some tools are enough. */
  const heavy: readonly FaultKind[] = ['huge', 'bomb']
  const kinds = (Object.keys(faultKinds) as FaultKind[]).filter(
    (kind) => kind !== 'stall' && !heavy.includes(kind),
  )

  test.each(heavy)('%s, for some', async (kind) => {
    await sandbox.control.faults([{ route: '*', kind, ...details[kind] }])
    const some = calls.filter(([tool]) =>
      ['car_search_jobs', 'car_get_script', 'saq_search_users', 'car_add_blocked_commands'].includes(tool),
    )
    expect(some).toHaveLength(4)
    expect(leaks(await session(withFile(), (on) => heard(on, some)))).toEqual([])
    expect((await sandbox.control.requests()).length).toBeGreaterThanOrEqual(some.length)
  })

  test.each(kinds)('%s', async (kind) => {
    await sandbox.control.faults([{ route: '*', kind, ...details[kind] }])
    expect(leaks(await session(withFile(), heard))).toEqual([])
    expect((await sandbox.control.requests()).length).toBeGreaterThan(calls.length)
  })

  test('stall, until the other side dies', async () => {
    const stalling = await openSandbox({ jobs: 100 })
    await stalling.control.knobs({ loginStatus: 201 })
    const env = { ...everything, QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_CONCURRENCY: '16' }
    const assistant = await assistantOn(stalling, { ...env, QUALYS_CLIENT_SECRET: clientSecret })
    await assistant.call('qualys_status')
    await stalling.control.faults([{ route: '*', kind: 'stall' }])
    const replies = calls.map(([tool, args]) => assistant.call(tool, args))
    // As many as there may be at the same time, and the login before.
    await vi.waitFor(async () => expect((await stalling.control.requests()).length).toBeGreaterThan(16))
    await stalling.close()
    const said = await Promise.all(replies)
    const [status, ...others] = said.map(({ isError }) => isError)
    expect([status, new Set(others)]).toEqual([false, new Set([true])])
    expect(leaks(said)).toEqual([])
    await assistant.close()
  })
})

/** A text as a header can carry it. */
const carried = (text: string): string => (/^[\w.+/=%-]+$/.test(text) ? text : encodeURIComponent(text))

/** Ways for an answer to hold a text. */
const echoes: Readonly<Record<string, (text: string) => Partial<Fault>>> = {
  message: (text) => ({ body: { message: `bad ${text} here` } }),
  'nested error': (text) => ({ body: { _error: { message: text, errorCode: 'E1' } } }),
  'login error': (text) => ({ body: { authentication_exceptions: [[`Failure: ${text}`]] } }),
  'HTML page': (text) => ({ body: `<html><h1>${text}</h1></html>`, contentType: 'text/html' }),
  'text page': (text) => ({ body: `denied: ${text}`, contentType: 'text/plain' }),
  'row values': (text) => ({
    body: { body: { list: [1, 2].map((id) => ({ id, title: text, name: text, nested: { text } })) } },
  }),
  'a record': (text) => ({ body: { body: { id: text, content: text, title: text } } }),
  'names of fields': (text) => ({ body: { body: { list: [{ id: 1, [text]: 1 }], id: 1, [text]: 1 } } }),
  headers: (text) => ({
    body: 'a,b',
    contentType: 'text/csv',
    headers: {
      'content-disposition': `attachment; filename="${carried(text)}"`,
      'retry-after': carried(text),
      'x-ratelimit-remaining': carried(text),
      location: carried(text),
    },
  }),
}

const statuses = [200, 400, 401, 403, 404, 409, 429, 500, 503]

/** The secrets in each spelling, and tokens; `turn` tells which comes first. */
function said(status: number, turn: number): string[] {
  // JSON bodies escape by themselves, and a file is shown as it came.
  const spells = Object.values(spelled).filter(
    (spell) => spell !== spelled['JSON escaping'] || status !== 200,
  )
  const all = [
    jwt,
    live,
    ...[password, clientSecret].flatMap((secret) => spells.map((spell) => spell(secret))),
  ]
  const first = turn % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}

/** Answers that hold these texts, one after the other, several times over. */
async function echo(
  texts: readonly string[],
  status: number,
  how: (text: string) => Partial<Fault>,
): Promise<void> {
  const faults = Array.from({ length: 80 }, (_, place) => how(texts[place % texts.length] ?? ''))
  await sandbox.control.faults(
    faults.map((fault) => ({ route: '*', kind: 'reply', times: 1, status, ...fault })),
  )
}

describe.each(statuses)('what Qualys echoes with %i', (status) => {
  test.each(Object.entries(echoes))('in %s', async (name, how) => {
    await echo(said(status, statuses.indexOf(status) * 9 + name.length), status, how)
    expect(leaks(await session(withFile(), heard))).toEqual([])
  })
})

describe('what Qualys echoes besides', () => {
  const message = (text: string): Partial<Fault> => ({ body: { message: text } })
  const title = (text: string): Partial<Fault> => ({ body: { body: { list: [{ id: 1, title: text }] } } })
  const code = (text: string): Partial<Fault> => ({ body: { errorCode: text, message: 'no' } })

  test.each(Object.entries(spelled))('the proxy’s password, in %s', async (_name, spell) => {
    await echo([spell(proxyPassword)], 400, message)
    expect(leaks(await session(withFile(), heard))).toEqual([])
  })

  test.each([
    { name: 'a sentence', how: message, status: 400, from: 170, spell: (text: string) => text },
    { name: 'a cell', how: title, status: 200, from: 130, spell: (text: string) => text },
    { name: 'an error code', how: code, status: 400, from: 0, spell: encodeURIComponent },
  ])('a secret where $name is cut', async ({ how, status, from, spell }) => {
    const texts = Array.from({ length: 30 }, (_, place) => 'x'.repeat(from + place) + spell(password))
    await echo(texts, status, how)
    expect(leaks(await session(withFile(), heard))).toEqual([])
  })
})

describe('the program on a terminal', () => {
  const commands = [
    ['doctor'],
    ['tools'],
    ['tools', '--json'],
    ['call', 'qualys_status'],
    ['call', 'car_search_jobs'],
  ]
  test.each([
    ['message', 401],
    ['login error', 401],
    ['row values', 200],
    ['HTML page', 500],
  ] as const)('%s with %i', async (fault, status) => {
    const said = `${password} ${spelled['base64']?.(clientSecret)}`
    await sandbox.control.faults([{ route: '*', kind: 'reply', status, ...echoes[fault]?.(said) }])
    const { QUALYS_CLIENT_ID: _, ...byPassword } = secrets
    for (const env of [byPassword, withFile(), withFile('jwt')]) {
      const there = processEnvironment(environmentFor(sandbox, env))
      const ended = await Promise.all(commands.map((args) => run(args, there)))
      expect(ended.map(({ stdout, stderr }) => leaks(stdout + stderr))).toEqual(commands.map(() => []))
    }
  })

  test.each([
    { args: ['--password', password] },
    { args: [`--pasword=${password}`] },
    { args: [`--client-secret=${clientSecret}`, 'call'] },
    { env: { QUALYS_PASSWRD: password } },
    { env: { QUALYS_GATEWAY_URL: `https://u:${encodeURIComponent(password)}@a.example.com` } },
    { env: { HTTPS_PROXY: `ftp://u:${encodeURIComponent(proxyPassword)}@proxy.example.com` } },
    { env: { QUALYS_PLATFORM: password } },
    { env: { QUALYS_ROUTES: `{"${password}` } },
    { env: { QUALYS_PASSWORD_FILE: '/nonexistent' } },
    { args: ['call', 'car_search_jobs', `{"password":"${password}`] },
  ])('a start that is refused: $args $env', async ({ args = [], env = {} }) => {
    const { code, stdout, stderr } = await run(args, { ...secrets, ...env })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^qualys-mcp: /)
    expect(leaks(stdout + stderr)).toEqual([])
  })
})
