import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { catalogueOf } from '../../../src/tools/catalogue.ts'
import { assistantOn } from '../../support/assistant.ts'
import { comparedWith, openDesk, type Recorded } from '../../support/doctor/desk.ts'
import { settingsFrom } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

// What a recording tells of the guesses: a sandbox that is as guessed, one that knows none of them, and one changed by
// hand in every way that Qualys could differ.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
const desk = openDesk()
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 300, assets: 200 })
})
afterEach(() => sandbox.control.reset())
afterAll(async () => {
  desk.close()
  await sandbox.close()
})

const car = { QUALYS_TOOLSETS: 'car' }
const saq = { QUALYS_TOOLSETS: 'saq' }
const reads = operations.filter(({ effect }) => effect === 'read')
const guessed = reads.filter(({ evidence }) => evidence === 'guessed')

/** The lines below "To set:". */
function settingsIn(text: string): string[] {
  const lines = text.split('\n')
  const at = lines.indexOf('To set:')
  return at < 0 ? [] : lines.slice(at + 1).map((line) => line.trim())
}

/** The value that a shell would set: what is printed is pasted. */
function pasted(line: string): Record<string, string> {
  const [name = ''] = line.split('=')
  const value = execFileSync('sh', ['-c', `${line}; printf %s "$${name}"`], { encoding: 'utf8' })
  return { [name]: value }
}

describe('a Qualys as guessed', () => {
  test('holds everything, and asks for nothing', async () => {
    const { allHeld, text, about } = (await desk.record(sandbox)).compared()
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
    expect(about('car_search_scripts')).toContain(
      'status APPROVED|DEPRECATED|PENDING_APPROVAL|PENDING_TEST|REJECTED',
    )
  })
})

test('a Qualys without the guesses says of each that it is gone', async () => {
  const documented = await openSandbox({ jobs: 100, assets: 200, evidence: 'documented' })
  const { allHeld, text, about } = (await desk.record(documented)).compared()
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
  // Their ids still came from the runs, so that none was left unasked.
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

  test('are found, and what is to be set makes the tools work', async () => {
    const faults = moves.map(([, route, to]) => ({ route, kind: 'move', to }))
    await sandbox.control.faults(faults)
    const { allHeld, text, about } = (await desk.record(sandbox)).compared()
    expect(allHeld).toBe(false)
    for (const [name, route, to] of moves)
      expect(about(name)).toMatch(
        new RegExp(
          `^MOVED +${name} \\(\\w+\\): ${to.replace(/[{}]/g, '.')}; ${route.replace(/[{}]/g, '.')} answers 40[45]`,
        ),
      )
    const [line = '', ...others] = settingsIn(text)
    expect(others).toEqual([])
    const environment = pasted(line)
    expect(() => catalogueOf(settingsFrom(environment))).not.toThrow()

    const assistant = await assistantOn(sandbox, environment)
    const script = await assistant.call('car_search_scripts', { pageSize: 1, fields: ['id'] }, 'json')
    const found = await assistant.call('car_get_script', { scriptId: script.structured.rows[0]?.['id'] })
    const jobs = await assistant.call('car_search_jobs', { pageSize: 1 })
    await assistant.close()
    expect([script, found, jobs].filter(({ isError }) => isError)).toEqual([])

    const again = (await desk.record(sandbox, environment)).compared()
    expect(again.about('car_get_script')).toMatch(/^HELD .*as QUALYS_ROUTES has it/)
    expect(again.allHeld).toBe(true)
  })

  test('beside one that is set already, which stays set: pasting replaces the whole variable', async () => {
    const [[first, , there], [second, from, to]] = [moves[0], moves[1]]
    await sandbox.control.faults([
      { route: moves[0][1], kind: 'move', to: there },
      { route: from, kind: 'move', to },
    ])
    const set = { QUALYS_ROUTES: JSON.stringify({ [first]: there }) }
    const { text } = (await desk.record(sandbox, { ...car, ...set })).compared()
    const environment = pasted(settingsIn(text).at(-1) ?? '')
    expect(JSON.parse(environment['QUALYS_ROUTES'] ?? '')).toEqual({ [first]: there, [second]: to })
  })

  test('to what may act are not asked, and not said to be gone', async () => {
    const set = { QUALYS_ROUTES: '{"car_get_schedule":"POST /sm/v1/scheduler/{scheduleId}/detail"}' }
    await sandbox.control.forget()
    const recorded = await desk.record(sandbox, { ...car, ...set })
    const { about } = recorded.compared()
    expect(recorded.printed.join('\n')).toMatch(/detail.*not asked: this path may act/)
    expect(about('car_get_schedule')).not.toMatch(/^GONE/)
    expect((await sandbox.control.requests()).filter(({ path }) => path.endsWith('/detail'))).toEqual([])
  })

  test('are GONE where no variant answers', async () => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/scheduler/{scheduleId}', kind: 'move' }])
    const { allHeld, about, text } = (await desk.record(sandbox, car)).compared()
    expect(about('car_get_schedule')).toMatch(/^GONE /)
    expect(allHeld).toBe(false)
    expect(text).toContain('Paths: 3 of 4 guesses held')
  })

  test('of lists that nothing is in are not asked, and no failure', async () => {
    await sandbox.control.faults([
      { route: 'POST /sm/v1/scheduler/search', kind: 'reply', body: { body: { totalCount: 0, list: [] } } },
      { route: 'POST /sm/v2/jobs/search', kind: 'dropField', fields: ['schedulerId'] },
    ])
    const { allHeld, about, text } = (await desk.record(sandbox, car)).compared()
    expect(about('car_get_schedule')).toMatch(/^NOT ASKED .*no list brought an id to ask for/)
    expect(text).toMatch(/Questions left open: [1-9]/)
    expect(allHeld).toBe(true)
  })

  test('are told apart from those that say no', async () => {
    await sandbox.control.faults([
      { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 403 },
      {
        route: 'GET /qps/rest/1.0/get/saq/user/{userId}',
        kind: 'errorInside',
        code: 'INSUFFICIENT_PERMISSION',
      },
    ])
    const { allHeld, about } = (await desk.record(sandbox)).compared()
    expect(about('car_get_script')).toMatch(/^REFUSED .*answers 403/)
    expect(about('saq_get_user')).toMatch(/^REFUSED .*answers 200 \(INSUFFICIENT_PERMISSION/)
    expect(allHeld).toBe(false)
  })
})

