import { describe, expect } from 'vitest'
import { canary } from '../../support/canary.ts'
import { filesEndingWith, readExportFile, readJsonLines } from '../../support/exports/exporter.ts'
import { listOf } from '../../support/replies/rows.ts'
import { exportingOn } from './fixtures.ts'

// Requested fields, through the whole stack. The rules: test/unit/exports/field-selection.test.ts.

const jobs = 'POST /sm/v2/jobs/search'
const secret = canary('asked')
const test = exportingOn({ jobs: 100 }, { QUALYS_SECRET_CANARY: secret })
const exportArguments = (fields: readonly string[], more: object = {}): object => ({
  tool: 'car_search_jobs',
  format: 'jsonl',
  arguments: { fields },
  ...more,
})

describe('no row has a requested field', () => {
  test.for(['jsonl', 'csv'])(
    'refused at once, and nothing is written: %s',
    async (format, { folder, exporter }) => {
      const result = await exporter.export(exportArguments(['titel'], { format }))
      expect(result.error).toMatchObject({ kind: 'input' })
      expect(result.text).toMatch(/^No row has "titel"\. The nearest is title; there are: id, .*\.$/)
      expect(filesEndingWith(folder, '')).toEqual([])
    },
  )

  test('a refusal reveals no secret that is the name of a field', async ({ sandbox, exporter }) => {
    const body = listOf([{ id: '1', [[...secret].join('\u200b')]: 1 }])
    await sandbox.control.faults([{ route: jobs, kind: 'reply', body }])
    const result = await exporter.export(exportArguments(['nothing']))
    expect(result.error).toMatchObject({ kind: 'input' })
    expect(JSON.stringify(result.raw)).not.toContain(secret)
  })
})

test('fields that no row had are reported at the end', async ({ exporter }) => {
  const result = await exporter.export(exportArguments(['id', 'titel', 'nothing']))
  expect(result.isError).toBe(false)
  expect(result.text).toContain(
    'No row in the file has "titel", "nothing". The nearest is title; there are: id, ',
  )
  expect(readJsonLines(readExportFile(result))).toHaveLength(100)
})

test('wrong arguments: the error names the mistake and nothing else', async ({ exporter }) => {
  const result = await exporter.export({
    tool: 'car_search_jobs',
    format: 'csv',
    arguments: { filtr: 'x' },
  })
  expect(result.text).toBe(
    'Invalid arguments for car_search_jobs: there is no argument "filtr"; did you mean filter?',
  )
  const other = await exporter.export({ tool: 'car_search_jobs', format: 'csv', arguments: { pageSize: 0 } })
  expect(other.text).toMatch(/^Invalid arguments for car_search_jobs: pageSize: must be .*[^.]\.$/)
})

test('computed fields are called so, where the file holds them', async ({ exporter }) => {
  const schedules = (fields: readonly string[]) =>
    exporter.export(exportArguments(fields, { tool: 'car_search_schedules' }))
  expect((await schedules(['id', 'nextRun'])).text.match(/nextRun is computed, in UTC/g)).toHaveLength(1)
  expect((await schedules(['id', 'title'])).text).not.toContain('computed')
})
