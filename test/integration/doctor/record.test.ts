import { existsSync, readdirSync, statSync } from 'node:fs'
import { describe, expect, vi } from 'vitest'
import { planProbes } from '../../../src/cli/probe/plan.ts'
import { car, test } from '../../support/doctor/recorder-fixtures.ts'
import { effectRequests, type SandboxRequest } from '../../support/sandbox.ts'

// A recording of the sandbox: its requests, when it stops, and the file. Request by request: test/unit/doctor.

const answeredRequests = (requests: readonly SandboxRequest[]): SandboxRequest[] =>
  requests.filter(({ path }) => !path.startsWith('/auth'))

describe('a complete recording', () => {
  test('lists its requests beforehand, sends no others, one at a time, and changes nothing', async ({
    sandbox,
    recorder,
  }) => {
    const { isComplete: whole, printed, transcript } = await recorder.record(sandbox)
    expect(whole).toBe(true)
    expect(printed[0]).toMatch(
      /^At most \d+ requests, one at a time; and a login for each product, more if tokens are refused\.$/,
    )
    const plan = planProbes(new Set(['car', 'saq']), {})
    const listed = printed.slice(3, printed.indexOf(''))
    expect(listed).toHaveLength(plan.length)

    const seen = answeredRequests(await sandbox.control.requests())
    const { answers, complete } = transcript()
    expect(complete).toBe(true)
    expect(answers).toHaveLength(plan.length)
    expect(seen).toHaveLength(answers.filter(({ skipped }) => !skipped).length)
    expect(seen.length).toBeLessThanOrEqual(80)
    for (const { method, path } of await effectRequests(sandbox.control))
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

  test('is readable by its owner only, and is strict JSON with a line for each field', async ({
    sandbox,
    recorder,
  }) => {
    const { file, text, transcript } = await recorder.record(sandbox, car)
    expect(text()).toMatch(/^ {3}"executionType": \{"present":50,"of":50,"kinds":\{"text":50\}\},$/m)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(transcript()).toMatchObject({ version: 2, platform: 'private', complete: true })
    expect(readdirSync(recorder.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('holds statuses, headers, rows, and the form of each field', async ({ sandbox, recorder }) => {
    await sandbox.control.knobs({ rateLimitHeaders: true })
    const { answers } = (await recorder.record(sandbox, car)).transcript()
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
    expect(jobs?.record).toMatchObject({
      fields: {
        'created.dateTime': { present: 50, of: 50, kinds: { 'epoch milliseconds': 50 } },
        executionType: { present: 50, of: 50, kinds: { text: 50 } },
      },
      unknown: 1,
    })
    expect(jobs?.envelope).toMatchObject({ fields: { 'body.list': { kinds: { list: 1 } } }, unknown: 0 })
    const results = answers.find(
      ({ operation, kind }) => operation === 'car_search_asset_jobs' && kind === 'own',
    )
    expect(Object.keys(results?.record?.fields['scriptResult']?.kinds ?? {})).toEqual(['base64 text'])
  })

  test('probes another path only where the usual one is not there', async ({ sandbox, recorder }) => {
    await recorder.record(sandbox, car)
    const before = (await sandbox.control.requests()).map(({ path }) => path)
    expect(before).not.toContain('/sm/v1/jobs/search')
    expect(before).toContain('/sm/v2/scripts/search')
    await sandbox.control.clearRequests()
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'move' }])
    await recorder.record(sandbox, car)
    expect((await sandbox.control.requests()).map(({ path }) => path)).toContain('/sm/v1/jobs/search')
  })

  test('probes only the toolsets that are set', async ({ sandbox, recorder }) => {
    const { transcript } = await recorder.record(sandbox, { QUALYS_TOOLSETS: 'saq' })
    expect(
      answeredRequests(await sandbox.control.requests()).filter(({ path }) => path.startsWith('/sm/')),
    ).toEqual([])
    expect(transcript().answers.filter(({ operation }) => operation.startsWith('car_'))).toEqual([])
  })
})

describe('a recording that is interrupted', () => {
  test.for([
    ['the gateway without a hint', 'POST /sm/v1/assets/search', { hint: 'none', emptyBody: true }],
    ['the API server', 'POST /qps/rest/1.0/search/saq/questionnaire', { toWaitSec: 90 }],
  ] as const)(
    'by a limit of %s stops at once, and keeps what was answered',
    async ([_who, route, details], { sandbox, recorder }) => {
      await sandbox.control.faults([{ route, kind: 'limit', ...details }])
      const { isComplete: whole, transcript, printed } = await recorder.record(sandbox)
      expect(whole).toBe(false)
      const { complete, ended, answers } = transcript()
      expect({ complete, ended }).toEqual({ complete: false, ended: 'limit' })
      const at = answers.findIndex(({ failure }) => failure === 'busy')
      expect(answers[at]?.route).toBe(route)
      expect(answers.slice(0, at).some(({ held }) => held)).toBe(true)
      expect(answers.slice(at + 1).every(({ skipped }) => skipped === 'stopped')).toBe(true)
      expect(answeredRequests(await sandbox.control.requests()).at(-1)?.path).toBe(route.split(' ')[1])
      expect(printed.join('\n')).toContain('Ended early, since Qualys asked to wait.')
    },
  )

  test('by the person keeps the answers so far', async ({ sandbox, recorder }) => {
    const stop = new AbortController()
    await sandbox.control.faults([{ route: 'POST /sm/v1/assettags/search', kind: 'delay', ms: 600_000 }])
    const recording = recorder.record(sandbox, car, stop.signal)
    await vi.waitFor(
      async () =>
        expect((await sandbox.control.requests()).map(({ path }) => path)).toContain(
          '/sm/v1/assettags/search',
        ),
      { timeout: 15_000, interval: 20 },
    )
    stop.abort()
    const { isComplete: whole, transcript } = await recording
    expect(whole).toBe(false)
    expect(transcript()).toMatchObject({ complete: false, ended: 'interrupted' })
    expect(transcript().answers.filter(({ held }) => held).length).toBeGreaterThan(3)
  })

  test('by a wrong password sends one request to each host, since accounts lock', async ({
    sandbox,
    recorder,
  }) => {
    const {
      isComplete: whole,
      printed,
      transcript,
    } = await recorder.record(sandbox, { QUALYS_PASSWORD: 'wrong-password' })
    expect(whole).toBe(false)
    expect(transcript()).toMatchObject({ complete: false, ended: 'shut' })
    expect(transcript().answers.filter(({ skipped }) => !skipped)).toHaveLength(2)
    const seen = await sandbox.control.requests()
    expect(seen.map(({ path }) => path)).toEqual(['/auth', '/qps/rest/portal/version'])
    expect(printed.join('\n')).toContain('check user name and password')
  })

  test('not by one path that refuses a valid token', async ({ sandbox, recorder }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'status', status: 401 }])
    const { isComplete: whole, transcript } = await recorder.record(sandbox, car)
    expect(whole).toBe(true)
    expect(transcript().answers.filter(({ held }) => held).length).toBeGreaterThan(10)
  })

  test('by one host that refuses the login continues with the other', async ({ sandbox, recorder }) => {
    await sandbox.control.faults([{ route: 'POST /auth', kind: 'status', status: 401 }])
    const { answers } = (await recorder.record(sandbox)).transcript()
    expect(
      answers.filter(({ held, operation }) => held && operation.startsWith('saq_')).length,
    ).toBeGreaterThan(13)
    expect(answers.filter(({ held, operation }) => held && operation.startsWith('car_'))).toEqual([])
  })

  test('by a host that does not answer skips that host after three time-outs', async ({
    sandbox,
    recorder,
  }) => {
    await sandbox.control.faults([{ route: '*', kind: 'reset' }])
    const { isComplete: whole, printed, file } = await recorder.record(sandbox, car)
    expect(whole).toBe(false)
    expect(answeredRequests(await sandbox.control.requests()).length).toBeLessThanOrEqual(3 * 4)
    expect(printed.at(-1)).toBe('Nothing was answered, so that nothing was recorded.')
    expect(existsSync(file)).toBe(false)
  })

  test('by an unreachable host leaves no file', async ({ sandbox, recorder }) => {
    const {
      isComplete: whole,
      printed,
      file,
    } = await recorder.record(sandbox, {
      QUALYS_GATEWAY_URL: 'http://127.0.0.1:9',
      QUALYS_API_URL: 'http://127.0.0.1:9',
    })
    expect(whole).toBe(false)
    expect(existsSync(file)).toBe(false)
    expect(existsSync(`${file}.part`)).toBe(false)
    expect(printed.join('\n')).toContain('127.0.0.1:9')
  })

  test('not by a token that expires: it is renewed on the way', async ({ sandbox, recorder }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'expired', times: 1 }])
    const { isComplete: whole, transcript } = await recorder.record(sandbox, car)
    expect(whole).toBe(true)
    expect(transcript().answers.find(({ operation }) => operation === 'car_search_jobs')?.status).toBe(200)
  })
})

