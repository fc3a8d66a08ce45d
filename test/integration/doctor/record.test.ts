import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { interview } from '../../../src/commands/inquiry/interview.ts'
import { planOf } from '../../../src/commands/inquiry/plan.ts'
import { SettingsError } from '../../../src/settings.ts'
import { openDesk } from '../../support/doctor/desk.ts'
import { effectsAt, openSandbox, type Seen } from '../../support/sandbox.ts'
import { sessionOn } from '../../support/session.ts'

// A recording against the sandbox: what it asks, when it stops, and what it leaves behind.

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
const answered = (requests: readonly Seen[]): Seen[] =>
  requests.filter(({ path }) => !path.startsWith('/auth'))

describe('a whole recording', () => {
  test('lists what it asks, asks no more than that, one at a time, and changes nothing', async () => {
    const { whole, printed, transcript } = await desk.record(sandbox)
    expect(whole).toBe(true)
    expect(printed[0]).toMatch(
      /^At most \d+ requests, one at a time; and a login for each product, more if tokens are refused\.$/,
    )
    const plan = planOf(new Set(['car', 'saq']), {})
    const listed = printed.slice(3, printed.indexOf(''))
    expect(listed).toHaveLength(plan.length)

    const seen = answered(await sandbox.control.requests())
    const { answers, complete } = transcript()
    expect(complete).toBe(true)
    expect(answers).toHaveLength(plan.length)
    expect(seen).toHaveLength(answers.filter(({ skipped }) => !skipped).length)
    expect(seen.length).toBeLessThanOrEqual(80)
    for (const { method, path } of await effectsAt(sandbox.control))
      expect(`${method} ${path}`).toMatch(/^POST \/qps\/rest\/1\.0\/(search|count)\//)
    for (const { method, path } of seen)
      expect(
        listed.some((line) => {
          const [asked = ''] = line.trim().split('  ')
          return new RegExp(`^${asked.replace(/\{\w+\}/g, '[^/]+')}$`).test(`${method} ${path}`)
        }),
        `${method} ${path}`,
      ).toBe(true)
  })

  test('rests before each question that it asks, once', async () => {
    const session = sessionOn(sandbox)
    const questions = planOf(new Set(['saq']), {})
    const order: string[] = []
    await interview(session, questions, {
      signal: new AbortController().signal,
      rest: async (asked) => void order.push(`rest ${asked}`),
      pause: async () => void order.push('pause'),
      told: (_, { facts }) => {
        if (!facts.skipped) order.push('asked')
      },
    }).finally(() => session.close())
    const asked = order.filter((what) => what === 'asked').length
    expect(asked).toBeGreaterThan(14)
    expect(order).toEqual(Array.from({ length: asked }, (_, before) => [`rest ${before}`, 'asked']).flat())
  })

  test('is for its owner alone, and strict JSON with a line for each field', async () => {
    const { file, text, transcript } = await desk.record(sandbox, car)
    expect(text()).toMatch(
      /^ {3}\{"path":"executionType","present":50,"of":50,"kinds":\{"text":50\},"values":\["Automated","Manual"\]\},$/m,
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(transcript()).toMatchObject({ version: 1, platform: 'private', complete: true })
    expect(readdirSync(desk.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('tells statuses, headers, rows, and the form of each field', async () => {
    await sandbox.control.knobs({ rateLimitHeaders: true })
    const { answers } = (await desk.record(sandbox, car)).transcript()
    const jobs = answers.find(({ operation, kind }) => operation === 'car_search_jobs' && kind === 'own')
    expect(jobs).toMatchObject({
      route: 'POST /sm/v2/jobs/search',
      status: 200,
      held: true,
      headers: { 'content-type': 'application/json', 'x-ratelimit-limit': '300' },
      rows: {
        count: 50,
        total: '100-999',
        wrapped: true,
        sortValues: ['epoch milliseconds', 'numeric text'],
      },
    })
    const field = (path: string) => jobs?.fields?.find((one) => one.path === path)
    expect(field('created.dateTime')).toMatchObject({
      present: 50,
      of: 50,
      kinds: { 'epoch milliseconds': 50 },
    })
    expect(field('executionType')).toMatchObject({ kinds: { text: 50 }, values: ['Automated', 'Manual'] })
    expect(field('title')).not.toHaveProperty('values')
    const results = answers.find(
      ({ operation, kind }) => operation === 'car_search_asset_jobs' && kind === 'own',
    )
    expect(Object.keys(results?.fields?.find(({ path }) => path === 'scriptResult')?.kinds ?? {})).toEqual([
      'base64 text',
    ])
  })

  test('asks at another path only where the usual one is not there', async () => {
    await desk.record(sandbox, car)
    const before = (await sandbox.control.requests()).map(({ path }) => path)
    expect(before).not.toContain('/sm/v1/jobs/search')
    expect(before).toContain('/sm/v2/scripts/search')
    await sandbox.control.reset()
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'move' }])
    await desk.record(sandbox, car)
    expect((await sandbox.control.requests()).map(({ path }) => path)).toContain('/sm/v1/jobs/search')
  })

  test('asks only what the toolsets leave', async () => {
    const { transcript } = await desk.record(sandbox, { QUALYS_TOOLSETS: 'saq' })
    expect(answered(await sandbox.control.requests()).filter(({ path }) => path.startsWith('/sm/'))).toEqual(
      [],
    )
    expect(transcript().answers.filter(({ operation }) => operation.startsWith('car_'))).toEqual([])
  })
})

describe('a recording that is cut short', () => {
  test.each([
    ['the gateway', 'POST /sm/v1/assets/search', { toWaitSec: 3600 }],
    ['the gateway without a hint', 'POST /sm/v1/assets/search', { hint: 'none', emptyBody: true }],
    ['the API server', 'POST /qps/rest/1.0/search/saq/questionnaire', { toWaitSec: 90 }],
  ])('by a limit of %s stops at once, and keeps what was answered', async (_who, route, details) => {
    await sandbox.control.faults([{ route, kind: 'limit', ...details }])
    const { whole, transcript, printed } = await desk.record(sandbox)
    expect(whole).toBe(false)
    const { complete, ended, answers } = transcript()
    expect({ complete, ended }).toEqual({ complete: false, ended: 'limit' })
    const at = answers.findIndex(({ failure }) => failure === 'busy')
    expect(answers[at]?.route).toBe(route)
    expect(answers.slice(0, at).some(({ held }) => held)).toBe(true)
    expect(answers.slice(at + 1).every(({ skipped }) => skipped === 'stopped')).toBe(true)
    expect(answered(await sandbox.control.requests()).at(-1)?.path).toBe(route.split(' ')[1])
    expect(printed.join('\n')).toContain('Ended early, since Qualys asked to wait.')
  })

  test('by the person keeps what was answered', async () => {
    const stop = new AbortController()
    await sandbox.control.faults([{ route: 'POST /sm/v1/assettags/search', kind: 'delay', ms: 600_000 }])
    const recording = desk.record(sandbox, car, stop.signal)
    for (;;) {
      const requests = await sandbox.control.requests()
      if (requests.some(({ path }) => path === '/sm/v1/assettags/search')) break
    }
    stop.abort()
    const { whole, transcript } = await recording
    expect(whole).toBe(false)
    expect(transcript()).toMatchObject({ complete: false, ended: 'interrupted' })
    expect(transcript().answers.filter(({ held }) => held).length).toBeGreaterThan(3)
  })

  test('by a wrong password asks each host once, since accounts lock', async () => {
    const { whole, printed, transcript } = await desk.record(sandbox, { QUALYS_PASSWORD: 'wrong-password' })
    expect(whole).toBe(false)
    expect(transcript()).toMatchObject({ complete: false, ended: 'shut' })
    expect(transcript().answers.filter(({ skipped }) => !skipped)).toHaveLength(2)
    const seen = await sandbox.control.requests()
    expect(seen.map(({ path }) => path)).toEqual(['/auth', '/qps/rest/portal/version'])
    expect(printed.join('\n')).toContain('check user name and password')
  })

  test('by nothing: one path that refuses a sound token', async () => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'status', status: 401 }])
    const { whole, transcript } = await desk.record(sandbox, car)
    expect(whole).toBe(true)
    expect(transcript().answers.filter(({ held }) => held).length).toBeGreaterThan(10)
  })

  test('by one host that lets nobody in goes on with the other', async () => {
    await sandbox.control.faults([{ route: 'POST /auth', kind: 'status', status: 401 }])
    const { answers } = (await desk.record(sandbox)).transcript()
    expect(
      answers.filter(({ held, operation }) => held && operation.startsWith('saq_')).length,
    ).toBeGreaterThan(13)
    expect(answers.filter(({ held, operation }) => held && operation.startsWith('car_'))).toEqual([])
  })

  test('by a host that does not answer is left after three silences', async () => {
    await sandbox.control.faults([{ route: '*', kind: 'reset' }])
    const { whole, printed, file } = await desk.record(sandbox, car)
    expect(whole).toBe(false)
    expect(answered(await sandbox.control.requests()).length).toBeLessThanOrEqual(3 * 4)
    expect(printed.at(-1)).toBe('Nothing was answered, so that nothing was recorded.')
    expect(existsSync(file)).toBe(false)
  })

  test('by a host that is not there leaves no file', async () => {
    const { whole, printed, file } = await desk.record(sandbox, {
      QUALYS_GATEWAY_URL: 'http://127.0.0.1:9',
      QUALYS_API_URL: 'http://127.0.0.1:9',
    })
    expect(whole).toBe(false)
    expect(existsSync(file)).toBe(false)
    expect(existsSync(`${file}.part`)).toBe(false)
    expect(printed.join('\n')).toContain('127.0.0.1:9')
  })

  test('by nothing: a token that expires is renewed on the way', async () => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'expired', times: 1 }])
    const { whole, transcript } = await desk.record(sandbox, car)
    expect(whole).toBe(true)
    expect(transcript().answers.find(({ operation }) => operation === 'car_search_jobs')?.status).toBe(200)
  })
})

