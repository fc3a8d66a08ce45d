import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, vi } from 'vitest'
import { Spool } from '../../../src/tools/exports/export-state.ts'
import { newStem } from '../../../src/tools/exports/names.ts'
import { exportingOn } from '../../integration/exports/exporting.ts'
import { fileOf, readCsv } from '../../support/exports/desk.ts'

// Exports that go on over several files, and folders of thousands of files.

const jobs = 'POST /sm/v2/jobs/search'
const asked = { tool: 'car_search_jobs', format: 'csv' } as const
const test = exportingOn({ jobs: 100 }, { QUALYS_EXPORT_MAX_MB: '1' })
afterEach(() => vi.restoreAllMocks())

test('names that are far longer than values: the rows on the way to CSV stay below three times the limit', async ({
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
  const add = Spool.prototype.add
  vi.spyOn(Spool.prototype, 'add').mockImplementation(function (this: Spool, ...given) {
    add.apply(this, given)
    largest.push(statSync(join(folder, `${this.stem}.rows`)).size)
  })
  await ahead(0)
  let part = await exporter.export(asked)
  const seen: string[] = []
  for (let count = 1; ; count++) {
    seen.push(...readCsv(fileOf(part)).map(({ id = '' }) => id))
    expect(count).toBeLessThan(4)
    if (part.rows[0]?.['complete'] === true) break
    expect(part.text).toMatch(/^\d+ jobs exported/)
    await ahead(seen.length)
    part = await exporter.export({ ...asked, resume: true })
  }
  expect(seen).toEqual(list.map(({ data }) => data.id))
  expect(Math.max(...largest)).toBeLessThanOrEqual(3_000_000)
  expect(Math.max(...largest)).toBeGreaterThan(2_900_000)
})

test('many small ones', async ({ folder, exporter }) => {
  for (let count = 0; count <= 10_000; count++) {
    const stem = newStem('car_search_jobs', '00000000', new Date(count * 1_000))
    writeFileSync(join(folder, `${stem}.state`), '')
  }
  const told = await exporter.export({ ...asked, arguments: { fields: ['id'] } })
  expect(told.error).toMatchObject({ kind: 'setup' })
  expect(told.text).toMatch(/take 0 MB in 10,001 files/)
})
