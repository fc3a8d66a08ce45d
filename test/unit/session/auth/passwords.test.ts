import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import {
  type Answer,
  openInMemory,
  type QualysInMemory,
  type SentRequest,
} from '../../../support/session/memory.ts'
import { refusal, simpleReturn } from '../../../support/session/qps-answers.ts'
import { holdClock } from '../../../support/waiting/fake-time.ts'

// Which credentials each product gets, and what follows when they are refused.

const noRows = { body: { totalCount: 0, list: [] } }
const xml = (body: string, status = 200): Answer => ({
  status,
  body,
  headers: { 'content-type': 'text/xml' },
})
const users = xml('<ServiceResponse><responseCode>SUCCESS</responseCode><count>5</count></ServiceResponse>')
const badLogin = xml(refusal('INVALID_CREDENTIALS', 'Authentication failed'))
const password = 'the right password'
const secret = 'the right secret'
const basic = `Basic ${Buffer.from(`memory_ab1:${password}`).toString('base64')}`

/** An account with this password and client secret; SAQ accepts a token only if the test says so. */
function account(extra: Environment = {}, takesToken = false): QualysInMemory {
  const works = ({ path, headers }: SentRequest): Answer => {
    if (path.startsWith('/sm/')) return { body: noRows }
    const { authorization = '' } = headers
    return authorization === basic || (takesToken && authorization.startsWith('Bearer ')) ? users : badLogin
  }
  const login = ({ path, headers, body }: SentRequest): Answer => {
    const sound =
      path === '/auth'
        ? new URLSearchParams(body).get('password') === password
        : headers['clientsecret'] === secret
    return sound
      ? { status: 201, body: 'header.payload.signature' }
      : { status: 401, body: { authentication_exceptions: ['FailedLoginException'] } }
  }
  return openInMemory(works, { extra: { QUALYS_PASSWORD: password, ...extra }, login })
}

const nobody: Environment = { QUALYS_USERNAME: undefined, QUALYS_PASSWORD: undefined }
const wrongPassword: Environment = { QUALYS_PASSWORD: 'a wrong password' }
const client: Environment = { QUALYS_CLIENT_ID: 'client', QUALYS_CLIENT_SECRET: secret }
const wrongClient: Environment = { ...client, QUALYS_CLIENT_SECRET: 'a wrong secret' }
const car = (memory: QualysInMemory) => memory.call('car_list_script_types')
const saq = (memory: QualysInMemory) => memory.call('saq_count_users')
const refused = /^SAQ refuses user name and password at /
const byToken = /SAQ got the token.*ask the operator to set QUALYS_USERNAME and QUALYS_PASSWORD/

describe.each(['car first', 'saq first', 'both at once'])('the configured credentials, %s', (order) => {
  test.each<readonly [string, Environment, boolean, boolean | RegExp]>([
    ['user name and password', {}, true, true],
    ['a client as well', client, true, true],
    ['a wrong client, and the password', wrongClient, false, true],
    ['a client, and a wrong password', { ...client, ...wrongPassword }, true, refused],
    ['a wrong client, and a wrong password', { ...wrongClient, ...wrongPassword }, false, refused],
    ['a wrong password alone', wrongPassword, false, refused],
    ['a client alone', { ...client, ...nobody }, true, byToken],
    ['a client, and a user name alone', { ...client, QUALYS_PASSWORD: undefined }, true, byToken],
    ['a wrong client alone', { ...wrongClient, ...nobody }, false, /refuses the login/],
    ['a token file that is not there, and the password', { QUALYS_TOKEN_FILE: '/nowhere' }, false, true],
    ['half a client, and the password', { QUALYS_CLIENT_ID: 'half' }, true, true],
  ])('%s', async (_name, extra, carWorks, saqWorks) => {
    const memory = account(extra)
    const calls = order === 'saq first' ? [saq, car] : [car, saq]
    const replies: Awaited<ReturnType<typeof car>>[] = []
    if (order === 'both at once') replies.push(...(await Promise.all(calls.map((call) => call(memory)))))
    else for (const call of calls) replies.push(await call(memory))
    const [ofCar, ofSaq] = order === 'saq first' ? replies.toReversed() : replies
    expect(ofCar?.isError, ofCar?.text).toBe(!carWorks)
    expect(ofSaq?.isError, ofSaq?.text).toBe(saqWorks !== true)
    if (saqWorks instanceof RegExp) expect(ofSaq?.text).toMatch(saqWorks)
    for (const { isError, error } of replies) if (isError) expect(error).toMatchObject({ kind: 'setup' })
    // A refused token is replaced once; nothing else is sent twice.
    const atApi = memory.sent.filter(({ path }) => path.startsWith('/qps/'))
    const most = atApi.some(({ headers }) => headers['authorization']?.startsWith('Bearer')) ? 2 : 1
    expect(atApi.length).toBeLessThanOrEqual(most)
    expect(memory.logins.length).toBeLessThanOrEqual(most)
  })
})

