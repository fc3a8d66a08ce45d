import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { newStem } from '../../../src/tools/exports/names.ts'
import { exportingOn } from '../../integration/exports/fixtures.ts'

// Folders of thousands of files.

const test = exportingOn({ jobs: 100 })

test('many small files', async ({ folder, exporter }) => {
  for (let count = 0; count <= 10_000; count++) {
    const stem = newStem('car_search_jobs', '00000000', new Date(count * 1_000))
    writeFileSync(join(folder, `${stem}.csv`), '')
  }
  const args = { tool: 'car_search_jobs', format: 'csv', arguments: { fields: ['id'] } }
  const result = await exporter.export(args)
  expect(result.error).toMatchObject({ kind: 'setup' })
  expect(result.text).toMatch(/take 0 MB in 10,001 files/)
})
