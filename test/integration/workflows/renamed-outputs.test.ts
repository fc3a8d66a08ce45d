import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect } from 'vitest'
import { outputText } from '../../../src/tools/guides/outputs.ts'
import type { ToolReply } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { showcase } from '../../support/workflows/showcase.ts'

// Outputs whose fields Qualys renamed: what is taken is named in every reply, and what is not taken is unknown.

const route = 'POST /sm/v2/assetjobs/search'
const folder = mkdtempSync(join(tmpdir(), 'qualys-renamed-'))
afterAll(() => rmSync(folder, { recursive: true }))

const test = testOn(
  { jobs: 100, assets: 60 },
  { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_EXPORT_DIR: folder },
).extend<{
  readonly json: (tool: string, args: object) => Promise<ToolReply>
  readonly rename: (fields: Readonly<Record<string, string>>) => Promise<void>
  readonly ids: { readonly jobId: string; readonly assetJobId: string }
}>({
  json: ({ assistant }, use) => use((tool, args) => assistant.call(tool, args, 'json')),
  rename: ({ sandbox }, use) =>
    use((fields) => sandbox.control.faults([{ route, kind: 'renameField', fields }])),
  ids: async ({ sandbox }, use) => {
    const { jobId, rows } = await showcase(sandbox)
    const { id = '' } = rows.find(({ outcome }) => outcome === 'failed') ?? {}
    await use({ jobId, assetJobId: id })
  },
})

