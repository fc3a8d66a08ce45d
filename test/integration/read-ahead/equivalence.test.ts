import { expect } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { by, compare, namedCases } from './comparison.ts'
import {
  type PageRead,
  pagesFromNewServers,
  pagesFromOneServer,
  type WalkOptions,
  withoutReadAhead,
} from './pages.ts'

// A server with read-ahead shows the same, byte by byte, as a new server for each page, and as a server that never
// reads ahead. One list of each kind of paging; nightly, lists of every kind in many ways.

const test = testOn({ jobs: 600 })
const jobs = 'car_search_jobs'
const byId = { QUALYS_SAQ_PAGING: 'id' }

const lists: readonly WalkOptions[] = [
  { tool: jobs, args: { scriptId: 19218 }, sizes: [9] },
  {
    tool: jobs,
    args: { sort: ['title:asc'], startAt: '2026-09-01' },
    sizes: [7, 1, 20],
    fields: [['*'], undefined],
  },
  // A page cut between rows: the token continues after the last row shown.
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

test.for(namedCases(lists))('%s', ([_name, walked], { sandbox }) => compare(sandbox, walked))

test('rows without sort values: by page numbers', async ({ sandbox }) => {
  await sandbox.control.knobs({ sortValues: false })
  await compare(sandbox, { tool: jobs, args: { scriptId: 19218 }, sizes: [9, 5] })
})

// Then it is a guess whether a full answer was the last: an empty page may follow, and the total stays unknown.
test('answers that never say whether there are more rows: the same rows', async ({ sandbox }) => {
  await sandbox.control.knobs({ hasMoreRecords: 'never', lastId: false })
  const campaigns: WalkOptions = { tool: 'saq_search_campaigns', sizes: [5, 9], settings: byId }
  const rows = (pages: readonly PageRead[]): unknown[] => pages.flatMap(({ structured }) => structured.rows)
  const plain = rows(await withoutReadAhead(sandbox, byId, (one) => pagesFromOneServer(one, campaigns)))
  expect(plain).toHaveLength(40)
  expect(rows(await pagesFromNewServers(sandbox, campaigns))).toEqual(plain)
  expect(rows(await by(sandbox, byId, (one) => pagesFromOneServer(one, campaigns)))).toEqual(plain)
})

test('a token of one server works on another, with other page sizes', async ({ sandbox }) => {
  const [first, second] = await Promise.all([openAssistantOn(sandbox), openAssistantOn(sandbox)])
  const seen: unknown[] = []
  let continuationToken: string | undefined
  for (let page = 0; page === 0 || continuationToken !== undefined; page++) {
    const who = page % 3 === 0 ? second : first
    const { structured } = await who.call(jobs, { pageSize: 50 + (page % 4), continuationToken }, 'json')
    seen.push(...structured.rows.map(({ id }) => id))
    continuationToken = structured.continuationToken
  }
  const held = await sandbox.control.dump('jobs')
  expect(seen).toHaveLength(600)
  expect(new Set(seen)).toEqual(new Set(held.map(({ id }) => id)))
  await Promise.all([first.close(), second.close()])
})