describe('odd answers', () => {
  test.each([
    ['a page of a proxy', { kind: 'html', status: 200 }],
    ['a page with 403', { kind: 'html', status: 403 }],
    ['JSON that ends early', { kind: 'badJson' }],
    ['a status that nobody knows', { kind: 'status', status: 799 }],
    ['an error inside', { kind: 'errorInside' }],
    ['nothing', { kind: 'emptyBody' }],
    ['a redirect', { kind: 'redirect', location: 'https://elsewhere.example/' }],
  ])('%s is no answer that held, and no reason to stop', async (_what, fault) => {
    await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', ...fault }])
    const { whole, transcript, compared } = await desk.record(sandbox, car)
    expect(whole).toBe(true)
    const assets = transcript().answers.filter(({ operation }) => operation === 'car_search_assets')
    expect(assets.filter(({ held }) => held)).toEqual([])
    expect(compared().allHeld).toBe(false)
    expect(compared().about('car_search_assets')).toMatch(/^(REFUSED|UNREADABLE|NO ANSWER) /)
    expect(compared().about('car_search_jobs')).toMatch(/^HELD /)
  })

  test('a page is no file', async () => {
    await sandbox.control.faults([
      { route: 'GET /sm/v1/reports/{reportId}/download', kind: 'html', status: 200 },
    ])
    const compared = (await desk.record(sandbox, car)).compared()
    expect(compared.about('car_download_report')).toMatch(/^UNREADABLE .*answers 200 in a form/)
    expect(compared.allHeld).toBe(false)
  })

  test('a record with another id than the one asked for is not what was asked', async () => {
    await sandbox.control.faults([
      {
        route: 'GET /sm/v1/scripts/{scriptId}',
        kind: 'reply',
        body: { errorCode: null, message: null, body: { id: 1, title: 'another' } },
      },
    ])
    const compared = (await desk.record(sandbox, car)).compared()
    expect(compared.about('car_get_script')).toMatch(/^UNREADABLE .*another record/)
    expect(compared.allHeld).toBe(false)
  })
})

