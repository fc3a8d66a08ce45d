import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { refusal, response, row, simple, simpleWithDtd, success } from '../../support/session/qps.ts'

// What the API server says instead of an answer: within HTTP 200 mostly, and in three formats.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
const others: Assistant[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
beforeEach(() => sandbox.control.reset())
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.close()))
})
afterAll(() => sandbox.close())

/** One of its own for each test: a refused login is kept in mind. No waiting, unless asked for. */
async function assistant(extra: Environment = {}): Promise<Assistant> {
  const other = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
  others.push(other)
  return other
}

const list = { tool: 'saq_search_users', args: {} }
const one = { tool: 'saq_get_user', args: { userId: 1 } }
const count = { tool: 'saq_count_users', args: {} }
const unverified = { tool: 'saq_get_template', args: { templateId: 1 } }

const page =
  '<!DOCTYPE html>\n<html><head><title>502</title></head><body><h1>Bad <b>Gateway</b></h1><br></body></html>'
const xhtml = '<html><head><title>Login</title></head><body><form/></body></html>'
const authentication = ['Authentication failed', 'Verify both, user and password credentials.'] as const
const noApi = [
  'You are not authorized to access the application through the API.',
  'If you think this is an error, please contact your account manager.',
] as const
const loginAdvice =
  /SAQ refuses user name and password at http.*check user name and password, the platform.*30 s/
const permissionAdvice = /This user may not do that.*whether SAQ is licensed, API access is on.*SAQ role/

