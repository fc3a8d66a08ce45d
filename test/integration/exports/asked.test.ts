import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { canary } from '../../support/canary.ts'
import { environmentFor } from '../../support/environment.ts'
import {
  type Desk,
  fileOf,
  named,
  newFolder,
  openDesk,
  readCsv,
  readLines,
} from '../../support/exports/desk.ts'
import { openSandbox } from '../../support/sandbox.ts'

// Fields that are asked for: what becomes of those that no row has, and that only they are looked at.

type Row = Record<string, unknown>

const jobs = 'POST /sm/v2/jobs/search'
const secret = canary('asked')
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let folder: ReturnType<typeof newFolder>
let desk: Desk
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
beforeEach(async () => {
  folder = newFolder()
  const extra = { QUALYS_SECRET_CANARY: secret, QUALYS_MAX_WAIT_SECONDS: '0' }
  desk = await openDesk(environmentFor(sandbox, extra), folder.path)
})
afterEach(async () => {
  await desk.close()
  await sandbox.control.reset()
  folder.remove()
})
afterAll(() => sandbox.close())

const replyOf = (rows: readonly Row[], totalCount: number, from = 0) => {
  const list = rows.map((row, at) => ({
    sortValues: [1, String(from + at)],
    data: { id: `${from + at}`, ...row },
  }))
  return { route: jobs, kind: 'reply', body: { body: { totalCount, list } }, times: 1 }
}
const serve = (rows: readonly Row[]) => sandbox.control.faults([replyOf(rows, rows.length)])

const exported = (fields: readonly string[], more: Row = {}, tool = 'car_search_jobs') => {
  const { format = 'jsonl', resume, ...args } = more
  return desk.export({ tool, format, ...(resume === true && { resume }), arguments: { fields, ...args } })
}

describe.each(['jsonl', 'csv'])('no row has what is asked for: %s', (format) => {
  test.each([
    [['titel'], 'titel', 'title'],
    [['created.dateTim'], 'created.dateTim', 'created.dateTime'],
    [['createt', 'plattform'], 'createt, plattform', 'created, platform'],
    [['id.x'], 'id.x', undefined],
    [['toString', '__proto__'], 'toString, __proto__', undefined],
  ])('%j is refused at once, and nothing is left', async (fields, absent, near) => {
    const told = await exported(fields, { format })
    expect(told.error).toMatchObject({ kind: 'input' })
    expect(told.text).toContain(`No row here has ${absent}; there is: id, `)
    if (near) expect(told.text).toContain(`Did you mean ${near}?`)
    expect(told.text).not.toMatch(/resume|kept/)
    expect(told.text.length).toBeLessThan(700)
    expect(named(folder.path, '')).toEqual([])
  })

  test('nor when match keeps none of the first rows', async () => {
    const told = await exported(['titel'], { format, match: 'no such words' })
    expect(told.error).toMatchObject({ kind: 'input' })
    expect(named(folder.path, '')).toEqual([])
  })

  test('another list', async () => {
    const told = await exported(['titel'], { format }, 'car_search_assets')
    expect(told.error).toMatchObject({ kind: 'input' })
    expect(named(folder.path, '')).toEqual([])
  })
})

