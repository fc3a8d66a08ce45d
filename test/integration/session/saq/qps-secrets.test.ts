import { expect } from 'vitest'
import { openAssistantOn } from '../../../support/assistant.ts'
import { testOn } from '../../../support/fixtures.ts'
import { leaks } from '../../../support/leak-search.ts'
import { refusal } from '../../../support/session/qps.ts'
import {
  basic,
  calls,
  collectOutput,
  echoes,
  inCdata,
  inPieces,
  inReferences,
  inXml,
  secrets,
  serve,
  statuses,
  user,
  username,
  waiting,
} from './saq-secrets.ts'

// Every request of SAQ contains the password. No reply contains it, whatever the API server sends back.

const test = testOn({ jobs: 100 })

test('every answer here contains the secrets', async ({ sandbox }) => {
  const others = { ...waiting, QUALYS_USERNAME: 'sandbox_ab1', QUALYS_PASSWORD: 'sandbox1' }
  for (const name of ['the message', 'pieces', 'values of a row', 'the code'])
    expect(leaks(await collectOutput(sandbox, echoes[name] ?? String, 200, others)), name).not.toEqual([])
})

// Each place with one of the statuses; nightly, with all of them.
const cases = Object.entries(echoes).map(
  ([name, how], at) => [statuses[at % statuses.length] ?? 200, name, how] as const,
)
test.for(cases)('what SAQ echoes with %i in %s', async ([status, _name, how], { sandbox }) => {
  expect(leaks(await collectOutput(sandbox, how, status))).toEqual([])
})

test('the password goes to SAQ only, and only in its header', async ({ sandbox }) => {
  const clientSecret = `canary${Date.now()}`
  const assistant = await openAssistantOn(sandbox, { ...secrets, QUALYS_CLIENT_SECRET: clientSecret })
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

test('a password with letters that XML and base64 change is redacted', async ({ sandbox }) => {
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
    const assistant = await openAssistantOn(sandbox, environment)
    await serve(sandbox, user(`<title>x ${spell(odd)} y</title>`))
    const { text, raw } = await assistant.call('saq_get_user', { userId: 1 })
    await assistant.close()
    expect(text, `${place}`).toContain('[masked-by-qualys-mcp]')
    expect(leaks(raw), `${place}`).toEqual([])
  }
})

test('a password too short to be distinguished from other words is at least redacted in its header', async ({
  sandbox,
}) => {
  const assistant = await openAssistantOn(sandbox, {
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
    await serve(sandbox, body)
    const { raw } = await assistant.call('saq_get_user', { userId: 1 })
    expect(JSON.stringify(raw), `${place}`).not.toContain(header.slice(0, -2))
  }
  await assistant.close()
})