describe.for([
  [{ output: 'result' }, 'output (missing, taken from result)'],
  [{ scriptResult: 'script_result' }, 'scriptResult (missing, taken from script_result)'],
] as const)('%j', ([fields, taken]) => {
  test('shows the same outputs, with the drift note', async ({ json, rename, ids }) => {
    const calls: readonly (readonly [tool: string, args: object])[] = [
      ['car_get_output', ids],
      ['car_get_output', { ...ids, find: 'access' }],
      ['car_get_output', { ...ids, find: 'in no line' }],
      ['car_get_output', { ...ids, fromEnd: 2 }],
      ['car_search_asset_jobs', { jobId: ids.jobId, match: 'access', includeOutput: true, pageSize: 50 }],
      ['car_follow_run', { jobId: ids.jobId, waitSeconds: 0 }],
    ]
    const all = async () => {
      const replies: ToolReply[] = []
      for (const [tool, args] of calls) replies.push(await json(tool, args))
      return replies
    }
    const before = await all()
    await rename(fields)
    for (const [at, { structured }] of (await all()).entries()) {
      expect(structured.rows).toEqual(before[at]?.structured.rows)
      expect(structured.summary).toBe(before[at]?.structured.summary)
      expect(structured.note?.split(taken)).toHaveLength(2)
    }
  })

  test('is named with the whole output of a host', async ({ session, rename, ids }) => {
    const { signal } = new AbortController()
    const before = await outputText({ session, signal }, ids)
    await rename(fields)
    const after = await outputText({ session, signal }, ids)
    const inside = (text: string) => /<<\w+\n([\s\S]*)\n\w+>>/.exec(text)?.[1]
    expect(inside(after)).toBe(inside(before))
    expect(after).toMatch(/\nNote: Qualys' rows in car_search_asset_jobs differ .*taken from/)
  })
})

describe('an output under a name that says nothing', () => {
  const fields = { scriptResult: 'result' }

  test('is unknown, and no output that is missing', async ({ session, json, rename, ids }) => {
    await rename(fields)
    const unknown =
      'Whether Qualys holds an output of this host is unknown: the row has no scriptResult. It may be in a column that is not known: result.'
    for (const more of [{}, { find: 'access' }, { fromEnd: 2 }]) {
      const { structured } = await json('car_get_output', { ...ids, ...more })
      expect(structured.note).toBe(unknown)
      expect(structured.rows[0]).toMatchObject({ assetJobId: ids.assetJobId, outcome: 'failed' })
      expect(structured.rows[0]).not.toHaveProperty('characters')
    }
    const { signal } = new AbortController()
    expect(await outputText({ session, signal }, ids)).toContain(`\n${unknown}`)
  })

  test('is unknown of an open host only if it has more columns', async ({ sandbox, json, rename }) => {
    const { jobId, rows } = await showcase(sandbox)
    const open = rows.find(({ outcome }) => outcome === 'open')
    await rename(fields)
    const { structured } = await json('car_get_output', { jobId, assetJobId: open?.id })
    expect(structured.note).toMatch(/^The host is still open/)
  })

  test('makes match say how many rows are unknown', async ({ json, rename, ids: { jobId } }) => {
    const args = { jobId, match: 'access', includeOutput: true, pageSize: 50 }
    const before = await json('car_search_asset_jobs', args)
    const plain = await json('car_search_asset_jobs', { jobId, match: 'access' })
    expect(before.structured.returned).toBeGreaterThan(plain.structured.returned ?? 0)
    await rename(fields)
    const { structured } = await json('car_search_asset_jobs', args)
    const unknown = Number(/, (\d+) unknown in/.exec(structured.summary ?? '')?.[1])
    expect(structured.returned).toBe(plain.structured.returned)
    expect(structured.rows.length + unknown).toBeGreaterThanOrEqual(before.structured.rows.length)
    expect(structured.note).toMatch(
      /rows do not show their scriptResult: .* unknown\. Columns of .*\bresult\./,
    )
    const exported = await json('qualys_export', {
      tool: 'car_search_asset_jobs',
      arguments: { jobId, match: 'access', includeOutput: true },
      format: 'csv',
    })
    expect(exported.structured.summary).toContain(`(${unknown} unknown)`)
  })

  test('is told of a page that asks for outputs', async ({ json, rename, ids: { jobId } }) => {
    const before = await json('car_search_asset_jobs', { jobId, includeOutput: true })
    expect(before.structured.note ?? '').not.toContain('not known')
    await rename(fields)
    const { structured } = await json('car_search_asset_jobs', { jobId, includeOutput: true })
    expect(structured.note).toMatch(
      /^Rows without scriptResult may have it in a column that is not known\. Columns of these rows: .*\bresult\./,
    )
    const bare = await json('car_search_asset_jobs', { jobId })
    expect(bare.structured.note).toBeUndefined()
  })

  test('is unknown for each kind of a run', async ({ json, rename, ids: { jobId } }) => {
    const before = await json('car_follow_run', { jobId, waitSeconds: 0 })
    await rename(fields)
    const { structured, text } = await json('car_follow_run', { jobId, waitSeconds: 0 })
    const counts = (summary = '') => summary.replace(/; \d+ kinds.*/, '')
    expect(counts(structured.summary)).toBe(counts(before.structured.summary))
    expect(text).not.toContain('no output')
    expect(structured.note).toMatch(/Columns of results with output unknown: .*\bresult\b/)
    expect(structured.rows.every((row) => row['sample'] === undefined)).toBe(true)
  })

  test('is no text of the outcome where it has the name of another field', async ({
    json,
    rename,
    ids: { jobId },
  }) => {
    await rename({ output: 'result', scriptResult: 'output' })
    const { structured, text } = await json('car_follow_run', { jobId, waitSeconds: 0 })
    expect(text).not.toContain('no output')
    expect(structured.rows).toHaveLength(1)
    expect(structured.rows[0]).toMatchObject({ outcome: 'unknown' })
    expect(structured.rows[0]?.['text']).toBeUndefined()
    expect(structured.note).toMatch(/with outcome or output unknown: .*\bresult\.code\b/)
  })

  test('is in an export under its new name', async ({ json, rename, ids: { jobId } }) => {
    await rename(fields)
    const { structured } = await json('qualys_export', {
      tool: 'car_search_asset_jobs',
      arguments: { jobId, includeOutput: true },
      format: 'jsonl',
    })
    const lines = readFileSync(String(structured.rows[0]?.['file']), 'utf8').trim().split('\n')
    expect(lines.some((line) => typeof JSON.parse(line).result === 'string')).toBe(true)
  })
})

describe('a run in which some rows have another form', () => {
  const usual = { created: { dateTime: 1674216006119 }, asset: { name: 'host' }, job: { id: '1' } }
  const done = { enddate: '2023-01-20T12:00:06.000+00:00' }
  const failed = { code: 2, text: 'File not found' }

  const hosts: readonly (readonly [row: object, outcome: string])[] = [
    [{ ...done, result: failed }, 'failed'],
    [{ ...done, output: { code: 0, text: 'SUCCESS' } }, 'succeeded'],
    [{ ...done, ...failed }, 'unknown'],
    [{ ...done, outputCode: 2, outputText: 'File not found' }, 'failed'],
    [{ output: null }, 'open'],
  ]

  test('has no outcome that is another one', async ({ sandbox, json }) => {
    const list = hosts.map(([row], at) => ({
      sortValues: [at, String(at)],
      data: { id: at + 1, ...usual, ...row },
    }))
    const body = { errorCode: null, message: null, body: { totalCount: list.length, list } }
    await sandbox.control.faults([{ route, kind: 'reply', body }])
    const expected: Record<string, number> = {}
    for (const [, outcome] of hosts) expected[outcome] = (expected[outcome] ?? 0) + 1
    const { structured } = await json('car_count_asset_jobs', { groupBy: ['outcome'] })
    const counts = Object.fromEntries(structured.rows.map(({ outcome, count }) => [outcome, count]))
    expect(counts).toEqual(expected)
    const first = await json('car_get_output', { jobId: 1, assetJobId: 1 })
    expect(first.structured.rows[0]).toMatchObject({ outcome: 'failed', code: 2 })
    expect(first.structured.note).toMatch(
      /^Qualys holds no output of this host\. Qualys' rows .*from result\)/,
    )
  })
})

describe('the status of a host under another name', () => {
  test('makes no host done, failed or succeeded', async ({ sandbox, json, rename }) => {
    await sandbox.control.knobs({ hostStatus: 'manifest' })
    const outcomes = async () => {
      const args = { groupBy: ['outcome'], startAt: '2026-11-01' }
      const { structured } = await json('car_count_asset_jobs', args)
      return structured.rows.map(({ outcome, count }) => [outcome, Number(count)] as const)
    }
    const before = new Map(await outcomes())
    await rename({ status: 'state' })
    for (const [outcome, count] of await outcomes())
      if (outcome !== 'unknown') expect(count, String(outcome)).toBeLessThanOrEqual(before.get(outcome) ?? 0)
  })
})
