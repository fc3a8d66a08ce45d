import { Tiktoken } from 'js-tiktoken/lite'
import ranks from 'js-tiktoken/ranks/o200k_base'
import { describe, expect } from 'vitest'
import { readCsv, readExportFile, readJsonLines } from '../../support/exports/exporter.ts'
import { exportingOn } from './fixtures.ts'

// Complete lists, compared field by field with the sandbox's own rows. 15,000 rows: test/nightly/exports; the
// rules: test/unit/exports.

type Row = Record<string, unknown>

const test = exportingOn({ jobs: 1_200 })

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

describe('1,200 jobs', () => {
  test('as CSV: every row, every field, the usual columns first', async ({ sandbox, exporter }) => {
    const stored = await sandbox.control.dump('jobs')
    const reply = await exporter.export({ tool: 'car_search_jobs', format: 'csv' })
    const text = readExportFile(reply)
    const rows = readCsv(text)
    expect(rows).toHaveLength(1_200)
    expect(reply.rows[0]).toMatchObject({ rows: 1_200, bytes: Buffer.byteLength(text), complete: true })
    const found = byId(rows)
    for (const job of stored)
      expect(filled(found.get(String(job['id'])) ?? {})).toEqual(filled(cellsOf(jobOf(job))))
    expect(stored.some(({ title }) => visible(title) !== title)).toBe(true)
    expect(text).toMatch(/^id,created\.dateTime,title,scriptId,platform,executionType,/)
    expect(text.startsWith('\ufeff')).toBe(false)
    expect(text.endsWith('\r\n')).toBe(true)
  })

  test('as JSON Lines: the records as they are, types kept', async ({ sandbox, exporter }) => {
    const stored = await sandbox.control.dump('jobs')
    const rows = readJsonLines(
      readExportFile(await exporter.export({ tool: 'car_search_jobs', format: 'jsonl' })),
    )
    expect(rows).toHaveLength(1_200)
    const found = byId(rows)
    for (const job of stored) expect(found.get(String(job['id']))).toEqual(jobOf(job))
  })

  test('are reported in a few words, with a link', async ({ exporter }) => {
    const { text, raw } = await exporter.export({ tool: 'car_search_jobs', format: 'csv' }, 'text')
    expect(text).toMatch(
      /^1,200 jobs exported to CSV: \d+\.\d kB, \d\d columns\nFile: \/.*\/car_search_jobs-\d{8}T\d{6}Z-[0-9a-f]{8}-[0-9a-f]{6}\.csv\nResource: qualys:\/\/exports\/car_search_jobs-[\w-]+\.csv\nIt begins:\nid\tcreated\.dateTime\ttitle\n/,
    )
    expect(text.split('\n')).toHaveLength(8)
    // Once for a person, once for a client that does not show the link.
    expect(text.split('/car_search_jobs-')).toHaveLength(3)
    expect(new Tiktoken(ranks).encode(text).length).toBeLessThan(180)
    const [, link] = raw['content'] as Row[]
    expect(link).toMatchObject({ type: 'resource_link', mimeType: 'text/csv', size: expect.any(Number) })
    expect(link?.['uri']).toBe(`qualys://exports/${/\/([^/]+\.csv)\n/.exec(text)?.[1]}`)
  })

  test('cost two calls to Qualys, with progress', async ({ sandbox, exporter }) => {
    await exporter.export({ tool: 'car_search_jobs', format: 'jsonl' })
    const calls = (await sandbox.control.requests()).filter(({ path }) => path.endsWith('/jobs/search'))
    expect(calls).toHaveLength(2)
    expect(exporter.progress).toMatchObject([
      { progress: 1_000, total: 1_200 },
      { progress: 1_200, total: 1_200 },
    ])
  })
})

test('users, answered in XML: field by field, in both formats', async ({ sandbox, exporter }) => {
  const stored = await sandbox.control.dump('users')
  expect(stored.length).toBeGreaterThan(20)
  const lines = readJsonLines(
    readExportFile(await exporter.export({ tool: 'saq_search_users', format: 'jsonl' })),
  )
  const names = ['firstName', 'lastName', 'company', 'emailAddress', 'title', 'uuid']
  const found = byId(lines)
  for (const user of stored)
    for (const name of names)
      expect(found.get(String(user['id']))?.[name], name).toEqual(user[name] ?? undefined)
  const csv = readCsv(readExportFile(await exporter.export({ tool: 'saq_search_users', format: 'csv' })))
  expect(csv.map(({ id }) => id)).toEqual(lines.map(({ id }) => String(id)))
})

test('a part of a list: filters, match and fields of the tool apply', async ({ sandbox, exporter }) => {
  const stored = await sandbox.control.dump('jobs')
  const wanted = stored.filter((row) => /bitlocker/i.test(JSON.stringify(row))).map(({ id }) => String(id))
  const args = { match: 'bitlocker', fields: ['title', 'created.dateTime', 'id', 'none'], pageSize: 3 }
  const reply = await exporter.export({ tool: 'car_search_jobs', arguments: args, format: 'csv' })
  const rows = readCsv(readExportFile(reply))
  expect(wanted.length).toBeGreaterThan(0)
  expect(rows.map(({ id }) => id).sort()).toEqual(wanted.sort())
  expect(Object.keys(rows[0] ?? {})).toEqual(['title', 'created.dateTime', 'id', 'none'])
  expect(reply.text).toMatch(/^[\d,]+ of 1,200 jobs that were looked at exported/)
  expect(reply.rows[0]?.['complete']).toBe(true)
})
