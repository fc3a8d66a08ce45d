import { Tiktoken } from 'js-tiktoken/lite'
import ranks from 'js-tiktoken/ranks/o200k_base'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { environmentFor } from '../../support/environment.ts'
import {
  createFolder,
  type Exporter,
  openExporter,
  readCsv,
  readExportFile,
  readJsonLines,
} from '../../support/exports/exporter.ts'
import { openSandbox } from '../../support/sandbox.ts'

// Complete lists, compared field by field with the sandbox's own rows. Shorter ones:
// test/integration/exports/complete-lists.test.ts.

type Row = Record<string, unknown>

const folder = createFolder()
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let exporter: Exporter
beforeAll(async () => {
  sandbox = await openSandbox()
  exporter = await openExporter(environmentFor(sandbox), folder.path)
})
afterAll(async () => {
  await exporter.close()
  await sandbox.close()
  folder.remove()
})

const iso = (epoch: unknown): string => `${new Date(Number(epoch)).toISOString().slice(0, 19)}Z`

/** Some titles of the sandbox contain colours and invisible characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /\u001b\[\d+m|[\u200b-\u200f\u202a-\u202e]/g
const visible = (text: unknown): string => String(text).replace(unseen, '')

/** A job as an assistant sees it, from the wire's: times in words, isTest renamed to test. */
function jobOf({ isTest: _, created, updatedDateTime, title, ...rest }: Row): Row {
  const { dateTime } = created as Row
  const times = { created: { dateTime: iso(dateTime) }, updatedDateTime: iso(updatedDateTime) }
  return { ...rest, ...times, title: visible(title) }
}

/** The cells of a record of at most two levels. */
function cellsOf(row: Row): Record<string, string> {
  const cells = Object.entries(row).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one])
      : [[name, value]],
  )
  const text = (value: unknown) => (Array.isArray(value) ? JSON.stringify(value) : String(value ?? ''))
  return Object.fromEntries(cells.map(([name, value]) => [name, text(value)]))
}

const filled = (row: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== ''))

const byId = <T extends Row>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((row) => [String(row['id']), row]))

describe('15,000 jobs', () => {
  test('as CSV: every row, every field, the usual columns first', async () => {
    const stored = await sandbox.control.dump('jobs')
    const reply = await exporter.export({ tool: 'car_search_jobs', format: 'csv' })
    const text = readExportFile(reply)
    const rows = readCsv(text)
    expect(stored).toHaveLength(15_000)
    expect(rows).toHaveLength(15_000)
    expect(reply.rows[0]).toMatchObject({ rows: 15_000, bytes: Buffer.byteLength(text), complete: true })
    const found = byId(rows)
    for (const job of stored)
      expect(filled(found.get(String(job['id'])) ?? {})).toEqual(filled(cellsOf(jobOf(job))))
    expect(stored.some(({ title }) => visible(title) !== title)).toBe(true)
    expect(text).toMatch(/^id,created\.dateTime,title,scriptId,platform,executionType,/)
    expect(text.startsWith('\ufeff')).toBe(false)
    expect(text.endsWith('\r\n')).toBe(true)
  })

  test('as JSON Lines: the records as they are, types kept', async () => {
    const stored = await sandbox.control.dump('jobs')
    const reply = await exporter.export({ tool: 'car_search_jobs', arguments: {}, format: 'jsonl' })
    const rows = readJsonLines(readExportFile(reply))
    expect(rows).toHaveLength(15_000)
    const found = byId(rows)
    for (const job of stored) expect(found.get(String(job['id']))).toEqual(jobOf(job))
  })

  test('are reported in a few words, with a link', async () => {
    const { text, raw } = await exporter.export({ tool: 'car_search_jobs', format: 'csv' }, 'text')
    expect(text).toMatch(
      /^15,000 jobs exported to CSV: \d\.\d MB, \d\d columns\nFile: \/.*\/car_search_jobs-\d{8}T\d{6}Z-[0-9a-f]{8}-[0-9a-f]{6}\.csv\nResource: qualys:\/\/exports\/car_search_jobs-[-\w]+\.csv\nIt begins:\nid\tcreated\.dateTime\ttitle\n/,
    )
    expect(text.split('\n')).toHaveLength(8)
    // Once for a person, once for a client that does not show the link.
    expect(text.split('/car_search_jobs-')).toHaveLength(3)
    expect(text.length).toBeLessThan(500)
    expect(new Tiktoken(ranks).encode(text).length).toBeLessThan(180)
    const [, link] = raw['content'] as Row[]
    expect(link).toMatchObject({ type: 'resource_link', mimeType: 'text/csv', size: expect.any(Number) })
    expect(link?.['uri']).toBe(`qualys://exports/${/\/([^/]+\.csv)\n/.exec(text)?.[1]}`)
  })

  test('cost 15 calls to Qualys, with progress', async () => {
    await sandbox.control.clearRequests()
    exporter.progress.length = 0
    await exporter.export({ tool: 'car_search_jobs', format: 'jsonl' })
    const calls = (await sandbox.control.requests()).filter(({ path }) => path.endsWith('/jobs/search'))
    expect(calls).toHaveLength(15)
    expect(exporter.progress.map(({ progress }) => progress)).toEqual(
      Array.from({ length: 15 }, (_, index) => (index + 1) * 1_000),
    )
    expect(exporter.progress.at(-1)).toMatchObject({ progress: 15_000, total: 15_000 })
  })
})