describe('a password that is refused', () => {
  test('is not sent again for half a minute, by any tool, and then once', async () => {
    const pass = holdClock()
    const memory = account(wrongPassword)
    const first = await memory.call('saq_search_users')
    for (const tool of ['saq_search_users', 'saq_count_campaigns', 'saq_get_version'])
      expect((await memory.call(tool)).text).toBe(first.text)
    pass(29_999)
    expect((await saq(memory)).text).toBe(first.text)
    expect(memory.sent).toHaveLength(1)
    pass(1)
    for (const tool of ['saq_search_users', 'saq_count_campaigns'])
      expect((await memory.call(tool)).isError).toBe(true)
    expect(memory.sent).toHaveLength(2)
  })

  test('the pause begins anew with each refusal', async () => {
    const pass = holdClock()
    const memory = account(wrongPassword)
    for (let turn = 1; turn <= 3; turn++) {
      await saq(memory)
      pass(20_000)
      await saq(memory)
      expect(memory.sent).toHaveLength(turn)
      pass(11_000)
    }
  })

  test.each<readonly [string, Answer]>([
    ['within 200', badLogin],
    ['with 401', { ...badLogin, status: 401 }],
    ['with 401 and a web page', xml('<html><h1>401</h1><br></html>', 401)],
    ['in a SIMPLE_RETURN', xml(simpleReturn(undefined, 'Bad Login/Password'), 401)],
    // Qualys may mean a licence, or a password: the pause costs little.
    ['with 401 for want of a permission', xml(refusal('UNAUTHORIZED', 'You are not authorized'), 401)],
    ['for want of a registration', xml(simpleReturn('2003', 'Registration must be completed'), 409)],
  ])('%s: once fixed, it works after the pause', async (_name, answer) => {
    const pass = holdClock()
    const memory = openInMemory((_sent, nth) => (nth === 1 ? answer : users))
    expect((await saq(memory)).error).toMatchObject({ kind: 'setup' })
    pass(29_999)
    expect((await saq(memory)).error).toMatchObject({ kind: 'setup' })
    expect(memory.sent).toHaveLength(1)
    pass(1)
    expect((await saq(memory)).isError).toBe(false)
    expect((await saq(memory)).isError).toBe(false)
  })

  test.each<readonly [string, Answer]>([
    ['a permission', xml(refusal('UNAUTHORIZED', 'You are not authorized'))],
    ['a bad request', xml(refusal('INVALID_REQUEST', 'no'))],
    ['a limit', xml('', 429)],
    ['a proxy', xml('<html><h1>403</h1></html>', 403)],
    ['maintenance', xml('<html><h1>503</h1></html>', 503)],
  ])('is not assumed for %s: the next call is sent', async (_name, answer) => {
    const memory = openInMemory((_sent, nth) => (nth === 1 ? answer : users))
    expect((await saq(memory)).isError).toBe(true)
    expect((await saq(memory)).isError).toBe(false)
  })

  test('is sent once, however many calls arrive at the same time', async () => {
    const memory = account(wrongPassword)
    await Promise.all(Array.from({ length: 50 }, () => saq(memory)))
    expect(memory.sent).toHaveLength(1)
  })
})

describe('a token that SAQ refuses', () => {
  const tokenOnly = { ...client, ...nobody }

  test('causes no endless loop', async () => {
    const memory = account(tokenOnly)
    const { error, text } = await saq(memory)
    expect(error).toMatchObject({ kind: 'setup', code: 'INVALID_CREDENTIALS' })
    expect(text).toMatch(/refuses the token, also a fresh one/)
    expect([memory.sent.length, memory.logins.length]).toEqual([2, 2])
  })

  test('is not replaced where SAQ accepts it', async () => {
    const memory = account(tokenOnly, true)
    expect((await saq(memory)).text).toBe('users: count: 5')
    expect([memory.sent.length, memory.logins.length]).toEqual([1, 1])
  })
})

describe('a valid token that is not accepted here', () => {
  const words = 'Invalid subscription id'
  const answer = (status: number): Answer => ({ status, body: { message: words } })
  test.each([400, 401, 403])('%i: the error says what the client lacks', async (status) => {
    const memory = openInMemory(answer(status), { extra: { ...client, ...nobody } })
    expect((await car(memory)).text).toBe(
      `CAR does not take the client's token, though it is a valid one (${status}: "${words}"). Ask the operator to give the client access to CAR (My Profile > Auth ID Client Management), or to set QUALYS_USERNAME and QUALYS_PASSWORD instead of it.`,
    )
  })

  test('of a user: the error says what the subscription lacks', async () => {
    expect((await car(openInMemory(answer(403)))).text).toBe(
      `CAR does not take this token, though it is a valid one (403: "${words}"). Ask the operator whether the subscription and the user have CAR, with API access.`,
    )
  })

  test('a client without a permission', async () => {
    const memory = openInMemory({ status: 403, body: { message: 'no' } }, { extra: { ...client, ...nobody } })
    expect((await car(memory)).text).toBe(
      'This client may not do that (403: "no"). Ask the operator whether CAR is licensed, and the client has its permissions (My Profile > Auth ID Client Management).',
    )
  })

  test('a user without a permission, and an answer without a text', async () => {
    expect((await car(openInMemory({ status: 403 }))).text).toBe(
      'This user may not do that (403). Ask the operator whether CAR is licensed, API access is on, and the user has a CAR role with this permission; a firewall or the IP allow-list may be the cause, too.',
    )
  })
})
