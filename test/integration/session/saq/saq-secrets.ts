import { expect } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { type Assistant, openAssistantOn } from '../../../support/assistant.ts'
import { canary } from '../../../support/canary.ts'
import { commonSpellings, someJwt } from '../../../support/leak-search.ts'
import type { TestSandbox } from '../../../support/sandbox.ts'
import { refusal, response, row, simpleReturn, success } from '../../../support/session/qps.ts'

// Secrets that the API server may send back, in every spelling and at every place.

export const username = 'acme_ab1'
const password = canary('password')
const clientSecret = canary('client')
export const basic = Buffer.from(`${username}:${password}`).toString('base64')

export const waiting: Environment = { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_UNVERIFIED: 'all' }
export const secrets: Environment = {
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
  ...[password, clientSecret].flatMap((secret) =>
    Object.values(commonSpellings).map((spell) => spell(secret)),
  ),
]

export const inXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
export const inReferences = (text: string): string =>
  [...text].map((letter) => `&#${letter.codePointAt(0)};`).join('')
export const inCdata = (text: string): string => `<![CDATA[${text}]]>`
/** A reader sees the same text, and a search finds no word of it. */
export const inPieces = (text: string): string => [...text].map(inXml).join('<!-- -->')
export const user = (more: string): string => success(`<count>1</count><data>${row('User', 1, more)}</data>`)

/** Ways for an answer to contain a text. */
export const echoes: Readonly<Record<string, (text: string) => string>> = {
  'the message': (text) => refusal('INVALID_REQUEST', `bad ${inXml(text)} here`),
  'the resolution': (text) => refusal('SOMETHING_NEW', 'bad', inXml(text)),
  'the code': (text) => refusal(inXml(text), 'bad'),
  'a SIMPLE_RETURN': (text) => simpleReturn('999', inXml(text)),
  'the code of a SIMPLE_RETURN': (text) => simpleReturn(inXml(text), 'no'),
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
    const name = `x${/^[\w.-]+$/.test(text) ? text : commonSpellings['base64url']?.(password)}`
    return user(`<${name}>1</${name}>`)
  },
  'beside what is known': (text) =>
    response(`<responseCode>SUCCESS</responseCode><x>${inXml(text)}</x>${inXml(text)}`),
}
export const statuses = [200, 400, 401, 403, 404, 409, 429, 500] as const

export const calls = [
  ['saq_search_users', { fields: ['*'] }],
  ['saq_get_user', { userId: 1 }],
  ['saq_count_users', {}],
  ['saq_get_version', {}],
] as const

export async function serve({ control }: TestSandbox, body: string, status = 200): Promise<void> {
  await control.faults([{ route: '*', kind: 'reply', status, body, contentType: 'text/xml' }])
}

/** The forms of a reply: both, or one of them in turn. */
export type Forms = 'both forms' | 'in turn'

/** The replies to each text in turn, by one tool after the other; and the log. */
export async function collectOutput(
  sandbox: TestSandbox,
  how: (text: string) => string,
  status: number,
  environment = secrets,
  forms: Forms = 'in turn',
): Promise<unknown[]> {
  const said: unknown[] = []
  let assistant: Assistant = await openAssistantOn(sandbox, environment)
  for (const [place, text] of texts.entries()) {
    await serve(sandbox, how(text), status)
    const [tool, args] = calls[(place + status) % calls.length] ?? calls[0]
    const all = ['text', 'json'] as const
    for (const form of forms === 'both forms' ? all : all.slice(place % 2, (place % 2) + 1)) {
      const { raw, error } = await assistant.call(tool, args, form)
      said.push(raw)
      // After a refused login, every later reply would only be that error.
      if (error?.['kind'] !== 'setup') continue
      said.push(assistant.log)
      await assistant.close()
      assistant = await openAssistantOn(sandbox, environment)
    }
  }
  said.push(assistant.log)
  await assistant.close()
  expect(said.length).toBeGreaterThan((forms === 'both forms' ? 2 : 1) * texts.length)
  return said
}