describe('fields that drifted', () => {
  const drift = async (faults: readonly object[], toolset = car): Promise<Recorded> => {
    await sandbox.control.faults(faults)
    return desk.record(sandbox, toolset)
  }

  test.each([
    [
      'documented, and gone',
      { route: 'POST /sm/v1/assettags/search', kind: 'dropField', fields: ['name'] },
      'car_search_asset_tags',
      'DRIFT: name is missing, which every documented sample has',
    ],
    [
      'documented, with another name',
      { route: 'POST /sm/v2/jobs/search', kind: 'renameField', fields: { executionType: 'executionTypes' } },
      'car_search_jobs',
      'DRIFT: executionType is missing, which every documented sample has; it may be executionTypes now',
    ],
    [
      'documented, of another type',
      { route: 'POST /sm/v2/jobs/search', kind: 'retypeField', fields: ['platform'] },
      'car_search_jobs',
      /DRIFT: platform is (list|object|whole number) in 50 of 50/,
    ],
    [
      'guessed, and gone',
      { route: 'POST /sm/v1/assets/search', kind: 'dropField', fields: ['lastSeen'] },
      'car_search_assets',
      'DRIFT: lastSeen is in none of 50 rows',
    ],
    [
      'guessed, with another name',
      { route: 'POST /sm/v1/scripts/search', kind: 'renameField', fields: { typeName: 'typeNames' } },
      'car_search_scripts',
      'DRIFT: typeName is in none of 50 rows; it may be typeNames now',
    ],
    [
      'guessed, of another type',
      { route: 'POST /sm/v1/scheduler/search', kind: 'retypeField', fields: ['title'] },
      'car_search_schedules',
      /DRIFT: title is (list|object|whole number) in 40 of 40/,
    ],
  ] as const)('%s', async (_what, fault, tool, says) => {
    const { allHeld, about } = (await drift([fault])).compared()
    expect(about(tool)).toMatch(/^HELD /)
    if (typeof says === 'string') expect(about(tool)).toContain(says)
    else expect(about(tool)).toMatch(says)
    expect(allHeld).toBe(false)
  })

  test('in part are told with how many', async () => {
    const rows = Array.from({ length: 10 }, (_, at) => ({
      id: at,
      ...(at > 2 && { name: 'x' }),
      tagId: at,
    }))
    const list = { errorCode: null, message: null, body: { totalCount: 10, list: rows } }
    const { allHeld, about } = (
      await drift([{ route: 'POST /sm/v1/assettags/search', kind: 'reply', body: list }])
    ).compared()
    expect(about('car_search_asset_tags')).toContain('DRIFT: name is missing in 3 of 10')
    expect(allHeld).toBe(false)
  })

  test('of SAQ are told in XML, too', async () => {
    const { allHeld, about } = (
      await drift([{ route: 'POST /qps/rest/1.0/search/saq/user', kind: 'rename' }], saq)
    ).compared()
    expect(about('saq_search_users')).toMatch(/DRIFT: firstName is in none of 50 rows/)
    expect(allHeld).toBe(false)
  })

  test('are none where only the form of a time or an id is another that is read as well', async () => {
    const rows = Array.from({ length: 20 }, (_, at) => ({
      id: String(at),
      name: 'x',
      platform: 'LINUX',
      lastSeen: '2026-01-01T00:00:00.000+0000',
      created: { dateTime: 1_700_000_000_000 },
    }))
    const { about } = (
      await drift([
        { route: 'POST /sm/v1/assets/search', kind: 'reply', body: { body: { totalCount: 20, list: rows } } },
      ])
    ).compared()
    expect(about('car_search_assets')).not.toMatch(/DRIFT: (?!rows come without sortValues)/)
    expect(about('car_search_assets')).toContain('DRIFT: rows come without sortValues')
  })
})

