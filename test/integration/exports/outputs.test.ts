import { expect } from 'vitest'
import { readExportFile, readJsonLines } from '../../support/exports/exporter.ts'
import { exportingOn } from './fixtures.ts'

// Outputs in exports are whole, where a page of the list shows the lines that match finds.

const test = exportingOn({ jobs: 100 })

test('an export of what match finds holds whole outputs', async ({ sandbox, exporter }) => {
  const jobId = String((await sandbox.control.dump('jobs')).at(-1)?.['id'])
  const reply = await exporter.export({
    tool: 'car_search_asset_jobs',
    arguments: { jobId, match: 'line 12', includeOutput: true },
    format: 'jsonl',
  })
  const rows = readJsonLines(readExportFile(reply))
  expect(rows.length).toBeGreaterThan(1)
  for (const row of rows) {
    expect(row).not.toHaveProperty(['scriptResult.lines'])
    expect(row['scriptResult']).toMatch(/^Traceback[\s\S]*\n.*line 12[\s\S]*\n.*Error/)
  }
})
