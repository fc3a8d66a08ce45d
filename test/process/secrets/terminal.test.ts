import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { commonSpellings, leaks, someJwt } from '../../support/leak-search.ts'
import { answerPlaces } from '../../support/secrets/echoed.ts'
import {
  clientSecret,
  password,
  proxyPassword,
  secretSettings,
  test,
} from '../../support/secrets/fixtures.ts'
import {
  namedCalls,
  namedLeaks,
  namedPassword,
  namedSecrets,
  routeOf,
  test as testNamed,
} from '../../support/secrets/named.ts'

// The output of the commands, with every secret set and a Qualys that sends secrets back.

const { QUALYS_CLIENT_ID: _, ...byPassword } = secretSettings
const secretText = `${password} ${commonSpellings['base64']?.(clientSecret)}`
const commands = [['doctor'], ['call', 'qualys_status'], ['call', 'car_search_jobs']]

// Each login gets some of the answers; test/nightly/secrets has all.
test.for([
  { login: 'by password', place: 'login error', status: 401 },
  { login: 'by a token', place: 'row values', status: 200 },
  { login: 'by a token', place: 'HTML page', status: 500 },
  { login: 'by a token that is refused', place: 'message', status: 401 },
] as const)(
  '$login, $place with $status',
  async ({ login, place, status }, { sandbox, settings, refused }) => {
    await sandbox.control.faults([
      { route: '*', kind: 'reply', status, ...answerPlaces[place]?.(secretText) },
    ])
    const env = { 'by password': byPassword, 'by a token': settings, 'by a token that is refused': refused }[
      login
    ]
    const there = processEnvironment(environmentFor(sandbox, env))
    const ended = await Promise.all(commands.map((args) => runProgram(args, there)))
    expect(ended.map(({ stdout }) => stdout.length > 20)).toEqual(commands.map(() => true))
    expect(ended.map(({ stdout, stderr }) => leaks(stdout + stderr))).toEqual(commands.map(() => []))
  },
)

test('the lists of tools and the help', async ({ sandbox, settings }) => {
  const there = processEnvironment(environmentFor(sandbox, settings))
  const lists = [['tools'], ['tools', '--json'], ['--help']]
  const ended = await Promise.all(lists.map((args) => runProgram(args, there)))
  expect(ended.map(({ code, stdout, stderr }) => [code, leaks(stdout + stderr)])).toEqual(
    lists.map(() => [0, []]),
  )
})

testNamed('secrets that tools name', async ({ sandbox, settings }) => {
  const script = (await sandbox.control.dump('scripts')).find(({ id }) => id === 25209)
  const content = Buffer.from(String(script?.['content']), 'base64')
  const env = processEnvironment({
    ...settings,
    QUALYS_MODE: 'unattended',
    QUALYS_SECRET_CORP_GITHUB_FOR: 'github.com',
    QUALYS_SECRET_DB_PASSWORD_FOR: `25209@${createHash('sha256').update(content).digest('hex')}`,
  })
  const message = namedSecrets.map((secret) => `${secret} ${commonSpellings['base64']?.(secret)}`).join()
  const routes = [...new Set(namedCalls.map(({ tool }) => routeOf(tool)))]
  await sandbox.control.faults(
    routes.map((route) => ({ route, kind: 'status', status: 400, body: { errorCode: '400', message } })),
  )
  // The first call for each tool, one of them as JSON.
  const tools = [...new Map(namedCalls.toReversed().map((call) => [call.tool, call])).values()]
  const calls = tools.map(({ tool, args }, at) => [
    'call',
    tool,
    JSON.stringify(args),
    ...(at === 0 ? ['--json'] : []),
  ])
  const ended = await Promise.all([['doctor'], ...calls].map((args) => runProgram(args, env)))
  expect(ended.map(({ stdout, stderr }) => namedLeaks(stdout + stderr))).toEqual(ended.map(() => []))
  expect(ended.slice(1).filter(({ stdout }) => stdout.includes('[masked-by-qualys-mcp]'))).toHaveLength(
    calls.length,
  )
})

const nowhere = 'http://127.0.0.1:1'
const ofNobody = {
  QUALYS_GATEWAY_URL: nowhere,
  QUALYS_API_URL: nowhere,
  QUALYS_MAX_WAIT_SECONDS: '0',
  HTTPS_PROXY: `http://operator:${encodeURIComponent(proxyPassword)}@127.0.0.1:1`,
}

// All errors that prevent the start: test/unit/secrets/refusals.test.ts.
describe('a failure before any request', () => {
  test.concurrent.for<{ what: string; args: string[]; env?: Record<string, string>; code: number }>([
    { what: 'a flag with the secret', args: ['--password', password], code: 2 },
    { what: 'a variable with the secret', args: [], env: { QUALYS_PASSWRD: password }, code: 2 },
    { what: 'broken arguments', args: ['call', 'car_search_jobs', `{"password":"${password}`], code: 2 },
    {
      what: 'a named secret that is given twice',
      args: ['call', 'car_search_jobs'],
      env: { QUALYS_SECRET_A: namedPassword, QUALYS_SECRET_A_FILE: 'x' },
      code: 2,
    },
    { what: 'no platform', args: ['doctor'], env: { QUALYS_SECRET_THING: password }, code: 1 },
    { what: 'a token in place of its file', args: ['doctor'], env: { QUALYS_TOKEN_FILE: someJwt }, code: 1 },
    { what: 'half of the credentials', args: ['doctor'], env: { QUALYS_PASSWORD: password }, code: 1 },
    {
      what: 'a proxy where nothing listens',
      args: ['doctor'],
      env: {
        QUALYS_GATEWAY_URL: 'https://127.0.0.1:1',
        QUALYS_USERNAME: 'operator',
        QUALYS_PASSWORD: password,
      },
      code: 1,
    },
  ])('$what', async ({ args, env = {}, code }) => {
    const ended = await runProgram(args, args[0] === 'doctor' ? { ...ofNobody, ...env } : env)
    const text = ended.stdout + ended.stderr
    expect({ code: ended.code, leaked: leaks(text), text }).toEqual({
      code,
      leaked: [],
      text: expect.stringMatching(/^(qualys-mcp: [^\n]+\n|Settings[\s\S]*|[^\n]+\n)$/),
    })
  })
})
