import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { redactor, Secret } from '../../../src/secrets.ts'
import type { Environment } from '../../../src/settings.ts'
import { openAssistant } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { everyCall, everything } from '../../support/every-call.ts'
import { leakSearch, spellings } from '../../support/leak-search.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { type Blow, cutEchoes, echoes } from './echoes.ts'
import { RawServer } from './raw-server.ts'

// What the built server says over its pipes when Qualys says a secret back: whole, cut, or spelled oddly.

const folder = mkdtempSync(join(tmpdir(), 'qualys-'))
const servers: RawServer[] = []
let sandbox: Awaited<ReturnType<typeof openSandbox>>
/** A JWT that the sandbox takes, minted elsewhere. */
let jwt: string

beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
  const { gatewayUrl, username, password } = sandbox
  const body = new URLSearchParams({ username, password, token: 'true' })
  jwt = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
})
afterEach(async () => {
  for (const { child } of servers.splice(0)) child.kill('SIGKILL')
  await sandbox.control.reset()
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const hidden = canary('hidden')
const proxy = canary('proxy')
/** As odd as a header may be. */
const headerBorne = canary('header').replace('ü', '~')
const everywhere = '*'

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

const place = (extra: Environment): Environment => ({
  QUALYS_GATEWAY_URL: sandbox.gatewayUrl,
  QUALYS_API_URL: sandbox.apiUrl,
  QUALYS_MAX_WAIT_SECONDS: '0',
  QUALYS_CONCURRENCY: '16',
  // Effects go out as reads do: what comes back must not tell either.
  ...everything,
  QUALYS_STATE_DIR: folder,
  HTTPS_PROXY: `http://operator:${encodeURIComponent(proxy)}@127.0.0.1:1`,
  ...extra,
})

/** The login succeeds, whatever the secret is. */
const welcome = (route: string, token = jwt) => ({ route, kind: 'reply', status: 201, body: token })

test.each(spellings)('the search finds a planted secret %s', (_name, spell) => {
  expect(leakSearch([hidden])(`{"text":"before ${spell(hidden)} after"}`)).not.toEqual([])
})

test.each(spellings)(
  'the redactor takes a secret out %s, and leaves what stands around it',
  (_name, spell) => {
    const text = redactor([new Secret(hidden)])(`before ${spell(hidden)} after`)
    expect(leakSearch([hidden])(text)).toEqual([])
    expect(text).toMatch(/^before .* after$/)
  },
)

/** The ways to log in, the secret each of them keeps, and the route on which it does. */
const logins: readonly (readonly [string, () => string, () => Environment, string])[] = [
  [
    'a password',
    () => hidden,
    () => place({ QUALYS_USERNAME: 'operator', QUALYS_PASSWORD: hidden }),
    'POST /auth',
  ],
  [
    'a client secret, which travels in a header',
    () => headerBorne,
    () =>
      place({ QUALYS_CLIENT_ID: 'operator', QUALYS_CLIENT_SECRET_FILE: file('client', `${headerBorne}\n`) }),
    'POST /auth/oidc',
  ],
  ['a token file', () => jwt, () => place({ QUALYS_TOKEN_FILE: file('jwt', jwt) }), 'POST /auth'],
]

describe.each(logins)('with %s', (_name, secretOf, environment, login) => {
  /** Calls every tool in both forms under each fault; says which of them leaked, and how often the redactor struck. */
  async function leaks(blows: readonly Blow[]): Promise<{ found: Record<string, string>; redacted: number }> {
    const search = leakSearch([secretOf(), jwt, proxy])
    const calls = await everyCall(sandbox.control)
    const server = new RawServer(environment())
    servers.push(server)
    await server.greet()
    const found: Record<string, string> = {}
    let redacted = 0
    for (const [label, fault] of blows) {
      await sandbox.control.faults([welcome(login), { ...fault, route: everywhere }])
      const answers = calls.flatMap(([tool, args]) =>
        ['text', 'json'].map(async (form) => {
          const params = { name: tool, arguments: args, _meta: { 'qualys-mcp/reply': form } }
          const line = await server.line('tools/call', params)
          if (line.includes('[secret]')) redacted++
          return search(line).length > 0 ? [`${tool} as ${form}`] : []
        }),
      )
      const leaking = (await Promise.all(answers)).flat()
      if (leaking.length > 0) found[label] = `${leaking.length} of ${answers.length}, e.g. ${leaking[0]}`
    }
    const { err, code } = await server.finish()
    expect({ code, leaked: search(err) }).toEqual({ code: 0, leaked: [] })
    return { found, redacted }
  }

  test.each([
    ['when Qualys says it back', echoes],
    ['in part, where a long text is cut', cutEchoes],
  ])('no tool tells it %s', async (_when, echoing) => {
    const blows = echoing(secretOf())
    const { found, redacted } = await leaks(blows)
    expect(found).toEqual({})
    // Else the echo never came as far as a reply, and nothing was tested.
    expect(redacted).toBeGreaterThan(blows.length)
  })

  test('neither tool, status nor log tells it when the login fails', async () => {
    const search = leakSearch([secretOf(), jwt, proxy])
    const found: string[] = []
    for (const [label, fault] of [...echoes(secretOf()), ...cutEchoes(secretOf())]) {
      await sandbox.control.faults([{ ...fault, route: everywhere }])
      const assistant = await openAssistant(environment())
      const heard = [await assistant.call('car_search_jobs'), await assistant.call('qualys_status')]
      await assistant.close()
      if (search(JSON.stringify([heard.map(({ raw }) => raw), assistant.log])).length > 0) found.push(label)
    }
    expect(found).toEqual([])
  })
})

describe('what taking out the setting as it stands would miss', () => {
  /** What the first call says when the login, or else the call, answers with a message. */
  async function heard(password: string, faults: readonly object[]): Promise<string> {
    await sandbox.control.faults(faults)
    const assistant = await openAssistant(place({ QUALYS_USERNAME: 'operator', QUALYS_PASSWORD: password }))
    const { raw, isError } = await assistant.call('car_search_jobs')
    await assistant.close()
    expect(isError).toBe(true)
    return JSON.stringify([raw, assistant.log])
  }
  const refusal = (route: string, message: string) => ({
    route,
    kind: 'status',
    status: 403,
    body: { message },
  })

  test('blanks that a line of text loses', async () => {
    const blanks = `${canary('blank')}  two  blanks\tand a tab`
    const text = await heard(blanks, [refusal('POST /auth', blanks)])
    expect(leakSearch([blanks])(text)).toEqual([])
  })

  test('a token that is no JWT', async () => {
    const opaque = 'canary.ba9876543210.opaque'
    const echo = [refusal(everywhere, `the token ${opaque} may not`)]
    const text = await heard(hidden, [welcome('POST /auth', opaque), ...echo])
    expect(leakSearch([opaque])(text)).toEqual([])
  })
})
