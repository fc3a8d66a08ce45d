import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { simple } from '../../support/session/qps.ts'
import { expectOutcome, type Outcome, type Shape, serve } from './places.ts'

// What the login service may answer (qualys-platform.md 1.3), and what may answer in its place.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant | undefined
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 60 })
})
beforeEach(() => sandbox.control.reset())
afterEach(() => assistant?.close())
afterAll(() => sandbox.close())

const page = (title: string): string =>
  `<html><head><title>${title}</title></head><body>${title}</body></html>`
const refused = (exception: string): object => ({
  authentication_exceptions: [
    [`Authentication Failure: 1 errors, 0 successes:authenticationFailure.${exception}`],
  ],
})
const generic =
  /^Ask the operator to check (user name and password|QUALYS_CLIENT_ID, .*), the platform .*API access, an expired password, SSO-only accounts and the IP allow-list; the login is not repeated for 30 s, since accounts lock\.$/
const setup = (says: RegExp, next: RegExp = generic): Outcome => ['setup', says, next]
const quoting = (exception: string, seems: string): RegExp =>
  new RegExp(
    `^Qualys refuses the login for CAR at platform \\S+ \\(401\\) and says "[^"]*${exception}"${seems}\\.$`,
  )

const shapes: readonly Shape[] = [
  {
    name: 'a wrong password',
    status: 401,
    body: refused('InvalidCredentialsException'),
    all: setup(quoting('InvalidCredentialsException', '')),
  },
  {
    name: 'a locked account',
    status: 401,
    body: refused('AccountLockedException'),
    all: setup(
      quoting('AccountLockedException', ': the account seems to be locked'),
      /have a Manager unlock the user/,
    ),
  },
  {
    name: 'an expired password',
    status: 401,
    body: refused('CredentialExpiredException'),
    all: setup(
      quoting('CredentialExpiredException', ': the password seems to have expired'),
      /set a new password, then to change QUALYS_PASSWORD/,
    ),
  },
  {
    name: 'a password that must be changed',
    status: 401,
    body: refused('AccountPasswordMustChangeException'),
    all: setup(
      quoting('AccountPasswordMustChangeException', ': the password seems to have to be changed first'),
      /set a new password/,
    ),
  },
  {
    name: 'a user that is off',
    status: 401,
    body: refused('AccountDisabledException'),
    all: setup(
      quoting('AccountDisabledException', ': the user seems to be deactivated, or without API access'),
      /activate the user/,
    ),
  },
  {
    name: 'an address that may not',
    status: 401,
    body: refused('InvalidLoginLocationException'),
    all: setup(
      quoting('InvalidLoginLocationException', ": this machine's address seems not to be allowed"),
      /IP allow-list/,
    ),
  },
  {
    name: 'an exception that nobody knows',
    status: 401,
    body: refused('OddException'),
    all: setup(quoting('OddException', '')),
  },
  { name: 'nothing', status: 401, all: setup(/\(401\)\.$/) },
  {
    name: 'Spring',
    status: 401,
    body: { status: 401, error: 'Unauthorized', message: 'No' },
    all: setup(/\(401\) and says "No"/),
  },
  {
    name: 'the API server',
    status: 401,
    body: simple(undefined, 'Bad Login/Password'),
    contentType: 'text/xml',
    all: setup(/\(401\)/),
  },
  {
    name: 'the API server, with success',
    body: simple(undefined, 'Bad Login/Password'),
    contentType: 'text/xml',
    all: setup(/\(401\)/),
  },
  {
    name: 'a refusal inside a success',
    body: refused('AccountLockedException'),
    all: setup(/\(200\) and says "AccountLockedException": the account seems to be locked/, /unlock/),
  },
  { name: 'an error inside a success', body: { errorCode: '7', message: 'No' }, all: setup(/\(200\)\.$/) },
  {
    name: 'a field that is missing',
    status: 400,
    body: { message: 'username' },
    all: setup(/\(400\) and says "username"/),
  },
  {
    name: 'no permission',
    status: 403,
    body: { message: 'Access is denied' },
    all: setup(/\(403\) and says "Access is denied"/),
  },
  {
    name: 'a firewall',
    status: 403,
    body: page('403'),
    all: setup(/^Not the Qualys API.*\(403, with a web page\)/, /allow-list/),
  },
  {
    name: 'no login there',
    status: 404,
    all: setup(/^There is no login at http\S+ \(404\)\.$/, /QUALYS_PLATFORM, or the two URLs/),
  },
  {
    name: 'a web site',
    status: 404,
    body: page('404'),
    all: setup(/^There is no login at http\S+ \(404\), but a web page\.$/, /QUALYS_PLATFORM/),
  },
  {
    name: 'no such method',
    status: 405,
    body: page('405'),
    all: setup(/^There is no login at/, /QUALYS_PLATFORM/),
  },
  {
    name: 'another format',
    status: 415,
    all: setup(/does not take the documented request \(415\)/, /proxy/),
  },
  { name: 'a proxy', status: 407, body: page('407'), all: setup(/^A proxy in between asks/, /HTTPS_PROXY/) },
  {
    name: 'a network',
    status: 511,
    body: page('511'),
    all: setup(/log in before it lets anything through/, /HTTPS_PROXY/),
  },
  {
    name: 'a limit',
    status: 429,
    all: ['busy', /limits the calls of this account \(429\)/, /Call again in \d+ s/],
  },
  {
    name: 'a limit in its body',
    body: { errorCode: '429', message: 'x' },
    all: ['busy', /limits the logins of this account/, /Call again in 60 s/],
  },
  {
    name: 'an exception',
    status: 500,
    body: { message: 'NullPointer' },
    all: ['vendor', /login failed with 500 and says "NullPointer"/, /^Try again/],
  },
  {
    name: 'maintenance',
    status: 503,
    body: page('503'),
    all: ['vendor', /login failed with 503, with a web page/, /maintenance, see the Qualys status page/],
  },
  { name: 'a gateway that waited', status: 504, all: ['vendor', /login failed with 504/, /status page/] },
  { name: 'nothing', status: 204, all: ['drift', /what came back is no token/, /platform address/] },
  { name: 'nothing', status: 201, all: ['drift', /no token/, /platform address/] },
  {
    name: 'a web page',
    body: page('Sign in'),
    contentType: 'text/html',
    all: ['drift', /is a web page/, /platform address/],
  },
  {
    name: 'a web page that says it is text',
    body: page('Sign in'),
    contentType: 'text/plain',
    all: ['drift', /is a web page/],
  },
  { name: 'JSON without a token', body: { ok: true }, all: ['drift', /no token/] },
  { name: 'null', body: 'null', all: ['drift', /no token/] },
  {
    name: 'a token of two lines',
    body: 'eyJhbGciOiJIUzUxMiJ9.e30.x\r\nX-Evil: 1',
    all: ['drift', /no token/],
  },
]