describe('some are there', () => {
  test('what no row had is said at the end', async () => {
    const told = await exported(['id', 'titel', 'nothing'])
    expect(told.isError).toBe(false)
    expect(JSON.stringify(told.raw)).toContain('No row in the file has titel, nothing.')
    expect(readLines(fileOf(told))).toHaveLength(100)
  })

  test.each([
    ['an object by its name', ['created']],
    ['one of its fields', ['created.dateTime']],
    ['both', ['id', 'created', 'created.dateTime']],
  ])('%s: nothing is missing', async (_what, fields) => {
    const told = await exported(fields)
    expect(told.isError, told.text).toBe(false)
    expect(JSON.stringify(told.raw)).not.toContain('No row')
    expect(readLines(fileOf(told))[0]).toHaveProperty('created.dateTime')
  })

  test('a field that Qualys documents may come late, or not at all', async () => {
    await serve([{ title: 'x' }, { title: 'y' }])
    const told = await exported(['schedulerName', 'category.name'])
    expect(told.isError, told.text).toBe(false)
    expect(JSON.stringify(told.raw)).toContain('No row in the file has schedulerName, category.name.')
  })

  test('what came before a cut, came', async () => {
    const rows = Array.from({ length: 1_000 }, () => ({ odd: 1 }))
    await sandbox.control.faults([replyOf(rows, 1_002), { route: jobs, kind: 'html' }])
    expect((await exported(['id', 'odd'])).text).toMatch(/1,000 rows are kept/)
    await sandbox.control.faults([replyOf([{}, {}], 1_002, 1_000)])
    const whole = await exported(['id', 'odd'], { resume: true })
    expect(whole.rows[0]).toMatchObject({ rows: 1_002, complete: true })
    expect(JSON.stringify(whole.raw)).not.toContain('No row')
  })
})

test('the taste shows what stands inside of an object', async () => {
  const told = await exported(['id', 'created'], { format: 'csv' })
  const [first] = readCsv(fileOf(told))
  expect(told.rows[0]?.['taste']).toEqual([first, expect.anything(), expect.anything()])
  const { text } = await desk.export(
    { tool: 'car_search_jobs', format: 'csv', arguments: { fields: ['id', 'created'] } },
    'text',
  )
  expect(text).toMatch(/^id\tcreated\.dateTime\n\d+\t2\d{3}-\d\d-\d\dT/m)
})

describe('only they are looked at', () => {
  test.each(['jsonl', 'csv'])('beside a value that is nested too deeply: %s', async (format) => {
    // As text: it is too deep for the test, too.
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const row = `{"id":"7","deep":${deep},"created":{"more":${deep},"dateTime":0}}`
    const body = `{"body":{"totalCount":2,"list":[{"sortValues":[1,"6"],"data":{"id":"6"}},{"sortValues":[1,"7"],"data":${row}}]}}`
    const base64 = Buffer.from(body).toString('base64')
    await sandbox.control.faults([{ route: jobs, kind: 'reply', base64, contentType: 'application/json' }])
    const told = await exported(['id', 'created.dateTime'], { format })
    expect(told.isError, told.text).toBe(false)
    expect(told.rows[0]).toMatchObject({ rows: 2, complete: true })
    expect(fileOf(told)).toContain('1970-01-01T00:00:00Z')
  })

  test('their names are those of the clean rows, and nothing in them is a secret', async () => {
    await serve([{ 'no\u200bte': `x ${secret}`, 'a,b': { 'c\u202ed': '\u001b[31mred' }, [secret]: 1 }])
    const told = await exported(['note', 'a_b.cd', '_secret_'])
    expect(told.isError, told.text).toBe(false)
    const text = fileOf(told)
    expect(readLines(text)).toEqual([{ note: 'x [secret]', 'a,b': { cd: 'red' }, '[secret]': 1 }])
    expect(text + JSON.stringify(told.raw)).not.toContain(secret)
  })

  test('a refusal tells no secret that is the name of a field', async () => {
    await serve([{ [[...secret].join('\u200b')]: 1 }])
    const told = await exported(['nothing'])
    expect(told.error).toMatchObject({ kind: 'input' })
    expect(JSON.stringify(told.raw)).not.toContain(secret)
  })
})

test('wrong arguments: what is wrong, and nothing else', async () => {
  const told = await desk.export({
    tool: 'car_search_jobs',
    format: 'csv',
    arguments: { filtr: 'x' },
  })
  expect(told.text).toBe(
    'Invalid arguments for car_search_jobs: there is no argument "filtr"; did you mean filter?',
  )
  const other = await desk.export({ tool: 'car_search_jobs', format: 'csv', arguments: { pageSize: 0 } })
  expect(other.text).toMatch(/^Invalid arguments for car_search_jobs: pageSize: must be .*[^.]\.$/)
})