describe('forms and filters', () => {
  test('that are ignored or refused are told from those that work', async () => {
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
    const { allHeld, text } = (await desk.record(sandbox, car)).compared()
    expect(text).toContain('car_search_scripts status: is ignored: a value that nothing has finds rows, too')
    expect(text).toContain('car_search_jobs scriptId: refused with 400')
    expect(text).toContain('car_search_assets tags.id: works')
    expect(text).toContain('car_search_jobs searchAfter: does not work: 400')
    expect(allHeld).toBe(false)
  })

  test('of SAQ lists: what goes on by id alone is to be set', async () => {
    const user = (id: number) => `<User><id>${id}</id><firstName>x</firstName></User>`
    const page = (...ids: number[]) =>
      `<ServiceResponse><responseCode>SUCCESS</responseCode><count>${ids.length}</count><hasMoreRecords>true</hasMoreRecords><data>${ids.map(user).join('')}</data></ServiceResponse>`
    const route = 'POST /qps/rest/1.0/search/saq/user'
    const reply = (body: string) => ({ route, kind: 'reply', times: 1, contentType: 'text/xml', body })
    await sandbox.control.faults([reply(page(11, 12)), reply(page(11)), reply(page(12))])
    const { allHeld, text } = (await desk.record(sandbox, saq)).compared()
    expect(text).toContain('saq_search_users startFromOffset: does not work: same row')
    expect(text).toContain('saq_search_users id GREATER: works, too')
    expect(settingsIn(text)).toEqual(['QUALYS_SAQ_PAGING=id'])
    expect(settingsFrom(pasted('QUALYS_SAQ_PAGING=id')).pageBy).toBe('id')
    expect(allHeld).toBe(false)
  })

  test('of SAQ lists: that an id does not work either way is no failure', async () => {
    await sandbox.control.knobs({ idGreater: false })
    const { allHeld, text } = (await desk.record(sandbox, saq)).compared()
    expect(text).toContain('saq_search_users id GREATER: does not work: 200 INVALID_REQUEST')
    expect(allHeld).toBe(true)
  })

  test('rows without their sort values end the walk of a list', async () => {
    await sandbox.control.knobs({ sortValues: false })
    const { allHeld, about } = (await desk.record(sandbox, car)).compared()
    expect(about('car_search_jobs')).toContain('DRIFT: rows come without sortValues: lists end at row 9,999')
    expect(allHeld).toBe(false)
  })

  test('limits are told as they were seen', async () => {
    await sandbox.control.knobs({ rateLimitHeaders: true })
    const { text } = (await desk.record(sandbox, { QUALYS_TOOLSETS: 'car,saq' })).compared()
    expect(text).toMatch(/CAR: x-ratelimit-limit 300, x-ratelimit-window-sec 3600, x-ratelimit-remaining \d+/)
    expect(text).toMatch(/SAQ: none told in \d+ answers/)
  })
})

