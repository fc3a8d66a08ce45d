import { describe, expect } from 'vitest'
import { car, saq, settingsIn, test, variableIn } from '../../support/doctor/recorder-fixtures.ts'
import { settingsFrom } from '../../support/environment.ts'

// What a recording shows about guessed fields, forms, filters and limits that are wrong.

test('hosts and results as sister modules and public code have them are recorded', async ({
  sandbox,
  recorder,
}) => {
  await sandbox.control.knobs({ hostRecord: 'fim', hostTags: 'uuids', hostStatus: 'manifest' })
  const recorded = await recorder.record(sandbox, car)
  const fieldsOf = (tool: string) =>
    recorded.transcript().answers.find(({ operation, kind }) => operation === tool && kind === 'own')?.record
      ?.fields ?? {}
  expect(fieldsOf('car_search_assets')).toMatchObject({
    id: { kinds: { UUID: 50 } },
    assetId: { kinds: { 'whole number': 50 } },
    agentUuid: { kinds: { UUID: 50 } },
    lastCheckedIn: { kinds: { 'epoch milliseconds': 50 } },
    'interfaces[].address': { kinds: { text: 50 } },
    'manifest.status': { kinds: { text: 50 } },
    'tags[]': { kinds: { UUID: expect.any(Number) } },
  })
  const { status } = fieldsOf('car_search_asset_jobs')
  expect(Object.keys(status?.kinds ?? {})).toContain('MANIFEST_PARSE_SUCCESS')
  const { text } = recorded.compared()
  expect(text).toContain('car_search_assets assetId: works')
  expect(text).toContain('car_search_assets tags: works')
  expect(text).not.toMatch(/DRIFT: (?:id|created|assetId|tags)/)
})

describe('fields that drifted', () => {
  test.for([
    [
      'documented, and missing',
      { route: 'POST /sm/v1/assettags/search', kind: 'dropField', fields: ['name'] },
      'car_search_asset_tags',
      'DRIFT: name is missing, which every documented sample has',
    ],
    [
      'documented, with another name',
      { route: 'POST /sm/v2/jobs/search', kind: 'renameField', fields: { executionType: 'executionTypes' } },
      'car_search_jobs',
      'DRIFT: executionType is missing, which every documented sample has; 2 unknown fields may hold it',
    ],
    [
      'documented, of another type',
      { route: 'POST /sm/v2/jobs/search', kind: 'retypeField', fields: ['platform'] },
      'car_search_jobs',
      /DRIFT: platform is (list|object|whole number) in 50 of 50/,
    ],
    [
      'guessed, and missing',
      { route: 'POST /sm/v1/assets/search', kind: 'dropField', fields: ['lastSeen'] },
      'car_search_assets',
      'DRIFT: lastSeen is in none of 50 rows',
    ],
    [
      'guessed, with another name',
      { route: 'POST /sm/v1/scripts/search', kind: 'renameField', fields: { typeName: 'typeNames' } },
      'car_search_scripts',
      'DRIFT: typeName is in none of 50 rows; 8 unknown fields may hold it',
    ],
    [
      'guessed, of another type',
      { route: 'POST /sm/v1/scheduler/search', kind: 'retypeField', fields: ['title'] },
      'car_search_schedules',
      /DRIFT: title is (list|object|whole number) in 40 of 40/,
    ],
  ] as const)('%s', async ([, fault, tool, says], { recordUnder }) => {
    const { allHeld, about } = (await recordUnder([fault])).compared()
    expect(about(tool)).toMatch(/^HELD /)
    if (typeof says === 'string') expect(about(tool)).toContain(says)
    else expect(about(tool)).toMatch(says)
    expect(allHeld).toBe(false)
  })

  test('in some rows are reported with their number', async ({ recordUnder }) => {
    const rows = Array.from({ length: 10 }, (_, at) => ({
      id: at,
      ...(at > 2 && { name: 'x' }),
      tagId: at,
    }))
    const list = { errorCode: null, message: null, body: { totalCount: 10, list: rows } }
    const { allHeld, about } = (
      await recordUnder([{ route: 'POST /sm/v1/assettags/search', kind: 'reply', body: list }])
    ).compared()
    expect(about('car_search_asset_tags')).toContain('DRIFT: name is missing in 3 of 10')
    expect(allHeld).toBe(false)
  })

  test('of SAQ are reported in XML as well', async ({ recordUnder }) => {
    const { allHeld, about } = (
      await recordUnder([{ route: 'POST /qps/rest/1.0/search/saq/user', kind: 'rename' }], saq)
    ).compared()
    expect(about('saq_search_users')).toMatch(/DRIFT: firstName is in none of 50 rows/)
    expect(allHeld).toBe(false)
  })

  test('are none where a time or an id only has another accepted form', async ({ recordUnder }) => {
    const rows = Array.from({ length: 20 }, (_, at) => ({
      id: String(at),
      name: 'x',
      platform: 'LINUX',
      lastSeen: '2026-01-01T00:00:00.000+0000',
      created: { dateTime: 1_700_000_000_000 },
    }))
    const { about } = (
      await recordUnder([
        { route: 'POST /sm/v1/assets/search', kind: 'reply', body: { body: { totalCount: 20, list: rows } } },
      ])
    ).compared()
    expect(about('car_search_assets')).not.toMatch(/DRIFT: (?!rows come without sortValues)/)
    expect(about('car_search_assets')).toContain('DRIFT: rows come without sortValues')
  })
})