describe('the file', () => {
  const trying = (file: string) =>
    import('../../../src/commands/inquiry/place.ts').then(({ takePlace }) => takePlace(file))

  test('that is there already stays as it is, and nothing is asked', async () => {
    const file = join(desk.folder, 'there.json')
    writeFileSync(file, 'mine')
    await expect(trying(file)).rejects.toThrow(SettingsError)
    await expect(trying(file)).rejects.toThrow(/exists already, and is not overwritten: name another file/)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('that comes meanwhile stays as it is, too', async () => {
    const file = join(desk.folder, 'meanwhile.json')
    const place = await trying(file)
    writeFileSync(file, 'mine')
    expect(() => place.keep('theirs')).toThrow(/exists already/)
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  test('of which another recording is being made is not written twice', async () => {
    const file = join(desk.folder, 'twice.json')
    const place = await trying(file)
    await expect(trying(file)).rejects.toThrow(/another recording writes there/)
    place.giveUp()
    const again = await trying(file)
    again.keep('{}')
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  test.each([
    ['in a folder that is not there', 'nowhere/x.json', /its folder does not exist/],
    ['below a file', 'a-file/x.json', /a part of its path is a file/],
  ])('%s is told before anything is asked', async (_where, path, says) => {
    writeFileSync(join(desk.folder, 'a-file'), '')
    await expect(trying(join(desk.folder, path))).rejects.toThrow(says)
  })

  test.skipIf(process.getuid?.() === 0)('in a folder that may not be written is told', async () => {
    chmodSync(desk.folder, 0o500)
    await expect(trying(join(desk.folder, 'x.json'))).rejects.toThrow(/may not write there/)
    chmodSync(desk.folder, 0o700)
  })
})
