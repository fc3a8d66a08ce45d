import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect } from 'vitest'
import { openAssistantOn, type ToolReply } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// Workflows report drifted rows too, and continue with the values that are still valid.

const folder = mkdtempSync(join(tmpdir(), 'qualys-drift-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Fixtures {
  /** Alters the rows of a route from now on. */
  readonly bend: (route: string, kind: string, fields?: unknown) => Promise<void>
  /** One asset job as the sandbox serves it, altered by the test. */
  readonly serveHosts: (...rows: object[]) => Promise<void>
  readonly json: (tool: string, args: object) => Promise<ToolReply>
  /** The number of hosts for each outcome. */
  readonly outcomes: () => Promise<(number | undefined)[]>
}

const jobs = 'POST /sm/v2/jobs/search'
const assetJobs = 'POST /sm/v2/assetjobs/search'
/** Reported once, with its operation. */
function expectNote({ structured: { note = '' } }: ToolReply, operation: string, detail: string): void {
  expect(note).toContain(`Qualys' rows in ${operation} differ from their documentation: `)
  expect(note.split(detail)).toHaveLength(2)
  expect(note.split(operation)).toHaveLength(2)
}

/** The usual columns need no more. */
const usual = { created: { dateTime: 1674216006119 }, asset: { name: 'host' }, job: { id: '1' } }

const settings = { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_EXPORT_DIR: folder }
const test = testOn({ jobs: 200, assets: 60 }, settings).extend<Fixtures>({
  bend: ({ sandbox }, use) =>
    use((route, kind, fields) =>
      sandbox.control.faults([{ route, kind, ...(fields !== undefined && { fields }) }]),
    ),
  serveHosts: ({ sandbox }, use) =>
    use(async (...rows) => {
      const list = rows.map((data, at) => ({
        sortValues: [at, String(at)],
        data: { id: at + 1, ...usual, ...data },
      }))
      const body = { errorCode: null, message: null, body: { totalCount: rows.length, list } }
      await sandbox.control.faults([{ route: assetJobs, kind: 'reply', body }])
    }),
  json: ({ assistant }, use) => use((tool, args) => assistant.call(tool, args, 'json')),
  outcomes: ({ json }, use) =>
    use(() =>
      Promise.all(
        ['succeeded', 'failed', 'open'].map(
          async (outcome) => (await json('car_search_asset_jobs', { outcome })).structured.returned,
        ),
      ),
    ),
})

describe('outcomes', () => {
  test('a text in the wrong form beside the code does not affect the code', async ({
    serveHosts,
    json,
    outcomes,
  }) => {
    const enddate = '2023-01-20T12:00:06.000+00:00'
    await serveHosts(
      { enddate, output: { code: '0', text: 7 } },
      { enddate, output: { code: '1', text: ['x'] } },
      { output: null },
    )
    expect(await outcomes()).toEqual([1, 1, 1])
    expectNote(
      await json('car_search_asset_jobs', { outcome: 'failed' }),
      'car_search_asset_jobs',
      'output.text (another type)',
    )
  })

  test('end times in every spelling', async ({ serveHosts, json }) => {
    const ends = [1674216006119, '1674216006119', 1674216006, '2023-01-20T12:00:06+0000']
    await serveHosts(...ends.map((enddate) => ({ enddate, output: { code: 0 } })))
    const { structured } = await json('car_search_asset_jobs', { fields: ['endDate'] })
    expect(new Set(structured.rows.map(({ endDate }) => endDate))).toEqual(new Set(['2023-01-20T12:00:06Z']))
  })

  test('an end time that is malformed is still an end', async ({ serveHosts, json, outcomes }) => {
    await serveHosts({ enddate: 'soon', output: { code: 0 } })
    expect(await outcomes()).toEqual([1, 0, 0])
    expectNote(await json('car_search_asset_jobs', {}), 'car_search_asset_jobs', 'enddate (another type)')
  })
})

test('match searches values of another type', async ({ bend, json }) => {
  await bend(jobs, 'retypeField', ['scriptId', 'title'])
  const found = await json('car_search_jobs', { match: '19218' })
  expect(found.structured.returned).toBeGreaterThan(0)
  expect(found.structured.rows.every(({ scriptId }) => String(scriptId) === '19218')).toBe(true)
})

describe('counting', () => {
  test('by a missing field', async ({ bend, json }) => {
    await bend(jobs, 'renameField', { platform: 'hostPlatform' })
    const counted = await json('car_count_jobs', { groupBy: ['platform'] })
    expect(counted.isError, counted.text).toBe(false)
    expectNote(counted, 'car_search_jobs', 'platform (missing; now hostPlatform?)')
  })

  test('by a time, with another odd field in the row: every row counts', async ({ bend, json }) => {
    const whole = await json('car_count_jobs', { groupBy: ['created.dateTime:month'] })
    await bend(jobs, 'retypeField', ['title', 'platform'])
    const counted = await json('car_count_jobs', { groupBy: ['created.dateTime:month'] })
    expect(counted.structured.rows).toEqual(whole.structured.rows)
  })

  test('hosts by outcome, with numbers as text', async ({ bend, json }) => {
    const whole = await json('car_count_asset_jobs', { groupBy: ['outcome'], startAt: '2026-11-01' })
    await bend(assetJobs, 'retype')
    const counted = await json('car_count_asset_jobs', { groupBy: ['outcome'], startAt: '2026-11-01' })
    expect(counted.structured.rows).toEqual(whole.structured.rows)
    expect(whole.structured.rows.length).toBeGreaterThan(1)
  })
})

describe('a run', () => {
  const run = async (json: Fixtures['json']): Promise<string> => {
    const { structured } = await json('car_search_jobs', { pageSize: 1, fields: ['id'] })
    return String(structured.rows[0]?.['id'])
  }

  test('is followed, and its output read, when its rows have another form', async ({ bend, json }) => {
    const jobId = await run(json)
    const whole = await json('car_follow_run', { jobId, waitSeconds: 0 })
    const { structured } = await json('car_search_asset_jobs', { jobId, pageSize: 1, fields: ['id'] })
    const one = { jobId, assetJobId: String(structured.rows[0]?.['id']) }
    const output = await json('car_get_output', one)
    await bend(assetJobs, 'retype')
    const followed = await json('car_follow_run', { jobId, waitSeconds: 0 })
    expect(followed.isError, followed.text).toBe(false)
    expect(followed.structured.summary).toBe(whole.structured.summary)
    expect((await json('car_get_output', one)).structured.summary).toBe(output.structured.summary)
  })
})

test('an export writes what was sent, and names the drift', async ({ bend, json }) => {
  await bend(jobs, 'renameField', { title: 'jobTitle' })
  const result = await json('qualys_export', { tool: 'car_search_jobs', format: 'jsonl' })
  expectNote(result, 'car_search_jobs', 'title (missing; now jobTitle?)')
  const lines = readFileSync(String(result.structured.rows[0]?.['file']), 'utf8').trim().split('\n')
  expect(lines.length).toBe(200)
  expect(JSON.parse(lines[0] ?? '')).toHaveProperty('jobTitle')
})

test('a campaign is still reported', async ({ bend, json }) => {
  const whole = await json('saq_campaign_status', { campaignId: 640002 })
  await bend('POST /qps/rest/1.0/search/saq/questionnaire', 'retypeField', ['title'])
  const result = await json('saq_campaign_status', { campaignId: 640002 })
  expectNote(result, 'saq_search_questionnaires', 'title (another type)')
  expect(result.structured.summary).toBe(whole.structured.summary)
})

describe('the answer to an effect', () => {
  const execute = 'POST /sm/v1/scripts/{scriptId}/execute'
  const effect = async (sandbox: TestSandbox, body: object): Promise<ToolReply> => {
    const server = await openAssistantOn(sandbox, { QUALYS_MODE: 'unattended' })
    const [asset] = await sandbox.control.dump('assets')
    await sandbox.control.faults([{ route: execute, kind: 'reply', body }])
    try {
      const args = { scriptId: 19218, assetIds: [String(asset?.['id'])] }
      return await server.call('car_execute_script', args, 'json')
    } finally {
      await server.close()
    }
  }

  test('that lacks its field is still a success, and the reply says where to look', async ({ sandbox }) => {
    const result = await effect(sandbox, { errorCode: null, body: { newCorrelationUuid: 'c' } })
    expect(result.isError, result.text).toBe(false)
    expect(result.structured.note).toMatch(/car_search_jobs/)
  })

  test('names the field and the operation, too', async ({ sandbox }) => {
    const result = await effect(sandbox, { errorCode: null, body: { newCorrelationUuid: 'c' } })
    expectNote(result, 'car_execute_script', 'correlationUuid (missing; now newCorrelationUuid?)')
  })
})