describe('forms and filters', () => {
  test('that are ignored or refused are distinguished from those that work', async ({ sandbox, record }) => {
    await sandbox.control.faults(
      ['POST /sm/v1/scripts/search', 'POST /sm/v2/jobs/search'].map((route) => ({
        route,
        kind: 'reply',
        skip: 1,
        status: route.includes('jobs') ? 400 : 200,
        body: route.includes('jobs')
          ? { errorCode: '400', message: 'Unknown token' }
          : { body: { totalCount: 300, list: [{ id: 1 }, { id: 2 }] } },
      })),
    )
    const { allHeld, text } = (await record(car)).compared()
    expect(text).toContain('car_search_scripts status: is ignored: a value that nothing has finds rows, too')
    expect(text).toContain('car_search_jobs scriptId: refused with 400')
    expect(text).toContain('car_search_assets tags.id: works')
    expect(text).toContain('car_search_jobs searchAfter: does not work: 400')
    expect(allHeld).toBe(false)
  })

  test('of SAQ lists: paging by id alone is a setting to change', async ({ sandbox, record }) => {
    const user = (id: number) => `<User><id>${id}</id><firstName>x</firstName></User>`
    const page = (...ids: number[]) =>
      `<ServiceResponse><responseCode>SUCCESS</responseCode><count>${ids.length}</count><hasMoreRecords>true</hasMoreRecords><data>${ids.map(user).join('')}</data></ServiceResponse>`
    const route = 'POST /qps/rest/1.0/search/saq/user'
    const reply = (body: string) => ({ route, kind: 'reply', times: 1, contentType: 'text/xml', body })
    await sandbox.control.faults([reply(page(11, 12)), reply(page(11)), reply(page(12))])
    const { allHeld, text } = (await record(saq)).compared()
    expect(text).toContain('saq_search_users startFromOffset: does not work: same row')
    expect(text).toContain('saq_search_users id GREATER: works, too')
    expect(settingsIn(text)).toEqual(['QUALYS_SAQ_PAGING=id'])
    expect(settingsFrom(variableIn('QUALYS_SAQ_PAGING=id')).pageBy).toBe('id')
    expect(allHeld).toBe(false)
  })

  test('of SAQ lists: an id that works in neither form is no failure', async ({ sandbox, record }) => {
    await sandbox.control.knobs({ idGreater: false })
    const { allHeld, text } = (await record(saq)).compared()
    expect(text).toContain('saq_search_users id GREATER: does not work: 200 INVALID_REQUEST')
    expect(allHeld).toBe(true)
  })

  test('rows without their sort values end the walk of a list', async ({ sandbox, record }) => {
    await sandbox.control.knobs({ sortValues: false })
    const { allHeld, about } = (await record(car)).compared()
    expect(about('car_search_jobs')).toContain('DRIFT: rows come without sortValues: lists end at row 9,999')
    expect(allHeld).toBe(false)
  })

  test('limits are reported as they were seen', async ({ sandbox, record }) => {
    await sandbox.control.knobs({ rateLimitHeaders: true })
    const { text } = (await record({ QUALYS_TOOLSETS: 'car,saq' })).compared()
    expect(text).toMatch(/CAR: x-ratelimit-limit 300, x-ratelimit-window-sec 3600, x-ratelimit-remaining \d+/)
    expect(text).toMatch(/SAQ: none told in \d+ answers/)
  })
})

test('an incomplete recording is not reported as one that confirmed everything', async ({
  sandbox,
  record,
}) => {
  await sandbox.control.faults([
    { route: 'POST /sm/v1/assets/search', kind: 'limit', skip: 5, toWaitSec: 99 },
  ])
  const { compared, isComplete: whole } = await record(car)
  expect(whole).toBe(false)
  expect(compared().allHeld).toBe(false)
  expect(compared().text).toContain(
    'The recording is not whole, since Qualys asked to wait: record again for the rest.',
  )
})
