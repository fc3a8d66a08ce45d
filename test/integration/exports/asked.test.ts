import { describe, expect } from 'vitest'
import { canary } from '../../support/canary.ts'
import { fileOf, named, readLines } from '../../support/exports/desk.ts'
import { listOf } from '../../support/replies/rows.ts'
import { exportingOn } from './exporting.ts'

// Fields that are asked for, through the whole stack. The rules: test/unit/exports/asked.test.ts.

const jobs = 'POST /sm/v2/jobs/search'
const secret = canary('asked')
const test = exportingOn({ jobs: 100 }, { QUALYS_SECRET_CANARY: secret })
const asked = (fields: readonly string[], more: object = {}): object => ({
  tool: 'car_search_jobs',
  format: 'jsonl',
  arguments: { fields },
  ...more,
})

describe('no row has what is asked for', () => {
  test.for(['jsonl', 'csv'])(
    'refused at once, and nothing is left: %s',
    async (format, { folder, exporter }) => {
      const told = await exporter.export(asked(['titel'], { format }))
      expect(told.error).toMatchObject({ kind: 'input' })
      expect(told.text).toMatch(/^No row here has titel; there is: id, .*Did you mean title\?$/)
      expect(told.text).not.toMatch(/resume|kept/)
      expect(named(folder, '')).toEqual([])
    },
  )

  test('a refusal tells no secret that is the name of a field', async ({ sandbox, exporter }) => {
    const body = listOf([{ id: '1', [[...secret].join('\u200b')]: 1 }])
    await sandbox.control.faults([{ route: jobs, kind: 'reply', body }])
    const told = await exporter.export(asked(['nothing']))
    expect(told.error).toMatchObject({ kind: 'input' })
    expect(JSON.stringify(told.raw)).not.toContain(secret)
  })
})

test('what no row had is said at the end', async ({ exporter }) => {
  const told = await exporter.export(asked(['id', 'titel', 'nothing']))
  expect(told.isError).toBe(false)
  expect(JSON.stringify(told.raw)).toContain('No row in the file has titel, nothing.')
  expect(readLines(fileOf(told))).toHaveLength(100)
})

test('what came before a cut, came', async ({ sandbox, exporter }) => {
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => ({
      sortValues: [1, String(from + at)],
      data: { id: `${from + at}`, ...(from + at < 1_000 && { odd: 1 }) },
    }))
  const answer = (from: number, to: number) => ({
    route: jobs,
    kind: 'reply',
    times: 1,
    body: { body: { totalCount: 1_002, list: rows(from, to) } },
  })
  await sandbox.control.faults([answer(0, 1_000), { route: jobs, kind: 'html' }])
  expect((await exporter.export(asked(['id', 'odd']))).text).toMatch(/1,000 rows are kept/)
  await sandbox.control.faults([answer(1_000, 1_002)])
  const whole = await exporter.export(asked(['id', 'odd'], { resume: true }))
  expect(whole.rows[0]).toMatchObject({ rows: 1_002, complete: true })
  expect(JSON.stringify(whole.raw)).not.toContain('No row')
})

test('wrong arguments: what is wrong, and nothing else', async ({ exporter }) => {
  const told = await exporter.export({
    tool: 'car_search_jobs',
    format: 'csv',
    arguments: { filtr: 'x' },
  })
  expect(told.text).toBe(
    'Invalid arguments for car_search_jobs: there is no argument "filtr"; did you mean filter?',
  )
  const other = await exporter.export({ tool: 'car_search_jobs', format: 'csv', arguments: { pageSize: 0 } })
  expect(other.text).toMatch(/^Invalid arguments for car_search_jobs: pageSize: must be .*[^.]\.$/)
})
