import { describe, expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { openAssistantOn } from '../../support/assistant.ts'
import { car, test as recorderTest, settingsIn, variableIn } from '../../support/doctor/recorder-fixtures.ts'
import { settingsFrom } from '../../support/environment.ts'
import { servedRoutes } from '../../support/operations/served-routes.ts'
import { openSandbox } from '../../support/sandbox.ts'

// What a recording shows about the guesses: on a sandbox where they hold, on one that knows none of them, and on
// one with other routes.

const reads = operations.filter(({ effect }) => effect === 'read')
// A route that the sandbox does not serve is told once: test/integration/operations/parts.test.ts.
const test = recorderTest.skipIf(reads.some(({ route }) => !servedRoutes.has(route)))
const guessed = reads.filter(({ evidence }) => evidence === 'guessed')

describe('a Qualys as guessed', () => {
  test('confirms everything, and asks for no setting', async ({ record }) => {
    const { allHeld, text, about } = (await record()).compared()
    expect(allHeld).toBe(true)
    for (const { name, evidence } of reads)
      expect(about(name)).toMatch(new RegExp(`^HELD +${name} \\(${evidence}\\): `))
    expect(text).toContain(
      `Paths: ${guessed.length} of ${guessed.length} guesses held, ${reads.length} of ${reads.length} of all.`,
    )
    expect(text).toContain(
      'Fields that drifted: 0. Forms and filters that do not work: 0. Questions left open: 0.',
    )
    expect(text).toMatch(/Nothing to set\.$/)
    expect(text).not.toContain('DRIFT')
    expect(about('car_search_scripts')).toMatch(/\n {12}fields beyond those declared: 7$/)
  })
})

test('a Qualys without the guesses: each is reported as gone', async ({ recorder }) => {
  const documented = await openSandbox({ jobs: 100, assets: 200, evidence: 'documented' })
  const { allHeld, text, about } = (await recorder.record(documented)).compared()
  await documented.close()
  expect(allHeld).toBe(false)
  for (const { name, route } of guessed)
    expect(about(name)).toMatch(
      new RegExp(`^GONE +${name} \\(guessed\\): ${route.replace(/[{}]/g, '.')} answers 40[45]`),
    )
  for (const { name } of reads.filter(({ evidence }) => evidence !== 'guessed'))
    expect(about(name)).toMatch(/^HELD /)
  expect(text).toContain(`Paths: 0 of ${guessed.length} guesses held`)
  expect(settingsIn(text)).toEqual([])
  // Their ids still came from the runs, so that every request was made.
  expect(about('car_export_scripts')).toMatch(/^HELD /)
})

describe('routes that have moved', () => {
  const moves = [
    ['car_search_scripts', 'POST /sm/v1/scripts/search', 'POST /sm/v2/scripts/search'],
    ['car_get_script', 'GET /sm/v1/scripts/{scriptId}', 'GET /sm/v5/script/{scriptId}'],
    ['car_get_schedule', 'GET /sm/v1/scheduler/{scheduleId}', 'GET /sm/v1/schedules/{scheduleId}'],
    [
      'car_download_report',
      'GET /sm/v1/reports/{reportId}/download',
      'GET /sm/v1/reports/download/{reportId}',
    ],
    ['car_search_jobs', 'POST /sm/v2/jobs/search', 'POST /sm/v1/jobs/search'],
  ] as const

  test('are found, and the reported settings make the tools work', async ({ sandbox, record }) => {
    const faults = moves.map(([, route, to]) => ({ route, kind: 'move', to }))
    await sandbox.control.faults(faults)
    const { allHeld, text, about } = (await record()).compared()
    expect(allHeld).toBe(false)
    for (const [name, route, to] of moves)
      expect(about(name)).toMatch(
        new RegExp(
          `^MOVED +${name} \\(\\w+\\): ${to.replace(/[{}]/g, '.')}; ${route.replace(/[{}]/g, '.')} answers 40[45]`,
        ),
      )
    const [line = '', ...others] = settingsIn(text)
    expect(others).toEqual([])
    const environment = variableIn(line)
    expect(() => catalogueOf(settingsFrom(environment))).not.toThrow()

    const assistant = await openAssistantOn(sandbox, environment)
    const script = await assistant.call('car_search_scripts', { pageSize: 1, fields: ['id'] }, 'json')
    const found = await assistant.call('car_get_script', { scriptId: script.structured.rows[0]?.['id'] })
    const jobs = await assistant.call('car_search_jobs', { pageSize: 1 })
    await assistant.close()
    expect([script, found, jobs].filter(({ isError }) => isError)).toEqual([])

    const again = (await record(environment)).compared()
    expect(again.about('car_get_script')).toMatch(/^HELD .*as QUALYS_ROUTES has it/)
    expect(again.allHeld).toBe(true)
  })

  test('are reported together with a route that is set already, since pasting replaces the whole variable', async ({
    sandbox,
    record,
  }) => {
    const [[first, , there], [second, from, to]] = [moves[0], moves[1]]
    await sandbox.control.faults([
      { route: moves[0][1], kind: 'move', to: there },
      { route: from, kind: 'move', to },
    ])
    const set = { QUALYS_ROUTES: JSON.stringify({ [first]: there }) }
    const { text } = (await record({ ...car, ...set })).compared()
    const environment = variableIn(settingsIn(text).at(-1) ?? '')
    expect(JSON.parse(environment['QUALYS_ROUTES'] ?? '')).toEqual({ [first]: there, [second]: to })
  })

  test('to tools with an effect are not probed, and not reported as gone', async ({ sandbox, record }) => {
    const set = { QUALYS_ROUTES: '{"car_get_schedule":"POST /sm/v1/scheduler/{scheduleId}/detail"}' }
    await sandbox.control.clearRequests()
    const recorded = await record({ ...car, ...set })
    const { about } = recorded.compared()
    expect(recorded.printed.join('\n')).toMatch(/detail.*not asked: this path may act/)
    expect(about('car_get_schedule')).not.toMatch(/^GONE/)
    expect((await sandbox.control.requests()).filter(({ path }) => path.endsWith('/detail'))).toEqual([])
  })

  test('are GONE where no variant answers', async ({ sandbox, record }) => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/scheduler/{scheduleId}', kind: 'move' }])
    const { allHeld, about, text } = (await record(car)).compared()
    expect(about('car_get_schedule')).toMatch(/^GONE /)
    expect(allHeld).toBe(false)
    expect(text).toContain('Paths: 3 of 4 guesses held')
  })

  test('of empty lists are not probed, and no failure', async ({ sandbox, record }) => {
    await sandbox.control.faults([
      { route: 'POST /sm/v1/scheduler/search', kind: 'reply', body: { body: { totalCount: 0, list: [] } } },
      { route: 'POST /sm/v2/jobs/search', kind: 'dropField', fields: ['schedulerId'] },
    ])
    const { allHeld, about, text } = (await record(car)).compared()
    expect(about('car_get_schedule')).toMatch(/^NOT ASKED .*no list brought an id to ask for/)
    expect(text).toMatch(/Questions left open: [1-9]/)
    expect(allHeld).toBe(true)
  })

  test('are distinguished from routes that refuse', async ({ sandbox, record }) => {
    await sandbox.control.faults([
      { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 403 },
      {
        route: 'GET /qps/rest/1.0/get/saq/user/{userId}',
        kind: 'errorInside',
        code: 'INSUFFICIENT_PERMISSION',
      },
    ])
    const { allHeld, about } = (await record()).compared()
    expect(about('car_get_script')).toMatch(/^REFUSED .*answers 403/)
    expect(about('saq_get_user')).toMatch(/^REFUSED .*answers 200 \(INSUFFICIENT_PERMISSION/)
    expect(allHeld).toBe(false)
  })
})
