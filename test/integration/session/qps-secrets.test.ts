import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { leaks, someJwt, spelled } from '../../support/leak-search.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { refusal, response, row, simple, success } from '../../support/session/qps.ts'

// The password goes out with every request of SAQ. It comes back in no reply, whatever the API server says with it.

const username = 'acme_ab1'
const password = canary('password')
const clientSecret = canary('client')
const basic = Buffer.from(`${username}:${password}`).toString('base64')
let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
beforeEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

const waiting: Environment = { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_UNVERIFIED: 'all' }
const secrets: Environment = {
  ...waiting,
  QUALYS_USERNAME: username,
  QUALYS_PASSWORD: password,
  QUALYS_CLIENT_ID: 'client',
  QUALYS_CLIENT_SECRET: clientSecret,
}

const texts: readonly string[] = [
  basic,
  `Basic ${basic}`,
  `Authorization: Basic ${basic}`,
  `Bearer ${someJwt}`,
  ...[password, clientSecret].flatMap((secret) => Object.values(spelled).map((spell) => spell(secret))),
]

const inXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const inReferences = (text: string): string =>
  [...text].map((letter) => `&#${letter.codePointAt(0)};`).join('')
const inCdata = (text: string): string => `<![CDATA[${text}]]>`
/** The same text to a reader, and no word of it to a search. */
const inPieces = (text: string): string => [...text].map(inXml).join('<!-- -->')
const user = (more: string): string => success(`<count>1</count><data>${row('User', 1, more)}</data>`)

/** Ways for an answer to hold a text. */
const echoes: Readonly<Record<string, (text: string) => string>> = {
  'the message': (text) => refusal('INVALID_REQUEST', `bad ${inXml(text)} here`),
  'the resolution': (text) => refusal('SOMETHING_NEW', 'bad', inXml(text)),
  'the code': (text) => refusal(inXml(text), 'bad'),
  'a SIMPLE_RETURN': (text) => simple('999', inXml(text)),
  'the code of a SIMPLE_RETURN': (text) => simple(inXml(text), 'no'),
  references: (text) => refusal('INVALID_REQUEST', inReferences(text)),
  CDATA: (text) => refusal('INVALID_REQUEST', inCdata(text)),
  pieces: (text) => refusal('INVALID_REQUEST', inPieces(text)),
  'a web page': (text) => `<html><body><h1>${inXml(text)}</h1></body></html>`,
  'no XML': (text) => `cannot log ${text} in`,
  'values of a row': (text) => user(`<title>${inXml(text)}</title><x><y>${inReferences(text)}</y></x>`),
  'values in pieces': (text) => user(`<title>${inPieces(text)}</title><company>${inCdata(text)}</company>`),
  'the id': (text) => success(`<count>1</count><data>${row('User', inXml(text))}</data>`),
  'the count': (text) => success(`<count>${inXml(text)}</count>`),
  'names of fields': (text) => {
    const name = `x${/^[\w.-]+$/.test(text) ? text : spelled['base64url']?.(password)}`
    return user(`<${name}>1</${name}>`)
  },
  'beside what is known': (text) =>
    response(`<responseCode>SUCCESS</responseCode><x>${inXml(text)}</x>${inXml(text)}`),
}
const calls = [
  ['saq_search_users', { fields: ['*'] }],
  ['saq_get_user', { userId: 1 }],
  ['saq_count_users', {}],
  ['saq_get_version', {}],
] as const

async function served(body: string, status: number): Promise<void> {
  await sandbox.control.faults([{ route: '*', kind: 'reply', status, body, contentType: 'text/xml' }])
}

