import { describe, expect } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { refusal, simpleReturn } from '../../support/session/qps.ts'
import { skipPauses } from '../../support/waiting/fake-time.ts'
import { operationNamed } from '../../support/waiting/gateway.ts'

// Errors through the whole stack: one of each kind, at each of the two hosts. All statuses and bodies are covered
// by the unit tests.

const test = testOn({ jobs: 100 }, { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_UNVERIFIED: 'all' })

const page = '<html><head><title>502</title></head><body><h1>Bad <b>Gateway</b></h1></body></html>'
const jobs = ['car_search_jobs', {}] as const
const script = ['car_get_script', { scriptId: 1 }] as const
const users = ['saq_search_users', {}] as const
const user = ['saq_get_user', { userId: 1 }] as const
const loginAdvice =
  /SAQ refuses user name and password at http.*check user name and password, the platform.*30 s/

const cases = [
  [
    400,
    'a failed envelope',
    { errorCode: '400', message: 'Invalid filter: x', body: null },
    'input',
    /"Invalid filter: x".*filter/,
    jobs,
  ],
  [
    404,
    'an unknown id',
    { errorCode: '404', message: 'Script not found: 1', body: null },
    'input',
    /no such id.*"Script not found: 1"/,
    script,
  ],
  [
    403,
    'no permission',
    { error: 'Forbidden', message: 'Access is denied' },
    'setup',
    /"Access is denied".*licensed.*role/,
    jobs,
  ],
  [403, 'a proxy says no', page, 'setup', /Not the Qualys API.*\(403, with a web page\).*allow-list/, jobs],
  [429, 'a limit without a word', '', 'busy', /limits the calls.*Call again in \d+ s/, jobs],
  [
    500,
    'an exception',
    { error: 'x', message: 'NullPointer' },
    'vendor',
    /failed \(500: "NullPointer"/,
    jobs,
  ],
  [200, 'a login page', page, 'drift', /web page/, jobs],
  [200, 'an empty envelope', { errorCode: null, message: null, body: null }, 'drift', /no list/, jobs],
  [204, 'nothing for a record', '', 'drift', /car_get_script/, script],
  [
    200,
    'criteria that make no sense',
    refusal('INVALID_REQUEST', 'Criteria: Invalid', 'Mend it.'),
    'input',
    /refuses the request \(INVALID_REQUEST: "Criteria: Invalid Mend it\."\)\. Check the arguments/,
    users,
  ],
  [
    200,
    'an unknown id',
    refusal('OBJECT_NOT_FOUND', 'Object not found'),
    'input',
    /knows no such id \(OBJECT_NOT_FOUND: "Object not found"\).*search tool.*outside the scope/,
    user,
  ],
  [
    200,
    'a wrong password',
    refusal('INVALID_CREDENTIALS', 'Authentication failed'),
    'setup',
    loginAdvice,
    users,
  ],
  [401, 'the same with its status, and a web page', page, 'setup', loginAdvice, users],
  [
    409,
    'the limit of calls',
    simpleReturn('1965', 'Not now.'),
    'busy',
    /limits the calls.*again in \d+ s/,
    users,
  ],
  [503, 'maintenance', page, 'vendor', /not available for the moment \(503\).*status page/, users],
  [200, 'a web page', page, 'drift', /web page/, users],
] as const

describe('an answer that is not a success', () => {
  test.for(cases)(
    '%i, %s',
    async ([status, _name, body, kind, says, [tool, args]], { sandbox, assistant }) => {
      const { route } = operationNamed(tool)
      const contentType = tool.startsWith('saq_') ? 'text/xml' : 'application/json'
      await sandbox.control.faults([{ route, kind: 'reply', status, body, contentType }])
      const { text, error, isError } = await assistant.call(tool, args)
      expect(isError, text).toBe(true)
      expect(error).toMatchObject({ kind })
      expect(text).toMatch(says)
      expect(text).not.toMatch(/[<>\n]|Gateway|NaN|undefined|null/)
      const seen = await sandbox.control.requests()
      expect(seen.filter(({ path }) => path !== '/auth')).toHaveLength(1)
    },
  )

  test('status and code are passed on, for programs', async ({ sandbox, assistant }) => {
    const body = refusal('CA_1001_DUPLICATE_KEY', 'Dup')
    await sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])
    const { error } = await assistant.call('saq_search_users')
    expect(error).toMatchObject({ kind: 'vendor', status: 200, code: 'CA_1001_DUPLICATE_KEY' })
  })

  test('letters of ISO-8859-1 in it cause no error', async ({ sandbox, assistant }) => {
    const base64 = Buffer.from(refusal('INVALID_REQUEST', 'Ungültig'), 'latin1').toString('base64')
    await sandbox.control.faults([{ route: '*', kind: 'reply', base64, contentType: 'text/xml' }])
    expect((await assistant.call('saq_search_users')).text).toContain('"Ungültig"')
  })
})

describe('at the sandbox', () => {
  test.for([
    ['no-car', 'car_search_jobs', { kind: 'setup', status: 403 }],
    ['no-saq', 'saq_search_users', { kind: 'setup', code: 'UNAUTHORIZED' }],
  ] as const)('the user %s', async ([username, tool, error], { sandbox }) => {
    const other = await openAssistantOn(sandbox, { QUALYS_USERNAME: username, QUALYS_PASSWORD: 'sandbox1' })
    const result = await other.call(tool)
    await other.close()
    expect(result.error).toMatchObject(error)
  })

  test('ids that do not exist', async ({ assistant }) => {
    expect((await assistant.call(...script)).error).toMatchObject({ kind: 'input', status: 404 })
    expect((await assistant.call(...user)).error).toMatchObject({ kind: 'input', code: 'OBJECT_NOT_FOUND' })
  })
})

test('requests that are retried are sent twice', async ({ sandbox }) => {
  skipPauses()
  const patient = await openAssistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '8' })
  const seen: number[] = []
  for (const fault of [
    { kind: 'limit', toWaitSec: 1 },
    { kind: 'limit', code: 1960 },
    { kind: 'html', status: 503 },
    { kind: 'reset' },
    { kind: 'truncate' },
  ]) {
    await sandbox.control.clearRequests()
    await sandbox.control.faults([{ route: '*', times: 1, ...fault }])
    const { isError, text } = await patient.call('saq_search_users')
    expect(isError, text).toBe(false)
    seen.push((await sandbox.control.requests()).length)
  }
  await patient.close()
  expect(seen).toEqual([2, 2, 2, 2, 2])
})
