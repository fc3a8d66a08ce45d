import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../../src/sandbox/faults.ts'
import {
  effects,
  requestOf,
  temporary,
  timesSeen,
  type Unattended,
  unattended,
} from '../../support/effects/bench.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { saqCalls } from './saq-ground.ts'

// Every effect of SAQ, under everything that can happen to its one request.

const folder = temporary()
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let server: Unattended
let calls: Awaited<ReturnType<typeof saqCalls>>
/** Tools that a model sees without further settings, and that only read. */
let readers: ReadonlySet<string>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 60 })
  server = await unattended(environmentFor(sandbox), folder.path)
  calls = await saqCalls(sandbox.control)
  readers = new Set(server.options.listings.flatMap(({ name, effect }) => (effect === 'read' ? [name] : [])))
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await server.close()
  await sandbox.close()
  folder.remove()
})

type Blow = readonly Omit<Fault, 'route'>[]

const xml = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceResponse>${inner}</ServiceResponse>`
const replying = (body: string, status = 200, contentType = 'application/xml'): Blow => [
  { kind: 'reply', status, body, contentType },
]
const success = xml(
  '<responseCode>SUCCESS</responseCode><count>1</count><data><User><id>1</id></User></data>',
)
const page = '<!DOCTYPE html><html><body>Sign in</body></html>'
const refusal = (code: string, status = 200): Blow =>
  replying(
    xml(`<responseCode>${code}</responseCode><responseErrorDetails>
      <errorMessage>It says no.</errorMessage><errorResolution>Because.</errorResolution>
      </responseErrorDetails>`),
    status,
  )

/** Nobody can know whether it happened. The answer is canned, so that no blow changes what the next one meets. */
const lost: Readonly<Record<string, Blow>> = {
  'a reset before it is looked at': [{ kind: 'reset' }],
  'a reset instead of the answer': [...replying(success), { kind: 'resetAfterBody' }],
  'half an answer': [...replying(success), { kind: 'truncate' }],
  ...Object.fromEntries(
    [500, 502, 503, 504, 599].map((status) => [`${status}`, [{ kind: 'status', status }] as Blow]),
  ),
  '500 with an envelope': refusal('INVALID_REQUEST', 500),
  'a page with 502': [{ kind: 'html', status: 502 }],
  '503 with a hint when to come again': [{ kind: 'status', status: 503, headers: { 'Retry-After': '1' } }],
  'a page with 200': replying(page, 200, 'text/html'),
  'XML that ends too early': replying(success.slice(0, -30)),
  'XML with crossed elements': replying(success.replace('</User></data>', '</data></User>')),
  'XML of something else': replying('<Other><responseCode>SUCCESS</responseCode></Other>'),
  'XML that brings a DTD': replying(success.replace('<ServiceR', '<!DOCTYPE a [<!ENTITY b "c">]><ServiceR')),
  'an envelope without a code': replying(xml('<count>1</count>')),
  'JSON of something else': replying('{"done":true}', 200, 'application/json'),
  'JSON that ends too early': replying('{"ServiceResponse":{"responseCode":"SUCC', 200, 'application/json'),
  'a word': replying('OK', 200, 'text/plain'),
  'bytes that are no text': [
    { kind: 'reply', base64: Buffer.from([0xff, 0xfe, 0, 0xd8]).toString('base64') },
  ],
  // It may say that part of it was done.
  'a code that nobody knows': refusal('TEAPOT'),
  // Sent on, perhaps after the work was done.
  'a redirect': [{ kind: 'redirect', status: 302, location: 'https://login.example.com/' }],
  '408': [{ kind: 'status', status: 408 }],
  '204': [{ kind: 'empty' }],
  '200 without a body': [{ kind: 'reply' }],
  '201 with blanks': replying(' \r\n', 201),
}

interface Refused {
  readonly blow: Blow
  readonly kind: string
  readonly says: RegExp
}

/** The door was shut: nothing happened, and who can mend it is told. */
const refused: Readonly<Record<string, Refused>> = {
  'INVALID_REQUEST within 200': {
    blow: refusal('INVALID_REQUEST'),
    kind: 'input',
    says: /^Qualys refuses the request \(INVALID_REQUEST: "It says no\. Because\."\)\. \S+/,
  },
  'UNAUTHORIZED within 200': {
    blow: refusal('UNAUTHORIZED'),
    kind: 'setup',
    says: /^This user may not do that \(UNAUTHORIZED: "It says no\. Because\."\)\. Ask the operator whether SAQ is/,
  },
  'INSUFFICIENT_PERMISSION within 200': {
    blow: refusal('INSUFFICIENT_PERMISSION'),
    kind: 'setup',
    says: /^This user may not do that \(INSUFFICIENT_PERMISSION: .* Ask the operator/,
  },
  'EVALUATION_EXPIRED within 200': {
    blow: refusal('EVALUATION_EXPIRED'),
    kind: 'setup',
    says: /EVALUATION_EXPIRED.* Ask the operator/,
  },
  'OBJECT_NOT_FOUND within 200': {
    blow: refusal('OBJECT_NOT_FOUND'),
    kind: 'input',
    says: /^Qualys knows no such id \(OBJECT_NOT_FOUND: .* Look the id up with .* outside the scope/,
  },
  'LIMIT_EXCEEDED within 200': {
    blow: refusal('LIMIT_EXCEEDED'),
    kind: 'busy',
    says: /^Qualys limits the calls of this account .* Call again in \d+ s\.$/,
  },
  '400 with a code': { blow: refusal('INVALID_REQUEST', 400), kind: 'input', says: /INVALID_REQUEST/ },
  '403': { blow: [{ kind: 'status', status: 403 }], kind: 'setup', says: /Ask the operator/ },
  '405 of a web server': { blow: [{ kind: 'status', status: 405 }], kind: 'setup', says: /405/ },
  '410 of a web server': { blow: [{ kind: 'status', status: 410 }], kind: 'setup', says: /410/ },
  'a redirect that asks to do it elsewhere': {
    blow: [{ kind: 'redirect', status: 307, location: 'https://login.example.com/' }],
    kind: 'setup',
    says: /redirects elsewhere \(307\), which is refused/,
  },
  'a limit': { blow: [{ kind: 'limit', toWaitSec: 7 }], kind: 'busy', says: /Call again in 7 s\.$/ },
  'too many at once': { blow: [{ kind: 'limit', code: 1960 }], kind: 'busy', says: /Call again in \d+ s\.$/ },
}

const saqEffects = effects.filter(({ name }) => name.startsWith('saq_'))

test('there is a call for each of them', () => {
  expect(Object.keys(calls).sort()).toEqual(saqEffects.map(({ name }) => name).sort())
})

describe.each(saqEffects.map((operation) => [operation.name, operation] as const))(
  '%s',
  (name, operation) => {
    const request = (): string => requestOf(operation, calls[name] ?? {})
    const meet = async (blow: Blow) => {
      await sandbox.control.faults(blow.map((fault) => ({ route: operation.route, ...fault })))
      const heard = await server.call(name, calls[name] ?? {})
      return { ...heard, times: await timesSeen(sandbox.control, request()) }
    }

    const expectUnclear = ({ text, error, times }: Awaited<ReturnType<typeof meet>>): void => {
      expect(times, text).toBe(1)
      expect(error, text).toMatchObject({ kind: 'unclear' })
      expect(text).toContain(`Whether ${name} took effect is not known.`)
      const next = String(error?.['next'])
      expect(text.endsWith(next)).toBe(true)
      expect(next).toMatch(/^Do not repeat it; look /)
      const named = next.match(/saq_\w+/g) ?? []
      expect(
        named.some((tool) => readers.has(tool)),
        next,
      ).toBe(true)
      expect(named).not.toContain(name)
      expect(text).not.toMatch(/did not happen|nothing happened|undefined|null|[<>]/)
    }

    test.each(Object.entries(lost))('after %s: one request, and nobody knows', async (_what, blow) =>
      expectUnclear(await meet(blow)),
    )

    test.each(Object.entries(refused))('after %s: one request, and not again', async (_what, trouble) => {
      const { text, error, times } = await meet(trouble.blow)
      expect(times, text).toBe(1)
      expect(error, text).toMatchObject({ kind: trouble.kind })
      expect(text).toMatch(trouble.says)
      expect(text).not.toMatch(/not known|undefined|null|[<>]/)
    })

    // Every refused password counts towards a lock, so that it is not even tried again by the next call.
    test.each([
      ['within 200', { kind: 'status', status: 401 } as const],
      ['with 401', { kind: 'expired' } as const],
    ])('after a refused login %s: one request, and not again', async (_what, fault) => {
      const own = await unattended(environmentFor(sandbox), folder.path)
      await sandbox.control.faults([{ route: operation.route, ...fault }])
      const { text, error } = await own.call(name, calls[name] ?? {})
      await own.close()
      expect(await timesSeen(sandbox.control, request()), text).toBe(1)
      expect(error, text).toMatchObject({ kind: 'setup' })
      expect(text).toMatch(/Ask the operator to check user name and password/)
    })

    test('after an answer of more than 16 MiB: one request, and nobody knows', async () => {
      const long = xml(`<responseCode>SUCCESS</responseCode><x>${'x'.repeat(17 * 1024 * 1024)}</x>`)
      expectUnclear(await meet(replying(long)))
    })

    test('after a bare success: it says so without making things up', async () => {
      const { text, error, times } = await meet(replying(xml('<responseCode>SUCCESS</responseCode>')))
      expect(times).toBe(1)
      if (error !== undefined) expect(error).toMatchObject({ kind: 'unclear' })
      // What was created cannot be told, and is not asked for under a name like this.
      const asked = (await sandbox.control.requests()).map(({ path, body }) => `${path} ${body}`).join('\n')
      expect(`${text}\n${asked}`).not.toMatch(/undefined|\[object/)
    })
  },
)