type Case = [
  status: number,
  name: string,
  body: unknown,
  kind: string,
  says: RegExp,
  on?: { tool: string; args: object },
]
const cases: Case[] = [
  // saq-api.md 1.5, as recorded.
  [200, 'a wrong password', refusal('INVALID_CREDENTIALS', ...authentication), 'setup', loginAdvice],
  [
    200,
    'a wrong password, for one thing',
    refusal('INVALID_CREDENTIALS', ...authentication),
    'setup',
    /INVALID_CREDENTIALS: "Authentication failed Verify both, user and password credentials\."/,
    one,
  ],
  [200, 'a user without API access', refusal('UNAUTHORIZED', ...noApi), 'setup', permissionAdvice],
  [200, 'a role without the permission', refusal('INSUFFICIENT_PERMISSION', 'No'), 'setup', permissionAdvice],
  [200, 'a trial that ended', refusal('EVALUATION_EXPIRED', 'Trial ended'), 'setup', permissionAdvice],
  [
    200,
    'criteria that make no sense',
    refusal(
      'INVALID_REQUEST',
      "Criteria: Invalid value format for criteria 'id' (abc).",
      'Specify criteria value(s) as Long.',
    ),
    'input',
    /refuses the request \(INVALID_REQUEST: "Criteria: Invalid value format for criteria 'id' \(abc\)\. Specify criteria value\(s\) as Long\."\)\. Check the arguments/,
  ],
  [
    200,
    'an unknown id',
    refusal('OBJECT_NOT_FOUND', 'Object not found'),
    'input',
    /knows no such id \(OBJECT_NOT_FOUND: "Object not found"\).*search tool.*outside the scope/,
    one,
  ],
  [
    200,
    'a limit in words',
    refusal('LIMIT_EXCEEDED', 'Too many calls'),
    'busy',
    /limits the calls.*Call again in \d+ s/,
  ],
  [
    200,
    'a code that nobody knows',
    refusal('CA_1001_DUPLICATE_KEY', 'Dup', 'Use another'),
    'vendor',
    /refused the call \(CA_1001_DUPLICATE_KEY: "Dup Use another"\).*not public/,
  ],
  [200, 'a code alone', refusal('NOT_FOUND'), 'vendor', /refused the call \(NOT_FOUND\)/],
  [200, 'a code in small letters', refusal(' unauthorized'), 'setup', permissionAdvice],
  [
    200,
    'a code that JavaScript knows',
    refusal('constructor', 'x'),
    'vendor',
    /refused the call \(constructor: "x"\)/,
  ],
  [200, 'a refusal for a count', refusal('UNAUTHORIZED', ...noApi), 'setup', permissionAdvice, count],
  [
    200,
    'a refusal in JSON',
    {
      ServiceResponse: {
        responseCode: 'INVALID_REQUEST',
        responseErrorDetails: { errorMessage: 'Bad', errorResolution: 'Mend it' },
      },
    },
    'input',
    /INVALID_REQUEST: "Bad Mend it"/,
  ],
  [
    200,
    'a refusal with data beside',
    response(`<responseCode>UNAUTHORIZED</responseCode><data>${row('User', 1)}</data>`),
    'setup',
    permissionAdvice,
  ],
  // The same with the status it should have.
  [
    400,
    'criteria that make no sense',
    refusal('INVALID_REQUEST', 'Criteria: Invalid'),
    'input',
    /INVALID_REQUEST: "Criteria: Invalid"/,
  ],
  [400, 'no reason', '', 'input', /refuses the request \(400\)/],
  [401, 'a wrong password', refusal('INVALID_CREDENTIALS', ...authentication), 'setup', loginAdvice],
  [401, 'a web page', page, 'setup', loginAdvice],
  [401, 'nothing at all', '', 'setup', loginAdvice],
  // What users mistake for a bad password (qualys-platform.md 4.3).
  [401, 'a module that is not licensed', refusal('UNAUTHORIZED', ...noApi), 'setup', permissionAdvice],
  [403, 'a module that is not licensed', refusal('UNAUTHORIZED', ...noApi), 'setup', permissionAdvice],
  [403, 'a proxy says no', page, 'setup', /Not the Qualys API.*\(403, with a web page\).*allow-list/],
  [404, 'an unknown id', refusal('OBJECT_NOT_FOUND', 'Object not found'), 'input', /knows no such id/, one],
  [
    404,
    'an unknown id in a code of its own',
    refusal('NO_SUCH_USER', 'Gone'),
    'input',
    /knows no such id/,
    one,
  ],
  [
    404,
    'no path',
    page,
    'setup',
    /404 to POST \/qps\/rest\/1\.0\/search\/saq\/user:.*retired, or SAQ is not enabled.*QUALYS_ROUTES/,
  ],
  [404, 'no path, by a page that is XML', xhtml, 'setup', /SAQ is not enabled/, one],
  [404, 'no path, of a tool that is regular', page, 'setup', /SAQ is not enabled/, unverified],
  [405, 'no such method', page, 'setup', /405 to POST .*SAQ is not enabled/],
  [410, 'gone', '', 'setup', /410 to GET .*retired/, one],
  [409, 'a conflict', refusal('DUPLICATE', 'Name exists'), 'input', /conflict \(409: "Name exists"\)/],
  [
    409,
    'a request that is refused',
    refusal('INVALID_REQUEST', 'Name exists'),
    'input',
    /INVALID_REQUEST: "Name exists"/,
  ],
  [409, 'a limit of the framework', refusal('LIMIT_EXCEEDED', 'Slow down'), 'busy', /Call again in \d+ s/],
  [
    409,
    'the limit of parallel calls',
    simple('1960', 'This API cannot be run again until 1 currently running instance has finished.'),
    'busy',
    /limits the calls.*Call again in \d+ s/,
  ],
  [
    409,
    'the limit of calls',
    simple('1965', 'This API cannot be run again for another 9 seconds.'),
    'busy',
    /limits the calls.*Call again in \d+ s/,
  ],
  [409, 'the same with its DTD', simpleWithDtd('1965', 'Not for 9 seconds.'), 'busy', /limits the calls/],
  [
    409,
    'an account that was never activated',
    simple('2003', 'Registration must be completed'),
    'setup',
    /SAQ refuses .*2003: "Registration must be completed"/,
  ],
  [
    401,
    'a wrong password, or platform',
    simple(undefined, 'Bad Login/Password'),
    'setup',
    /SAQ refuses .*"Bad Login\/Password".*a wrong one looks like a wrong password/,
  ],
  [200, 'the same within a success', simple(undefined, 'Bad Login/Password'), 'setup', loginAdvice],
  [403, 'the same with 403', simple('1', 'Bad Login/Password'), 'setup', loginAdvice],
  [200, 'another word of the API server', simple('999', 'Internal error'), 'vendor', /"Internal error"/],
  [406, 'not acceptable', '', 'drift', /does not answer in the format.*\(406\)/],
  [415, 'wrong media type', page, 'drift', /does not take the request in the format.*\(415\)/],
  [429, 'a limit without a word', '', 'busy', /limits the calls.*Call again in \d+ s/],
  [429, 'a limit of a proxy', page, 'busy', /Call again in \d+ s/],
  [500, 'an exception', refusal('INTERNAL_ERROR', 'NullPointer'), 'vendor', /failed \(500: "NullPointer"/],
  [500, 'a web page', page, 'vendor', /failed \(500\)/],
  [502, 'a bad gateway', page, 'vendor', /failed \(502\)/],
  [503, 'maintenance', page, 'vendor', /not available for the moment \(503\).*status page/],
  [504, 'a gateway that waited', '', 'vendor', /failed \(504\)/],
  [302, 'a login page elsewhere', '', 'setup', /redirects elsewhere \(302\)/],
  // No answer at all.
  [200, 'a web page', page, 'drift', /web page/],
  [200, 'a web page that is XML', xhtml, 'drift', /web page/],
  [200, 'a web page for a count', page, 'drift', /web page/, count],
  [
    200,
    'half of the XML',
    success(`<data>${row('User', 1)}</data>`).slice(0, -40),
    'drift',
    /cannot be read/,
  ],
  [
    200,
    'XML with a DTD that defines something',
    success('<count>&x;</count>').replace('<Serv', '<!DOCTYPE a [<!ENTITY x "1">]><Serv'),
    'drift',
    /cannot be read/,
  ],
  [200, 'XML of another kind', '<?xml version="1.0"?><rss><channel/></rss>', 'drift', /cannot be read/],
  [200, 'an envelope without its code', response('<count>1</count>'), 'drift', /cannot be read/],
  [
    200,
    'an envelope with two codes',
    response('<responseCode>SUCCESS</responseCode><responseCode>FAILED</responseCode>'),
    'drift',
    /cannot be read/,
  ],
  [200, 'an empty envelope', '<ServiceResponse/>', 'drift', /cannot be read/],
  [200, 'JSON of another kind', { body: { list: [] } }, 'drift', /cannot be read/],
  [200, 'half of the JSON', '{"ServiceResponse":{"responseCode":"SUCC', 'drift', /cannot be read/],
  [200, 'plain words', 'OK', 'drift', /cannot be read/],
  [200, 'nothing', '', 'drift', /is empty/],
  [204, 'nothing', '', 'drift', /is empty/],
]

describe('an answer that is no answer', () => {
  test.each(cases)('%i, %s', async (status, _name, body, kind, says, on = list) => {
    const there = await assistant({ QUALYS_UNVERIFIED: 'all' })
    const headers = status === 302 ? { location: 'https://elsewhere.example.com/' } : {}
    await sandbox.control.faults([
      { route: '*', kind: 'reply', status, body, headers, contentType: 'text/xml' },
    ])
    const { text, error, isError } = await there.call(on.tool, on.args)
    expect(isError, text).toBe(true)
    expect(error).toMatchObject({ kind })
    expect(text).toMatch(says)
    expect(text).not.toMatch(/[<>\n]|Gateway|NaN|undefined|null/)
    expect(text.length).toBeLessThan(700)
    // Sent once: nobody waits here.
    expect(await sandbox.control.requests()).toHaveLength(1)
  })

  // Whatever the status, the code says when to come back (the appendix prints 1965 as "400 Conflict").
  test.each([200, 400])('%i, a limit by its code', async (status) => {
    const body = simple('1965', 'This API cannot be run again for another 9 seconds.')
    await sandbox.control.faults([{ route: '*', kind: 'reply', status, body, contentType: 'text/xml' }])
    expect((await (await assistant()).call(list.tool)).error).toMatchObject({ kind: 'busy' })
  })

  // As every SIMPLE_RETURN is recorded: with its DTD, which defines nothing.
  test.each([
    [200, undefined, 'Bad Login/Password', 'setup', /SAQ refuses user name and password/],
    [409, '2003', 'Registration must be completed', 'setup', /2003: "Registration must be completed"/],
    [400, '1905', 'parameter x has invalid value', 'input', /"parameter x has invalid value"/],
  ] as const)('%i, %s with its DTD', async (status, code, words, kind, says) => {
    const body = simpleWithDtd(code, words)
    await sandbox.control.faults([{ route: '*', kind: 'reply', status, body, contentType: 'text/xml' }])
    const { text, error } = await (await assistant()).call(list.tool)
    expect(error).toMatchObject({ kind })
    expect(text).toMatch(says)
  })

  // The number of a limit may also be an id.
  test('409, a conflict about user 1965', async () => {
    const body = refusal('INVALID_REQUEST', 'User 1965 has this address.')
    await sandbox.control.faults([{ route: '*', kind: 'reply', status: 409, body, contentType: 'text/xml' }])
    const { error, text } = await (await assistant()).call(list.tool)
    expect(error, text).toMatchObject({ kind: 'input' })
  })
})

// qualys-platform.md 4.3: INVALID_REQUEST also for "no results corresponding to your request".
describe('a refusal because there is nothing', () => {
  const nothing = refusal('INVALID_REQUEST', 'There are no results corresponding to your request.')
  const serve = (body: string): Promise<void> =>
    sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])

  test('is an empty list', async () => {
    await serve(nothing)
    const { text, isError } = await (await assistant()).call(list.tool)
    expect([text, isError]).toEqual(['no users found', false])
  })

  test('is none for a record, nor for an effect', async () => {
    await serve(nothing)
    expect((await (await assistant()).call(one.tool, one.args)).error).toMatchObject({ kind: 'input' })
    expect((await (await assistant()).call(count.tool)).error).toMatchObject({ kind: 'input' })
  })

  test('another refusal with that code stays one', async () => {
    await serve(refusal('INVALID_REQUEST', 'Criteria: Invalid value.'))
    expect((await (await assistant()).call(list.tool)).error).toMatchObject({ kind: 'input' })
  })

  test('a code without a word says nothing', async () => {
    await serve('<ServiceResponse><responseCode/><count>0</count></ServiceResponse>')
    expect((await (await assistant()).call(list.tool)).error).toMatchObject({ kind: 'drift' })
  })
})

