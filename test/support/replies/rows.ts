import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { CannedAnswer } from '../workflows/memory.ts'

// Rows as CAR's lists answer with them.

/** An answer to a search: each row has its own sort values. */
export function listOf(rows: readonly object[], total = rows.length): object {
  const list = rows.map((data, index) => ({ sortValues: [1_700_000_000_000 - index, String(index)], data }))
  return { errorCode: null, message: null, body: { totalCount: total, list } }
}

/** Makes Qualys answer a list with these rows. */
export const cannedRows = (
  { route }: Operation,
  rows: readonly object[],
  total = rows.length,
): CannedAnswer => ({
  route,
  body: listOf(rows, total),
})

export const cannedRuns = (rows: readonly object[], total?: number): CannedAnswer =>
  cannedRows(searchJobs, rows, total)
export const cannedResults = (rows: readonly object[]): CannedAnswer => cannedRows(searchAssetJobs, rows)

/** A run as car_search_jobs gets it. */
export const run = (id: number, more: object = {}): object => ({
  id: String(id),
  title: `job ${id}`,
  created: { dateTime: 1_700_000_000_000 },
  platform: 'WINDOWS',
  executionType: 'Manual',
  scriptId: 7,
  test: false,
  ...more,
})

/** The table of a reply: header and lines, split at tabs. */
export function tableOf(text: string): { head: string[]; lines: string[][] } {
  const [, head = '', ...rest] = text.split('\n')
  const end = rest.findIndex((line) => /^(More|Note|Between|<<)/.test(line))
  const lines = end < 0 ? rest : rest.slice(0, end)
  return { head: head.split('\t'), lines: lines.map((line) => line.split('\t')) }
}
