import { describe, expect } from 'vitest'
import { by, compare, namedCases } from '../../integration/read-ahead/comparison.ts'
import { type WalkOptions, withoutReadAhead } from '../../integration/read-ahead/pages.ts'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'

// A server with read-ahead shows the same, byte by byte, as a new server for each page, and as a server that never
// reads ahead.

const test = testOn({ jobs: 600 })
const jobs = 'car_search_jobs'
const hosts = 'car_search_asset_jobs'
const short = { startAt: '2026-03-01' }

const ofCar: readonly WalkOptions[] = [
  { tool: jobs, sizes: [20] },
  { tool: jobs, args: { startAt: '2026-09-01' }, sizes: [1] },
  { tool: jobs, args: short, sizes: [7, 50, 1, 3, 200, 20] },
  { tool: jobs, args: { sort: ['title:asc', 'severity:desc'] }, sizes: [40] },
  { tool: jobs, args: { sort: ['schedulerName:desc'] }, sizes: [60, 10] },
  { tool: jobs, args: { filter: 'platform:LINUX', sort: ['id:asc'] }, sizes: [30] },
  { tool: jobs, args: { scriptId: 19218 }, sizes: [9] },
  { tool: jobs, args: short, sizes: [11], fields: [['*'], ['id'], undefined, ['title', 'category']] },
  // A page cut between rows: the token continues after the last row shown.
  { tool: jobs, args: short, sizes: [9], fields: [['*']], settings: { QUALYS_REPLY_CHARS: '3000' } },
  { tool: hosts, args: { startAt: '2026-07-01', endAt: '2026-11-18' }, sizes: [10] },
  { tool: hosts, args: { endAt: '2023-04-01' }, sizes: [35, 5], fields: [['*'], undefined] },
  { tool: 'car_search_assets', args: { filter: 'platform:MAC' }, sizes: [4, 9] },
  { tool: 'car_search_assets', args: { filter: 'platform:UNIX', sort: ['name:desc'] }, sizes: [12] },
  { tool: 'car_search_asset_tags', sizes: [3] },
  { tool: 'car_search_asset_tags', sizes: [7, 2], fields: [['*']] },
  { tool: 'car_search_schedules', sizes: [3] },
  { tool: 'car_search_schedules', args: { sort: ['title:asc'] }, sizes: [5, 1] },
  { tool: 'car_list_reports', sizes: [4] },
  { tool: 'car_list_reports', sizes: [2, 7], fields: [undefined, ['*']] },
  { tool: 'car_search_scripts', sizes: [9] },
  { tool: 'car_search_scripts', args: { filter: 'status:APPROVED' }, sizes: [13, 4] },
  { tool: 'car_list_script_types', sizes: [1] },
  { tool: 'car_list_script_languages', sizes: [2, 1] },
  { tool: 'car_search_blocked_commands', sizes: [1] },
]

describe('CAR', () => {
  test.for(namedCases(ofCar))('%s', ([_name, walked], { sandbox }) => compare(sandbox, walked))

  test('rows without sort values: by page numbers', async ({ sandbox }) => {
    await sandbox.control.knobs({ sortValues: false })
    await compare(sandbox, { tool: jobs, sizes: [20, 13] })
    await compare(sandbox, { tool: 'car_search_assets', sizes: [110] })
  })
})

test('a token of one server works on another, with other page sizes', async ({ sandbox }) => {
  const [first, second] = await Promise.all([openAssistantOn(sandbox), openAssistantOn(sandbox)])
  const seen: unknown[] = []
  let continuationToken: string | undefined
  for (let page = 0; page === 0 || continuationToken !== undefined; page++) {
    const who = page % 3 === 0 ? second : first
    const { structured } = await who.call(jobs, { pageSize: 20 + (page % 4), continuationToken }, 'json')
    seen.push(...structured.rows.map(({ id }) => id))
    continuationToken = structured.continuationToken
  }
  const held = await sandbox.control.dump('jobs')
  expect(seen).toHaveLength(600)
  expect(new Set(seen)).toEqual(new Set(held.map(({ id }) => id)))
  await Promise.all([first.close(), second.close()])
})

test('the same in text', async ({ sandbox }) => {
  const inText = async (assistant: Assistant): Promise<string[]> => {
    const texts: string[] = []
    for (let continuationToken: string | undefined; ; ) {
      const { text } = await assistant.call(jobs, { ...short, pageSize: 15, continuationToken })
      // The marks of fences are random.
      texts.push(text.replace(/<<[0-9a-f]{8}\b|\b[0-9a-f]{8}>>/g, '<<>>'))
      continuationToken = /continuationToken "([^"]+)"/.exec(text)?.[1]
      if (continuationToken === undefined) return texts
    }
  }
  const plain = await withoutReadAhead(sandbox, {}, inText)
  expect(plain.length).toBeGreaterThan(5)
  expect(await by(sandbox, {}, inText)).toEqual(plain)
})