describe('what is told of it', () => {
  test('status and code travel along, for programs', async () => {
    const body = refusal('CA_1001_DUPLICATE_KEY', 'Dup')
    await sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])
    const { error } = await (await assistant()).call(list.tool)
    expect(error).toMatchObject({ kind: 'vendor', status: 200, code: 'CA_1001_DUPLICATE_KEY' })
  })

  test('the words of the vendor are one line, clipped, without marks that hide', async () => {
    const message = `a&#x1b;[31m b&#x202e;&#10;c "${'long '.repeat(200)}`
    const body = refusal(`X&#10;Y&#x1b;[0m${'Z'.repeat(100)}`, message, '&lt;b&gt;mend it&lt;/b&gt;')
    await sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])
    const { text, error } = await (await assistant()).call(list.tool)
    expect(text).toMatch(/\(X YZ{30,40}…: "a b c 'long [^"\n]{100,200}…"\)/)
    expect(String(error?.['code']).length).toBeLessThanOrEqual(40)
  })

  test('letters of ISO-8859-1 among them do no harm', async () => {
    const base64 = Buffer.from(refusal('INVALID_REQUEST', 'Ungültig'), 'latin1').toString('base64')
    await sandbox.control.faults([{ route: '*', kind: 'reply', base64, contentType: 'text/xml' }])
    expect((await (await assistant()).call(list.tool)).text).toContain('"Ungültig"')
  })

  test('a user without SAQ, and one without rights, at the sandbox', async () => {
    const without = await assistant({ QUALYS_USERNAME: 'no-saq', QUALYS_PASSWORD: 'sandbox1' })
    expect(await without.call(list.tool)).toMatchObject({
      isError: true,
      error: { kind: 'setup', code: 'UNAUTHORIZED' },
    })
    const there = await assistant()
    expect((await there.call(one.tool, one.args)).error).toMatchObject({
      kind: 'input',
      code: 'OBJECT_NOT_FOUND',
    })
  })
})

