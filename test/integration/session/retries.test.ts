import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { skipPauses } from '../../support/waiting/fake-time.ts'
import { effectArgs, failureOf, operationNamed, effect as update } from '../../support/waiting/gateway.ts'

// What is sent once, and what is retried; the rules are covered by the unit tests.

const test = testOn({ jobs: 200 }, { QUALYS_CONCURRENCY: '16', QUALYS_MAX_WAIT_SECONDS: '9' })
const types = operationNamed('car_list_script_types')
const route = types.route
const limit = { kind: 'limit', toWaitSec: 0.02 }
const limitXml = '<SIMPLE_RETURN><RESPONSE><CODE>1960</CODE></RESPONSE></SIMPLE_RETURN>'

const troubles: Record<string, { fault: object; args?: Record<string, unknown>; path: string }> = {
  car_list_script_types: { fault: limit, path: '/sm/v1/script-types' },
  car_list_script_languages: { fault: { ...limit, hint: 'retryAfter' }, path: '/sm/v1/script-language' },
  car_list_reports: { fault: { ...limit, status: 409 }, path: '/sm/v1/reports' },
  car_search_scripts: { fault: { ...limit, hint: 'none', emptyBody: true }, path: '/sm/v1/scripts/search' },
  car_get_script: {
    fault: { kind: 'reply', status: 409, body: limitXml, contentType: 'text/xml' },
    args: { scriptId: '19218' },
    path: '/sm/v1/scripts/19218',
  },
  car_search_jobs: { fault: { kind: 'html', status: 502 }, path: '/sm/v2/jobs/search' },
  car_search_asset_jobs: { fault: { kind: 'html', status: 503 }, path: '/sm/v2/assetjobs/search' },
  car_search_assets: { fault: { kind: 'empty', status: 504 }, path: '/sm/v1/assets/search' },
  car_search_asset_tags: { fault: { kind: 'reset' }, path: '/sm/v1/assettags/search' },
  car_search_schedules: { fault: { kind: 'resetAfterBody' }, path: '/sm/v1/scheduler/search' },
  car_search_blocked_commands: { fault: { kind: 'truncate' }, path: '/sm/v1/block-commands/search' },
  saq_search_users: { fault: { ...limit, code: 1965 }, path: '/qps/rest/1.0/search/saq/user' },
  saq_search_templates: {
    fault: { ...limit, status: 200, hint: 'item' },
    path: '/qps/rest/1.0/search/saq/template',
  },
  saq_search_questionnaires: {
    fault: { ...limit, status: 200, hint: 'text' },
    path: '/qps/rest/1.0/search/saq/questionnaire',
  },
  saq_search_campaigns: {
    fault: { kind: 'truncate' },
    path: '/qps/rest/1.0/search/saq/questionnairecampaign',
  },
}

test('reads are repeated after each kind of trouble, once', async ({ sandbox, session }) => {
  const pauses = skipPauses()
  const cases = Object.entries(troubles)
  await sandbox.control.faults([
    ...cases.map(([name, { fault }]) => ({ route: operationNamed(name).route, times: 1, ...fault })),
    { route: 'GET /sm/v1/scripts/export', kind: 'html', status: 503 },
  ])
  const hopeless = session.call(operationNamed('car_export_scripts'), { ids: ['16515'] })
  await Promise.all([
    ...cases.map(([name, { args = {} }]) => session.call(operationNamed(name), args)),
    expect(hopeless).rejects.toMatchObject({ kind: 'vendor', details: { status: 503 } }),
  ])
  const seen = (await sandbox.control.requests()).map(({ path }) => path)
  const counted = cases.map(([name, { path }]) => [name, seen.filter((one) => one === path).length])
  expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(cases.map(([name]) => [name, 2])))
  expect(seen.filter((path) => path === '/sm/v1/scripts/export')).toHaveLength(4)
  expect(seen.filter((path) => path === '/auth')).toHaveLength(1)
  expect(pauses.length).toBeGreaterThanOrEqual(cases.length + 3)
})

describe('sent once', () => {
  test.for([
    { name: 'an exception', fault: { kind: 'status', status: 500 }, kind: 'vendor' },
    { name: 'invalid JSON', fault: { kind: 'badJson' }, kind: 'drift' },
    { name: 'a web page', fault: { kind: 'html', status: 200 }, kind: 'drift' },
    { name: 'a hint beyond its patience', fault: { kind: 'limit', toWaitSec: 90 }, kind: 'busy' },
    {
      name: 'such a hint in words, inside a success',
      fault: { kind: 'limit', status: 200, hint: 'text', toWaitSec: 90 },
      kind: 'busy',
    },
  ])('a read, after $name', async ({ fault, kind }, { sandbox, session }) => {
    await sandbox.control.faults([{ route, ...fault }])
    expect((await failureOf(session.call(types, {}))).kind).toBe(kind)
    expect((await sandbox.control.requests()).filter(({ path }) => path !== '/auth')).toHaveLength(1)
  })

  test('an effect, after a connection that broke', async ({ sandbox, session }) => {
    await sandbox.control.faults([{ route: update.route, kind: 'reset' }])
    expect((await failureOf(session.call(update, effectArgs))).kind).toBe('unclear')
    expect((await sandbox.control.requests()).filter(({ path }) => path !== '/auth')).toHaveLength(1)
  })
})

test('limits in headers are remembered, and an answer with none left is still an answer', async ({
  sandbox,
  session,
}) => {
  const headers = {
    'X-RateLimit-Limit': '300',
    'X-RateLimit-Window-Sec': '3600',
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-ToWait-Sec': '99',
  }
  await sandbox.control.faults([{ route, kind: 'reply', body: { body: [] }, headers }])
  expect(await session.call(types, {})).toMatchObject({ kind: 'page', rows: [] })
  const limits = { callsLeft: 0, callsPerWindow: 300, windowSeconds: 3600 }
  expect((await session.limits()).gateway).toMatchObject(limits)
  expect((await sandbox.control.requests()).filter(({ path }) => path !== '/auth')).toHaveLength(1)
})
