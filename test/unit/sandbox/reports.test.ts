import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { reportText } from '../../../src/sandbox/data/car/report-text.ts'
import type { Report } from '../../../src/sandbox/data/car/rows.ts'
import { makeCarStore } from '../../../src/sandbox/data/car/store.ts'

// The CSV of a report, as public code reads it: some lines, a header that begins with "Asset ID", a line per host.

const store = makeCarStore(1, 100, 60)
/** A report that was made after the newest run, which has every outcome. */
const report: Report = {
  ...(store.reports[1] as Report),
  createdAt: new Date((store.jobs.at(-1)?.created.dateTime ?? 0) + 864e5).toISOString(),
}
const rows = store.assetJobs.filter(({ job }) => job.id === store.jobs.at(-1)?.id)

const read = (): readonly Readonly<Record<string, string>>[] => {
  const records: string[][] = parse(reportText(report, store), { relax_column_count: true })
  const at = records.findIndex(([first]) => first === 'Asset ID')
  expect(at).toBeGreaterThan(0)
  expect(at).toBeLessThan(10)
  const [header = [], ...lines] = records.slice(at)
  return lines.map((line) => Object.fromEntries(header.map((name, index) => [name, line[index] ?? ''])))
}

describe('a report', () => {
  test('has a line for each host of the last run', () => {
    const lines = read()
    expect(lines).toHaveLength(rows.length)
    expect(Object.keys(lines[0] ?? {})).toEqual([
      ...['Asset ID', 'Asset Title', 'Technology', 'Agent Uuid', 'Status', 'Is Asset Disconnected'],
      ...['Execution Start Time (In UTC)', 'Duration in Milliseconds', 'Return Code', 'Script Result'],
    ])
    expect(lines.map((line) => line['Agent Uuid'])).toEqual(rows.map(({ asset }) => asset.uuid))
  })

  test('tells passed, failed and open hosts apart', () => {
    const wordOf = { succeeded: 'EXECUTION PASSED', open: 'MANIFEST_PARSE_SUCCESS' } as Readonly<
      Record<string, string>
    >
    const lines = read()
    expect(lines.map((line) => line['Status'])).toEqual(
      rows.map(({ outcome }) => wordOf[outcome] ?? 'EXECUTION FAILED'),
    )
    expect(new Set(lines.map((line) => line['Status'])).size).toBe(3)
    for (const [at, { outcome, output }] of rows.entries())
      expect(lines[at]?.['Return Code']).toBe(outcome === 'open' ? '' : String(output?.code))
  })

  test('has each output on one line, between quotes and with escapes', () => {
    const outputs = read().flatMap((line) => line['Script Result'] || [])
    expect(outputs).toHaveLength(rows.filter(({ outcome }) => outcome !== 'open').length)
    for (const output of outputs) expect(output).toMatch(/^'(?:[^'\\\r\n]|\\[\\'rn])*'$/)
    expect(outputs.join()).toContain('\\r\\n')
  })

  test('shows a host that ended later as open', () => {
    const createdAt = new Date(rows[0]?.created.dateTime ?? 0).toISOString()
    const text = reportText({ ...report, createdAt }, store)
    expect(text).toContain('MANIFEST_PARSE_SUCCESS')
    expect(text).not.toContain('EXECUTION')
  })

  test('with the knob reportLines has a line for each job', () => {
    const text = reportText(report, store, 'jobs')
    expect(text).toMatch(/^Job ID,Job Title,/)
    expect(text.trimEnd().split('\r\n')).toHaveLength(101)
  })
})
