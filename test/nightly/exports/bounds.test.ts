import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, vi } from 'vitest'
import { UnfinishedExport } from '../../../src/tools/exports/export-state.ts'
import { newStem } from '../../../src/tools/exports/names.ts'
import { exportingOn } from '../../integration/exports/fixtures.ts'
import { readCsv, readExportFile } from '../../support/exports/exporter.ts'

// Exports that span several files, and folders of thousands of files.

const jobs = 'POST /sm/v2/jobs/search'
const exportArguments = { tool: 'car_search_jobs', format: 'csv' } as const
const test = exportingOn({ jobs: 100 }, { QUALYS_EXPORT_MAX_MB: '1' })
afterEach(() => vi.restoreAllMocks())

test('names far longer than values: the rows on the way to CSV stay below three times the limit', async ({
  sandbox,
  folder,
  exporter,
}) => {
  const names = Array.from({ length: 60 }, (_, at) => `${'n'.repeat(75)}${at}`)
  const list = Array.from({ length: 1_000 }, (_, at) => ({
    sortValues: [1, String(at)],
    data: { id: String(at), ...Object.fromEntries(names.map((name) => [name, 1])) },
  }))
  const ahead = (from: number) =>
    sandbox.control.faults([
      { route: jobs, kind: 'reply', body: { body: { totalCount: 1_000, list: list.slice(from) } } },
    ])
  const largest: number[] = []
  const add = UnfinishedExport.prototype.append
  vi.spyOn(UnfinishedExport.prototype, 'append').mockImplementation(function (
    this: UnfinishedExport,
    ...given
  ) {
    add.apply(this, given)
    largest.push(statSync(join(folder, `${this.stem}.rows`)).size)
  })
  await ahead(0)
  let part = await exporter.export(exportArguments)
  const seen: string[] = []
  for (let count = 1; ; count++) {
    seen.push(...readCsv(readExportFile(part)).map(({ id = '' }) => id))
    expect(count).toBeLessThan(4)
    if (part.rows[0]?.['complete'] === true) break
    expect(part.text).toMatch(/^\d+ jobs exported/)
    await ahead(seen.length)
    part = await exporter.export({ ...exportArguments, resume: true })
  }
  expect(seen).toEqual(list.map(({ data }) => data.id))
  expect(Math.max(...largest)).toBeLessThanOrEqual(3_000_000)
  expect(Math.max(...largest)).toBeGreaterThan(2_900_000)
})

test('many small files', async ({ folder, exporter }) => {
  for (let count = 0; count <= 10_000; count++) {
    const stem = newStem('car_search_jobs', '00000000', new Date(count * 1_000))
    writeFileSync(join(folder, `${stem}.state`), '')
  }
  const result = await exporter.export({ ...exportArguments, arguments: { fields: ['id'] } })
  expect(result.error).toMatchObject({ kind: 'setup' })
  expect(result.text).toMatch(/take 0 MB in 10,001 files/)
})