describe('what is tried again', () => {
  const patient = () => assistant({ QUALYS_MAX_WAIT_SECONDS: '8' })
  test.each([
    ['the limit of calls, with its hint', { kind: 'limit', toWaitSec: 1 }],
    ['the limit of parallel calls, without one', { kind: 'limit', code: 1960 }],
    ['maintenance', { kind: 'html', status: 503 }],
    ['a connection that breaks', { kind: 'reset' }],
    ['an answer that is cut', { kind: 'truncate' }],
  ])('%s', async (_name, fault) => {
    await sandbox.control.faults([{ route: '*', times: 1, ...fault }])
    const { isError, text } = await (await patient()).call(list.tool)
    expect(isError, text).toBe(false)
    expect(await sandbox.control.requests()).toHaveLength(2)
  })

  test.each([
    ['a wrong password', 200, refusal('INVALID_CREDENTIALS', 'no')],
    ['a wrong password with 401', 401, refusal('INVALID_CREDENTIALS', 'no')],
    ['a registration', 409, simple('2003', 'Registration must be completed')],
    ['a permission', 200, refusal('UNAUTHORIZED', 'no')],
    ['a bad request', 200, refusal('INVALID_REQUEST', 'no')],
    ['an unknown code', 200, refusal('WHATEVER', 'no')],
    ['a web page', 200, page],
    ['an exception', 500, page],
  ])('%s is not', async (_name, status, body) => {
    await sandbox.control.faults([
      { route: '*', kind: 'reply', times: 1, status, body, contentType: 'text/xml' },
    ])
    expect((await (await patient()).call(list.tool)).isError).toBe(true)
    expect(await sandbox.control.requests()).toHaveLength(1)
  })
})