describe('unexpected answers', () => {
  test.for([
    ['a page of a proxy', { kind: 'html', status: 200 }],
    ['JSON that ends early', { kind: 'badJson' }],
    ['a redirect', { kind: 'redirect', location: 'https://elsewhere.example/' }],
  ] as const)(
    '%s does not count as confirmed, and does not end the recording',
    async ([_what, fault], { sandbox, recorder }) => {
      await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', ...fault }])
      const { isComplete: whole, transcript, compared } = await recorder.record(sandbox, car)
      expect(whole).toBe(true)
      const assets = transcript().answers.filter(({ operation }) => operation === 'car_search_assets')
      expect(assets.length).toBeGreaterThan(1)
      expect(assets.filter(({ held }) => held)).toEqual([])
      expect(compared().allHeld).toBe(false)
      expect(compared().about('car_search_assets')).toMatch(/^(REFUSED|UNREADABLE|NO ANSWER) /)
      expect(compared().about('car_search_jobs')).toMatch(/^HELD /)
    },
  )

  test('a web page is not a file', async ({ sandbox, recorder }) => {
    await sandbox.control.faults([
      { route: 'GET /sm/v1/reports/{reportId}/download', kind: 'html', status: 200 },
    ])
    const compared = (await recorder.record(sandbox, car)).compared()
    expect(compared.about('car_download_report')).toMatch(/^UNREADABLE .*answers 200 in a form/)
    expect(compared.allHeld).toBe(false)
  })
})
