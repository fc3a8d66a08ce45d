import { describe, expect } from 'vitest'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { readCsv, readExportFile, readJsonLines } from '../../support/exports/exporter.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import { exportingOn } from '../exports/fixtures.ts'

// Ids beyond 2^53 through the whole stack. The sandbox knows no rounded one.

const offset = 2n ** 60n
const long = (id: unknown): string => String(BigInt(String(id)) + offset)

const test = testOn({ jobs: 100 }, { ...unattendedSettings, QUALYS_MAX_ASSETS_PER_RUN: '2000' })

describe('ids beyond 2^53', () => {
  test.beforeEach(async ({ sandbox }) => {
    await sandbox.control.knobs({ longIds: true })
  })

  test('of scripts lead from a row to the script', async ({ assistant }) => {
    const { structured } = await assistant.call('car_search_scripts', { pageSize: 2 }, 'json')
    const [{ id = '', title } = {}] = structured.rows
    expect(id).toMatch(/^11529215\d{11}$/)
    const { structured: script } = await assistant.call('car_get_script', { scriptId: id }, 'json')
    expect(script.rows[0]).toMatchObject({ id, title })
  })

  test('of hosts page by their sort values, each once', async ({ sandbox, session }) => {
    const ids = new Set<unknown>()
    for await (const { rows } of session.walk(searchAssets, {}, { batchSize: 700 }))
      for (const { id } of rows) ids.add(id)
    const stored = await sandbox.control.dump('assets')
    expect([...ids].sort()).toEqual(stored.map(({ id }) => long(id)).sort())
    const bodies = (await sandbox.control.requests()).map(({ body }) => body)
    expect(bodies.filter((body) => /"searchAfter":\[11529215\d{11}\]/.test(body))).toHaveLength(2)
  })

  test('reach a run, and are found in its results', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ jobDelayMs: 0, hostSeconds: 0 })
    const hosts = (await assistant.call('car_search_assets', { pageSize: 2 }, 'json')).structured.rows
    const assetIds = hosts.map(({ id }) => String(id))
    const scriptId = long(19218)
    const { text, isError } = await assistant.call('car_execute_script', { scriptId, assetIds })
    expect(isError, text).toBe(false)
    const correlationUuid = /correlationUuid ([\da-f-]{36})/.exec(text)?.[1]
    const run = await assistant.call('car_follow_run', { correlationUuid, scriptId, waitSeconds: 0 }, 'json')
    expect(run.text).toMatch(/2 (?:of 2 )?hosts/)
    const jobId = /run "?(\d{19})"? /.exec(run.text)?.[1]
    const results = await assistant.call('car_search_asset_jobs', { jobId, fields: ['asset.id'] }, 'json')
    expect(results.structured.rows.map((row) => row['asset.id']).sort()).toEqual([...assetIds].sort())
  })

  test('are blocked, and are read back in a schedule', async ({ sandbox, assistant }) => {
    const [asset] = (await assistant.call('car_search_assets', { pageSize: 1 }, 'json')).structured.rows
    const id = String(asset?.['id'])
    const schedule = {
      ...{ title: 'Long ids', scripts: [{ id: long(19218) }], assets: [id], activate: false },
      ...{ startDate: '2030-01-01', startTime: '08:00' },
    }
    const created = await assistant.call('car_create_schedule', schedule)
    expect(created.isError, created.text).toBe(false)
    expect(created.text).not.toContain('instead of')
    const blocked = await assistant.call('car_block_assets', { assetIds: [id] })
    expect(blocked.text).toMatch(/^1 asset blocked/)
    const [{ body = '' } = {}] = (await sandbox.control.requests()).filter(
      ({ path }) => path === '/sm/v1/block-assets',
    )
    expect(body).toBe(`{"ids":[${id}]}`)
  })

  test('are counted by all their digits', async ({ sandbox, assistant }) => {
    const { structured } = await assistant.call('car_count_jobs', { groupBy: ['scriptId'], top: 500 }, 'json')
    const scripts = new Set((await sandbox.control.dump('jobs')).map(({ scriptId }) => long(scriptId)))
    expect(structured.rows.map(({ scriptId }) => scriptId).sort()).toEqual([...scripts].sort())
  })
})

const exporting = exportingOn({ jobs: 100 })

exporting.describe('an export', () => {
  exporting.for(['csv', 'jsonl'] as const)('as %s has all digits', async (format, { sandbox, exporter }) => {
    await sandbox.control.knobs({ longIds: true })
    const reply = await exporter.export({ tool: 'car_search_jobs', format })
    const text = readExportFile(reply)
    const rows = format === 'csv' ? readCsv(text) : readJsonLines(text)
    const stored = await sandbox.control.dump('jobs')
    expect(rows.map(({ scriptId }) => scriptId).sort()).toEqual(
      stored.map((job) => long(job['scriptId'])).sort(),
    )
  })
})

describe('a list without rows', () => {
  test.for(['list', 'null', 'absent', 'text', 'object'])(
    'spelled as %s',
    async (emptyLists, { sandbox, assistant }) => {
      await sandbox.control.knobs({ emptyLists })
      const filter = 'scriptId:1'
      expect(await assistant.call('car_search_jobs', { filter })).toMatchObject({
        isError: false,
        text: expect.stringMatching(/^no jobs found/),
      })
      expect((await assistant.call('car_count_jobs', { filter })).text).toMatch(/^0 jobs/)
    },
  )
})
