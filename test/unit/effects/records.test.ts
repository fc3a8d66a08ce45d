import { describe, expect, test } from 'vitest'
import { InputError, VendorError } from '../../../src/shared/errors.ts'
import { lookUpRecords } from '../../../src/tools/effects/targets/records.ts'
import { previewIn } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// Reports and results per host are looked up by the ids that a call names.

const reports = [
  {
    fileUuid: 'r1',
    reportName: 'Jobs',
    status: 'COMPLETED',
    fileFormat: 'CSV',
    createdAt: '2041-01-01T00:00:00Z',
  },
  { fileUuid: 'r2', reportName: 'Hosts', status: 'EXPIRED' },
]
const results = [
  {
    ...{
      id: '5',
      asset: { name: 'db-1' },
      job: { title: 'Clean' },
      created: { dateTime: '2041-01-02T00:00:00Z' },
    },
    ...{ endDate: '2041-01-02T00:01:00Z', output: { code: 3 } },
  },
  {
    id: '6',
    asset: { name: 'db-2' },
    job: { title: 'Clean' },
    created: { dateTime: '2041-01-02T00:00:00Z' },
  },
]
const failing = (error: Error) => (): never => {
  throw error
}
const linesOf = async (tool: string, args: object, replies: Replies): Promise<string[]> =>
  (await previewIn(replies, tool, args)).split('\n').slice(0, -1)

test('a report is shown by name, state, format and times', async () => {
  expect(await linesOf('car_delete_report', { reportId: 'r1' }, { car_list_reports: reports })).toEqual([
    'Delete a report (delete): 1 report',
    '! A deleted report cannot be brought back.',
    'report r1: "Jobs"',
    '  state: "COMPLETED"',
    '  format: "CSV"',
    '  created: "2041-01-01T00:00:00Z"',
  ])
})

test('results per host are shown by host, run, times, outcome and code', async () => {
  const lines = await linesOf(
    'car_delete_invalid_asset_jobs',
    { ids: ['6', '5', '7'] },
    { car_search_asset_jobs: results },
  )
  expect(lines).toEqual([
    'Delete invalid asset jobs (delete): 3 asset jobs',
    '! Deleted results cannot be brought back.',
    'asset jobs (id, host, run, created, end, outcome, state, code):',
    '  "6", "db-2", "Clean", "2041-01-02T00:00:00Z", "", "open", "", ""',
    '  "5", "db-1", "Clean", "2041-01-02T00:00:00Z", "2041-01-02T00:01:00Z", "failed", "", "3"',
    'asset jobs that could not be looked up (id): "7"',
  ])
})

test('results are asked for by id, in one request', async () => {
  const session = new MemorySession({ car_search_asset_jobs: results })
  const context = { session: session.asSession, signal: new AbortController().signal }
  await lookUpRecords({ product: 'car', assetJobs: ['5', '6'] }, context)
  expect(session.calls).toEqual([{ name: 'car_search_asset_jobs', args: { filter: 'id:5 OR id:6' } }])
})

test('a filter that Qualys ignores is given up: the list may be endless', async () => {
  const others = Array.from({ length: 900 }, (_, at) => ({ id: String(1_000 + at) }))
  const session = new MemorySession({ car_search_asset_jobs: { rows: [...others, ...results], batch: 100 } })
  const context = { session: session.asSession, signal: new AbortController().signal }
  const [found] = await lookUpRecords({ product: 'car', assetJobs: ['5'] }, context)
  expect(found?.targets).toEqual([{ id: '5' }])
})

describe('a report that the list does not show', () => {
  test('is an input error', async () => {
    await expect(
      linesOf('car_delete_report', { reportId: 'r9' }, { car_list_reports: reports }),
    ).rejects.toMatchObject({ kind: 'input', message: 'car_list_reports shows no report r9.' })
  })

  test.each<readonly [string, Replies[string]]>([
    ['fails', failing(new VendorError('away', ''))],
    ['is refused', failing(new InputError('no', ''))],
    ['shows fewer than it counts', { rows: reports, total: 3 }],
    ['cannot be read to its end', { rows: reports, resultLimit: 'only the first.' }],
    [
      'has more pages than are read',
      { rows: Array.from({ length: 50 }, () => ({ fileUuid: 'x' })), batch: 1 },
    ],
  ])('is shown as such where the list %s', async (_what, listing) => {
    const lines = await linesOf('car_delete_report', { reportId: 'r9' }, { car_list_reports: listing })
    expect(lines.at(-1)).toBe('report r9 could not be looked up')
  })
})

test('a cancelled look-up ends the call', async () => {
  const cancelled = AbortSignal.abort()
  const session = new MemorySession({ car_list_reports: failing(new VendorError('away', '')) })
  const looking = lookUpRecords(
    { product: 'car', reports: ['r1'] },
    { session: session.asSession, signal: cancelled },
  )
  await expect(looking).rejects.toThrow(cancelled.reason)
})