/** Everything that is said of each text in turn, by one tool after the other, in both forms; and the log. */
async function heard(
  how: (text: string) => string,
  status: number,
  environment = secrets,
): Promise<unknown[]> {
  const said: unknown[] = []
  let assistant: Assistant = await assistantOn(sandbox, environment)
  for (const [place, text] of texts.entries()) {
    await served(how(text), status)
    const [tool, args] = calls[(place + status) % calls.length] ?? calls[0]
    for (const form of ['text', 'json'] as const) {
      const { raw, error } = await assistant.call(tool, args, form)
      said.push(raw, assistant.log)
      // A login that was refused would be all that is heard from now on.
      if (error?.['kind'] !== 'setup') continue
      await assistant.close()
      assistant = await assistantOn(sandbox, environment)
    }
  }
  await assistant.close()
  return said
}

test('every answer here would tell the secrets of others', async () => {
  const others = { ...waiting, QUALYS_USERNAME: 'sandbox_ab1', QUALYS_PASSWORD: 'sandbox1' }
  for (const how of [echoes['the message'], echoes['pieces'], echoes['values of a row'], echoes['the code']])
    expect(leaks(await heard(how ?? String, 200, others))).not.toEqual([])
})

describe.each([200, 400, 401, 403, 404, 409, 429, 500])('what SAQ echoes with %i', (status) => {
  test.each(Object.entries(echoes))('in %s', async (_name, how) => {
    expect(leaks(await heard(how, status))).toEqual([])
  })
})

test('the password goes to SAQ alone, and in its header alone', async () => {
  const clientSecret = `canary${Date.now()}`
  const assistant = await assistantOn(sandbox, { ...secrets, QUALYS_CLIENT_SECRET: clientSecret })
  for (const [tool, args] of calls) await assistant.call(tool, args)
  await assistant.call('car_search_jobs')
  await assistant.close()
  const [atApi, atGateway, ...more] = await sandbox.control.requests()
  expect(more).toEqual([])
  expect(atApi).toMatchObject({
    path: '/qps/rest/1.0/search/saq/user',
    headers: { authorization: `Basic ${basic}` },
  })
  expect(atGateway).toMatchObject({ path: '/auth/oidc', headers: { clientsecret: clientSecret } })
  const others = [atApi, atGateway].map((request) => {
    const { authorization: _, clientsecret: __, ...headers } = request?.headers ?? {}
    return { ...request, headers }
  })
  expect(leaks(others)).toEqual([])
})

test('a password of letters that XML and base64 change is recognised', async () => {
  const odd = 'canary<ß>&"\'0123456789ab]]>ü='
  const environment = { ...secrets, QUALYS_PASSWORD: odd }
  const spellings: readonly ((text: string) => string)[] = [
    inXml,
    (text) => inXml(inXml(text)),
    inReferences,
    inPieces,
    (text) => inCdata(text.replace(']]>', ']]]]><![CDATA[>')),
    (text) => Buffer.from(`${username}:${text}`).toString('base64'),
  ]
  for (const [place, spell] of spellings.entries()) {
    const assistant = await assistantOn(sandbox, environment)
    await served(user(`<title>x ${spell(odd)} y</title>`), 200)
    const { text, raw } = await assistant.call('saq_get_user', { userId: 1 })
    await assistant.close()
    expect(text, `${place}`).toContain('[secret]')
    expect(leaks(raw), `${place}`).toEqual([])
  }
})

test('a password too short to be told from other words is kept in its header at least', async () => {
  const assistant = await assistantOn(sandbox, {
    ...waiting,
    QUALYS_USERNAME: 'acme_ab1',
    QUALYS_PASSWORD: 'kurz',
  })
  const header = Buffer.from('acme_ab1:kurz').toString('base64')
  for (const [place, body] of [
    refusal('INVALID_REQUEST', `bad ${header} here`),
    user(`<title>${header}</title>`),
    user(`<title>x${inReferences(header)}x</title>`),
  ].entries()) {
    await served(body, 200)
    const { raw } = await assistant.call('saq_get_user', { userId: 1 })
    expect(JSON.stringify(raw), `${place}`).not.toContain(header.slice(0, -2))
  }
  await assistant.close()
})
