import { describe, expect } from 'vitest'
import type { ToolReply } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'

// Each documented field of a result per host under another name: counts and lists are right, with the drift note, or say
// unknown. No host turns from one outcome into another.

const route = 'POST /sm/v2/assetjobs/search'
const args = { startAt: '2026-11-01' }
const outcomes = ['succeeded', 'failed', 'open'] as const

const test = testOn({ jobs: 200, assets: 60 }, { QUALYS_MAX_WAIT_SECONDS: '0' }).extend<{
  readonly json: (tool: string, args: object) => Promise<ToolReply>
  readonly rename: (fields: Readonly<Record<string, string>>) => Promise<void>
}>({
  json: ({ assistant }, use) => use((tool, args) => assistant.call(tool, args, 'json')),
  rename: ({ sandbox }, use) =>
    use((fields) => sandbox.control.faults([{ route, kind: 'renameField', fields }])),
})

const byOutcome = ({ structured }: ToolReply): Readonly<Record<string, number>> =>
  Object.fromEntries(structured.rows.map(({ outcome, count }) => [String(outcome), Number(count)]))

interface Rename {
  readonly fields: Readonly<Record<string, string>>
  /** The drift note, if the field is taken. */
  readonly taken?: string
}

const renames: readonly (readonly [name: string, rename: Rename])[] = [
  ['output', { fields: { output: 'result' }, taken: 'output (missing, taken from result)' }],
  ['output, by its words', { fields: { output: 'OUTPUT' }, taken: 'output (missing, taken from OUTPUT)' }],
  ['the code', { fields: { 'output.code': 'exit' } }],
  [
    'the code, by its words',
    { fields: { 'output.code': 'Code' }, taken: 'output.code (missing, taken from output.Code)' },
  ],
  ['the text', { fields: { 'output.text': 'message' } }],
  ['output and its code', { fields: { 'output.code': 'exit', output: 'result' } }],
  ['the end', { fields: { enddate: 'finished' } }],
  [
    'the end, by its words',
    { fields: { enddate: 'end_date' }, taken: 'enddate (missing, taken from end_date)' },
  ],
  [
    'the end and output',
    { fields: { enddate: 'finished', output: 'result' }, taken: 'output (missing, taken from result)' },
  ],
  [
    'the end, output and its code',
    { fields: { enddate: 'finished', 'output.code': 'exit', output: 'result' } },
  ],
  ['the creation', { fields: { created: 'started' } }],
  ['the test flag', { fields: { test: 'trial' } }],
]

describe.each(renames)('%s renamed', (_, { fields, taken }) => {
  test('no outcome is another one', async ({ json, rename }) => {
    const before = byOutcome(await json('car_count_asset_jobs', { ...args, groupBy: ['outcome'] }))
    for (const word of outcomes) expect(before[word]).toBeGreaterThan(0)
    await rename(fields)
    const reply = await json('car_count_asset_jobs', { ...args, groupBy: ['outcome'] })
    const after = byOutcome(reply)
    const { unknown = 0, ...known } = after
    const sum = (counts: Readonly<Record<string, number>>) =>
      Object.values(counts).reduce((all, count) => all + count, 0)
    for (const [word, count] of Object.entries(known)) expect(count).toBeLessThanOrEqual(before[word] ?? 0)
    expect(sum(known) + unknown).toBe(sum(before))
    const { note = '' } = reply.structured
    if (taken !== undefined) {
      expect(after).toEqual(before)
      expect(note).toContain(taken)
    }
  })

  test('a list by outcome keeps the same hosts, or says how many are unknown', async ({ json, rename }) => {
    const search = (outcome: string) =>
      json('car_search_asset_jobs', { ...args, outcome, pageSize: 200, fields: ['id'] })
    const before = await search('open')
    await rename(fields)
    const ids = ({ structured }: ToolReply) => structured.rows.map(({ id }) => id)
    const [open, failed] = [await search('open'), await search('failed')]
    const wasOpen = new Set(ids(before))
    expect(ids(open).every((id) => wasOpen.has(id))).toBe(true)
    expect(ids(failed).every((id) => !wasOpen.has(id))).toBe(true)
    if (ids(open).length < wasOpen.size) expect(open.structured.summary).toMatch(/\d unknown in/)
  })
})

describe('where no outcome can be read', () => {
  const hidden = { enddate: 'finished', 'output.code': 'exit', output: 'result' }

  test('counts and lists name the columns that are there', async ({ json, rename }) => {
    await rename(hidden)
    const replies = [
      await json('car_count_asset_jobs', { ...args, groupBy: ['outcome'] }),
      await json('car_count_asset_jobs', { ...args, outcome: 'failed' }),
      await json('car_search_asset_jobs', { ...args, pageSize: 50 }),
      await json('car_search_asset_jobs', { ...args, outcome: 'failed' }),
    ]
    for (const { structured } of replies) {
      expect(structured.note).toMatch(/Columns of (?:the|these) rows: .*\bresult\.exit\b.*\bfinished\b/)
      expect(structured.note?.split('Columns of')).toHaveLength(2)
      expect(structured.summary + JSON.stringify(structured.rows)).toContain('unknown')
    }
  })

  test('a run is neither finished nor done, and nobody is told to wait for ever', async ({
    json,
    rename,
  }) => {
    const { structured } = await json('car_search_asset_jobs', { ...args, outcome: 'failed', pageSize: 1 })
    const jobId = structured.rows[0]?.['job.id']
    const whole = await json('car_follow_run', { jobId, waitSeconds: 0 })
    expect(whole.structured.summary).toMatch(/\d failed/)
    await rename(hidden)
    const followed = await json('car_follow_run', { jobId, waitSeconds: 0 })
    expect(followed.structured.summary).toMatch(/so far: 0 of .*\d unknown/)
    expect(followed.structured.summary).not.toMatch(/finished|succeeded|failed/)
    expect(followed.structured.note).toContain('result.exit')
  })

  test('an answer that is complete does not pay for it', async ({ json }) => {
    const { structured } = await json('car_count_asset_jobs', { ...args, groupBy: ['outcome'] })
    expect(structured.note).toBeUndefined()
  })
})

describe('a count by a column that no row has', () => {
  test.for([
    ['car_count_jobs', 'POST /sm/v2/jobs/search', 'platform', 'system'],
    ['saq_count_questionnaires', 'POST /qps/rest/1.0/search/saq/questionnaire', 'state', 'phase'],
    ['saq_count_users', 'POST /qps/rest/1.0/search/saq/user', 'company', 'organization'],
  ] as const)('%s names those that are there', async ([tool, path, column, newName], { sandbox, json }) => {
    await sandbox.control.faults([{ route: path, kind: 'renameField', fields: { [column]: newName } }])
    for (const input of [{ groupBy: [column] }, { distinct: column }]) {
      const { structured, text } = await json(tool, input)
      expect(structured?.note ?? text).toMatch(new RegExp(`Columns of the rows: .*\\b${newName}\\b`))
    }
  })

  test('a campaign says unknown where questionnaires show no state', async ({ sandbox, json }) => {
    const path = 'POST /qps/rest/1.0/search/saq/questionnaire'
    await sandbox.control.faults([{ route: path, kind: 'renameField', fields: { state: 'phase' } }])
    const { structured } = await json('saq_campaign_status', { campaignId: 640002 })
    expect(structured.summary).toMatch(/0 open, 0 of them overdue, \d+ unknown$/)
    expect(structured.note).toMatch(/Columns of the rows: .*\bphase\b/)
  })
})