describe('what SAQ answers in XML', () => {
  test.each([
    ['saq_search_users', 'users'],
    ['saq_search_campaigns', 'campaigns'],
  ])('%s: every id once, in both formats', async (tool, collection) => {
    const ids = (await sandbox.control.dump(collection)).map(({ id }) => String(id)).sort()
    const csv = readCsv(readExportFile(await exporter.export({ tool, format: 'csv' })))
    const lines = readJsonLines(readExportFile(await exporter.export({ tool, format: 'jsonl' })))
    expect(ids.length).toBeGreaterThan(20)
    for (const rows of [csv, lines]) expect(rows.map(({ id }) => String(id)).sort()).toEqual(ids)
  })

  test('users field by field', async () => {
    const stored = await sandbox.control.dump('users')
    const found = byId(
      readJsonLines(readExportFile(await exporter.export({ tool: 'saq_search_users', format: 'jsonl' }))),
    )
    const names = ['firstName', 'lastName', 'company', 'emailAddress', 'title', 'uuid']
    for (const user of stored)
      for (const name of names)
        expect(found.get(String(user['id']))?.[name], name).toEqual(user[name] ?? undefined)
  })
})

describe('a part of a list', () => {
  test('filters, match and fields of the tool apply', async () => {
    const stored = await sandbox.control.dump('jobs')
    const wanted = stored.filter(({ title }) => /bitlocker/i.test(String(title))).map(({ id }) => String(id))
    const args = { match: 'bitlocker', fields: ['title', 'created.dateTime', 'id', 'none'], pageSize: 3 }
    const reply = await exporter.export({ tool: 'car_search_jobs', arguments: args, format: 'csv' })
    const rows = readCsv(readExportFile(reply))
    expect(wanted.length).toBeGreaterThan(0)
    expect(rows.map(({ id }) => id).sort()).toEqual(wanted.sort())
    expect(Object.keys(rows[0] ?? {})).toEqual(['title', 'created.dateTime', 'id', 'none'])
    expect(reply.text).toMatch(/^[\d,]+ of 15,000 jobs that were looked at exported/)
    expect(reply.rows[0]?.['complete']).toBe(true)
  })

  test('JSON Lines keep chosen fields in their place', async () => {
    const args = { match: 'bitlocker', fields: ['id', 'created.dateTime', 'category'] }
    const [first] = readJsonLines(
      readExportFile(await exporter.export({ tool: 'car_search_jobs', arguments: args, format: 'jsonl' })),
    )
    expect(first).toEqual({
      id: expect.any(String),
      created: { dateTime: expect.any(String) },
      category: { id: expect.anything(), name: expect.any(String) },
    })
  })

  test('outcomes of hosts', async () => {
    const args = { outcome: 'failed', jobId: '123128' }
    const reply = await exporter.export({ tool: 'car_search_asset_jobs', arguments: args, format: 'jsonl' })
    for (const row of readJsonLines(readExportFile(reply))) expect((row['output'] as Row)['code']).not.toBe(0)
  })

  test.each([
    ['csv', /^id,created\.dateTime,title,scriptId,platform,executionType,[\w.,]+,other\r\n$/],
    ['jsonl', /^$/],
  ])('an empty list is an empty file: %s', async (format, text) => {
    const reply = await exporter.export({ tool: 'car_search_jobs', arguments: { scriptId: 1 }, format })
    expect(reply.isError).toBe(false)
    expect(readExportFile(reply)).toMatch(text)
    expect(reply.rows[0]).toMatchObject({ rows: 0, complete: true, taste: [] })
    expect(reply.text).toMatch(/^0 jobs exported/)
  })
})