test('a recording that is not whole does not pass for one in which all held', async () => {
  await sandbox.control.faults([
    { route: 'POST /sm/v1/assets/search', kind: 'limit', skip: 5, toWaitSec: 99 },
  ])
  const { compared, whole } = await desk.record(sandbox, car)
  expect(whole).toBe(false)
  expect(compared().allHeld).toBe(false)
  expect(compared().text).toContain(
    'The recording is not whole, since Qualys asked to wait: record again for the rest.',
  )
})

describe('a file that is no recording', () => {
  const written = (name: string, text: string): string => {
    const file = join(desk.folder, name)
    writeFileSync(file, text)
    return file
  }
  const sound = {
    format: 'qualys-mcp transcript',
    version: 1,
    program: '0.1.0',
    platform: 'US2',
    recordedOn: '2026-11-23',
    complete: true,
    answers: [],
  }
  const answer = {
    operation: 'car_get_script',
    kind: 'own',
    route: 'GET /sm/v1/scripts/{scriptId}',
    about: 'x',
  }

  test.each([
    ['is not there', () => join(desk.folder, 'none.json'), /cannot be read \(ENOENT\): name a file/],
    [
      'is a folder',
      () => {
        mkdirSync(join(desk.folder, 'folder'), { recursive: true })
        return join(desk.folder, 'folder')
      },
      /is no file, or larger than any recording/,
    ],
    ['is no JSON', () => written('a.json', '{"format":'), /is no JSON: name a file/],
    ['is empty', () => written('b.json', ''), /is no JSON/],
    ['is something else', () => written('c.json', '{"name":"package"}'), /is no recording/],
    ['is null', () => written('d.json', 'null'), /is no recording/],
    ['is too large', () => written('e.json', ' '.repeat(17 * 1024 * 1024)), /larger than any recording/],
    [
      'was changed',
      () => written('f.json', JSON.stringify({ ...sound, more: 1 })),
      /was changed, or written by another version/,
    ],
    [
      'is of a later version',
      () => written('g.json', JSON.stringify({ ...sound, version: 2 })),
      /another version/,
    ],
    [
      'would write to the terminal',
      () => written('h.json', JSON.stringify({ ...sound, answers: [{ ...answer, about: '\u001b[2Jx' }] })),
      /was changed/,
    ],
    [
      'would have somebody paste a command',
      () =>
        written(
          'i.json',
          JSON.stringify({
            ...sound,
            answers: [{ ...answer, kind: 'variant', held: true, route: "GET /'; rm -r ~; '" }],
          }),
        ),
      /was changed/,
    ],
    [
      'names a platform of somebody',
      () => written('j.json', JSON.stringify({ ...sound, platform: 'qualys.example.com' })),
      /was changed/,
    ],
  ])('since it %s is told in one sentence', (_why, file, says) => {
    expect(() => comparedWith(file())).toThrow(says)
  })

  test('but knows tools that this version does not, says so', () => {
    const file = written(
      'k.json',
      JSON.stringify({ ...sound, answers: [{ ...answer, operation: 'car_get_moon' }] }),
    )
    expect(comparedWith(file).text).toContain('1 answer of tools that this version does not have.')
  })

  test('that leads a tool to another one does not have it set', () => {
    const route = 'POST /sm/v1/scripts/search'
    const foul = {
      ...answer,
      operation: 'car_get_script',
      kind: 'variant',
      held: true,
      route: 'POST /sm/v1/scripts/7/execute',
    }
    const file = written(
      'l.json',
      JSON.stringify({ ...sound, answers: [{ ...answer, route, status: 404, held: false }, foul] }),
    )
    const { text, allHeld } = comparedWith(file)
    expect(text).toContain('which QUALYS_ROUTES does not take: report it')
    expect(text).not.toContain("QUALYS_ROUTES='")
    expect(allHeld).toBe(false)
  })
})