describe.each([
  ['POST /auth', {}],
  ['POST /auth/oidc', { QUALYS_CLIENT_LEVEL: 'user' }],
  ['POST /auth/oauth', { QUALYS_CLIENT_LEVEL: 'subscription' }],
] as const)('%s', (route, level) => {
  test.each(shapes.map((shape) => [shape.status ?? 200, shape.name, shape] as const))(
    '%i, %s',
    async (_status, _name, shape) => {
      const { clientId, clientSecret } = sandbox
      const client = { QUALYS_CLIENT_ID: clientId, QUALYS_CLIENT_SECRET: clientSecret, ...level }
      const byClient = route !== 'POST /auth'
      assistant = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...(byClient && client) })
      await serve(sandbox.control, route, shape)
      if (!shape.all) throw new Error('nothing is expected')
      const heard = await assistant.call('car_list_script_types')
      expectOutcome(heard, shape.all, shape)
      expect(heard.text).not.toMatch(/Evil/)
      // A login is tried once; and nothing else goes out without a token.
      expect(await sandbox.control.requests()).toHaveLength(1)
    },
  )
})

// As the login service answers, and as clients met it (qualys-platform.md 1.1 and 1.4).
describe('a token is found', () => {
  const forms: readonly (readonly [name: string, form: (token: string) => string])[] = [
    ['bare', (token: string) => token],
    ['between blanks', (token: string) => `\r\n${token} \n`],
    ['behind a byte order mark', (token: string) => `\ufeff${token}`],
    ['quoted', (token: string) => `"${token}"\n`],
    ...['access_token', 'token', 'id_token', 'jwt'].map(
      (name) => [name, (token: string) => JSON.stringify({ [name]: token, expires_in: 3600 })] as const,
    ),
  ]

  test.each(forms)('%s', async (_name, form) => {
    const { gatewayUrl, username, password } = sandbox
    const body = new URLSearchParams({ username, password, token: 'true' })
    const token = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
    assistant = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' })
    await serve(sandbox.control, 'POST /auth', { status: 201, body: form(token), contentType: 'text/html' })
    expect((await assistant.call('car_list_script_types')).isError).toBe(false)
  })
})
