import { expect } from 'vitest'
import { assistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { by, compare, named } from './compared.ts'
import { type Asked, throughMany, throughOne, type Walked, withoutAhead } from './pages.ts'

// What one server shows, with rows kept ahead, is what a new server for each page shows, and what one shows that never
// reads ahead: byte by byte. One list of each kind of paging; nightly, lists of every kind in many ways.

const test = testOn({ jobs: 600 })
const jobs = 'car_search_jobs'
const byId = { QUALYS_SAQ_PAGING: 'id' }

const lists: readonly Walked[] = [
  { tool: jobs, args: { scriptId: 19218 }, sizes: [9] },
  {
    tool: jobs,
    args: { sort: ['title:asc'], startAt: '2026-09-01' },
    sizes: [7, 1, 20],
    fields: [['*'], undefined],
  },
  // Cut between rows: the token goes on behind the last one shown.
  {
    tool: jobs,
    args: { startAt: '2026-09-01' },
    sizes: [9],
    fields: [['*']],
    settings: { QUALYS_REPLY_CHARS: '3000' },
  },
  { tool: 'car_search_schedules', sizes: [5, 1] },
  { tool: 'car_list_reports', sizes: [4] },
  { tool: 'car_list_script_languages', sizes: [2, 1] },
  { tool: 'saq_search_campaigns', sizes: [4, 8] },
  { tool: 'saq_search_campaigns', sizes: [4, 8], settings: byId },
]

test.for(named(lists))('%s', ([_name, walked], { sandbox }) => compare(sandbox, walked))

test('rows without sort values: by page numbers', async ({ sandbox }) => {
  await sandbox.control.knobs({ sortValues: false })
  await compare(sandbox, { tool: jobs, args: { scriptId: 19218 }, sizes: [9, 5] })
})

// Whether a full answer was the last is a guess then: an empty page may follow, and the total stays unknown.
test('answers that never say whether there is more: the same rows', async ({ sandbox }) => {
  await sandbox.control.knobs({ hasMoreRecords: 'never', lastId: false })
  const campaigns: Walked = { tool: 'saq_search_campaigns', sizes: [5, 9], settings: byId }
  const rows = (pages: readonly Asked[]): unknown[] => pages.flatMap(({ structured }) => structured.rows)
  const plain = rows(await withoutAhead(sandbox, byId, (one) => throughOne(one, campaigns)))
  expect(plain).toHaveLength(40)
  expect(rows(await throughMany(sandbox, campaigns))).toEqual(plain)
  expect(rows(await by(sandbox, byId, (one) => throughOne(one, campaigns)))).toEqual(plain)
})

test('a token of one server goes on at another with other page sizes', async ({ sandbox }) => {
  const [first, second] = await Promise.all([assistantOn(sandbox), assistantOn(sandbox)])
  const seen: unknown[] = []
  let continuationToken: string | undefined
  for (let page = 0; page === 0 || continuationToken !== undefined; page++) {
    const who = page % 3 === 0 ? second : first
    const { structured } = await who.call(jobs, { pageSize: 50 + (page % 4), continuationToken }, 'json')
    seen.push(...structured.rows.map(({ id }) => id))
    continuationToken = structured.continuationToken
  }
  const held = await sandbox.control.truth('jobs')
  expect(seen).toHaveLength(600)
  expect(new Set(seen)).toEqual(new Set(held.map(({ id }) => id)))
  await Promise.all([first.close(), second.close()])
})
