import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { getUser, searchUsers } from '../../../src/operations/saq/users.ts'
import { VendorError } from '../../../src/shared/errors.ts'
import { canary } from '../../support/canary.ts'
import { hostsWith, runOf, runsWith } from '../../support/counting/memory.ts'
import { commonSpellings, leakSearch, someJwt } from '../../support/leak-search.ts'
import { serviceResponse } from '../../support/workflows/campaigns.ts'
import { jobs } from '../../support/workflows/runs.ts'
import { runExport } from './memory.ts'

// The rows of a list, batch by batch, to its end, to the end of the file, or to where Qualys shows no more.

type Row = Record<string, unknown>

/** CSV as another program reads it: strictly, without repairs. */
const readCsv = (text: string): Record<string, string>[] =>
  parse(text, {
    columns: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: false,
    relax_column_count: false,
  })

const batch = (from: number, size: number, total: number) => ({
  route: jobs,
  times: 1,
  body: { body: { totalCount: total, list: Array.from({ length: size }, (_, at) => runOf({}, from + at)) } },
})

const columns =
  'id,created.dateTime,title,scriptId,platform,executionType,updatedDateTime,scriptType,severity,threshold,test,correlationUuid,schedulerId,schedulerName,category.id,category.name'

describe('a complete list', () => {
  test('is every row once, a thousand a call, with types kept', async () => {
    const { file, written, reply } = await runExport([batch(0, 1_000, 1_500), batch(1_000, 500, 1_500)])
    expect(file.rows.map(({ id }) => id)).toEqual(Array.from({ length: 1_500 }, (_, id) => String(id)))
    expect(file.rows[7]).toEqual({
      id: '7',
      title: 'a run',
      created: { dateTime: '2023-11-14T22:13:19Z' },
      platform: 'LINUX',
      executionType: 'Manual',
      scriptId: 1,
    })
    expect(written).toMatchObject({
      rows: 1_500,
      scanned: 1_500,
      isFull: false,
      resultLimit: undefined,
      drift: [],
    })
    expect(reply.summary).toMatch(/^1,500 jobs exported to JSON Lines: \d+\.\d kB$/)
    expect(reply.rows[0]).toMatchObject({ rows: 1_500, complete: true, format: 'jsonl' })
  })

  test('as CSV has the default columns first', async () => {
    const { text, reply } = await runExport([runsWith([{ odd: 1 }, {}])], { format: 'csv' })
    expect(text.split('\r\n').slice(0, 2)).toEqual([
      `${columns},odd,other`,
      '0,2023-11-14T22:13:20Z,a run,1,LINUX,Manual,,,,,,,,,,,1,',
    ])
    expect(readCsv(text)).toHaveLength(2)
    expect(reply.summary).toBe(`2 jobs exported to CSV: ${Buffer.byteLength(text)} bytes, 18 columns`)
  })

  test('as CSV has what appears in a later batch in its last column', async () => {
    const late = {
      ...batch(1_000, 1, 1_001),
      body: { body: { totalCount: 1_001, list: [runOf({ late: 1 }, 1_000)] } },
    }
    const { text } = await runExport([batch(0, 1_000, 1_001), late], { format: 'csv' })
    const rows = readCsv(text)
    expect(rows).toHaveLength(1_001)
    expect([rows[0]?.['other'], rows[1_000]?.['other']]).toEqual(['', '{"late":1}'])
  })

  test('of SAQ arrives in XML', async () => {
    const users = [
      { id: 1, firstName: 'Ann', lastName: 'Lee' },
      { id: 2, firstName: 'Bo' },
    ]
    const body = serviceResponse('User', users)
    const answer = { route: searchUsers.route, body, contentType: 'application/xml' }
    const { file } = await runExport([answer], { tool: searchUsers.name })
    expect(file.rows).toEqual([
      { id: '1', firstName: 'Ann', lastName: 'Lee' },
      { id: '2', firstName: 'Bo' },
    ])
    expect(Object.keys(getUser.record.shape)).toContain('firstName')
  })

  test.each([
    ['csv', `${columns},other\r\n`],
    ['jsonl', ''],
  ] as const)('without rows is an empty file: %s', async (format, text) => {
    const trial = await runExport([runsWith([])], { format })
    expect(trial.text).toBe(text)
    expect(trial.reply.rows[0]).toMatchObject({ rows: 0, complete: true, taste: [] })
    expect(trial.reply.summary).toMatch(/^0 jobs exported/)
    expect(trial.reply.note).toBe('Qualys lists no jobs for these arguments.')
  })

  test('with rows that do not show whether they match says so in both forms', async () => {
    const ended = { enddate: '2026-11-22T06:42:13.692+00:00' }
    const lost = { ...ended, output: { text: 'lost' } }
    const answers = [hostsWith([lost, { ...ended, output: { code: 2 } }, lost, {}])]
    const list = { tool: 'car_search_asset_jobs', args: { outcome: 'failed' } }
    const { file, reply } = await runExport(answers, list)
    expect(file.rows).toHaveLength(1)
    expect(reply.summary).toMatch(/^1 of 4 asset jobs that were looked at \(2 unknown\) exported/)
    expect(reply.rows[0]).toMatchObject({ rows: 1, unknown: 2, complete: true })
    const none = await runExport([hostsWith([lost])], list)
    expect(none.reply.note).toBe(
      'No row is known to match. 1 row does not show their outcome: whether it is among what you ask for is unknown.',
    )
    const full = await runExport(
      [
        hostsWith([
          lost,
          { ...ended, output: { code: 2 } },
          lost,
          { ...ended, output: { code: 3, text: 'x'.repeat(2_000_000) } },
          lost,
        ]),
      ],
      { ...list, environment: { QUALYS_EXPORT_MAX_MB: '1' } },
    )
    expect(full.reply.rows[0]).toMatchObject({ rows: 1, unknown: 2, complete: false })
  })

  test('ends where no more is read about its rows, and says so', async () => {
    const extend = {
      batchSize: 2,
      rows: async (rows: readonly object[]) => {
        if (rows.some((row) => 'unreadable' in row)) throw new VendorError('Qualys failed.', 'Call again.')
        return rows.map((row) => ({ ...row, mark: true }))
      },
    }
    const localFilters = { marked: { input: z.boolean(), prepare: () => ({ extend }) } }
    const { file, reply } = await runExport([runsWith([{}, {}, {}, { unreadable: true }, {}])], {
      localFilters,
    })
    expect(file.rows.map(({ id, mark }) => [id, mark])).toEqual([
      ['0', true],
      ['1', true],
    ])
    expect(reply.rows[0]).toMatchObject({ rows: 2, complete: false })
    expect(reply.note).toBe('Not complete: Qualys failed. Call again.')
  })

  test('filtered by match says how many rows were searched', async () => {
    const parts = Array.from({ length: 6 }, (_, at) => ({ title: at % 3 === 0 ? 'needle' : 'hay' }))
    const { file, reply } = await runExport([runsWith(parts)], {
      args: { match: 'needle', fields: ['title', 'id'] },
    })
    expect(file.rows).toEqual([
      { id: '0', title: 'needle' },
      { id: '3', title: 'needle' },
    ])
    expect(reply.summary).toMatch(/^2 of 6 jobs that were looked at exported/)
    expect((await runExport([runsWith(parts)], { args: { match: 'x9' } })).reply.note).toMatch(
      /^None of the rows matches\. Looked in every field of the rows \(id, .*\): "x9" is in 0 rows\.$/,
    )
  })

  test('keeps chosen fields in their place', async () => {
    const parts = [{ category: { id: 3, name: 'Backup' } }]
    const fields = ['id', 'created.dateTime', 'category']
    expect((await runExport([runsWith(parts)], { args: { fields } })).file.rows).toEqual([
      { id: '0', created: { dateTime: '2023-11-14T22:13:20Z' }, category: { id: 3, name: 'Backup' } },
    ])
  })
})

describe('reported as incomplete or odd', () => {
  test('where Qualys counts rows that it does not send', async () => {
    const { reply, written } = await runExport([{ ...runsWith([{}], 5), times: 1 }, runsWith([], 5)], {
      format: 'csv',
    })
    expect(reply.rows[0]).toMatchObject({ rows: 1, complete: false })
    expect(reply.note).toMatch(/^Not complete: Qualys counts 4 more rows/)
    expect(written.isFull).toBe(false)
  })

  test('where fields are not as documented: it is noted, and the fields are in the file', async () => {
    const { reply, file } = await runExport([runsWith([{ title: undefined, jobTitle: 'x' }])])
    expect(reply.note).toBe(
      "Qualys' rows in car_search_jobs differ from their documentation: title (missing; now jobTitle?).",
    )
    expect(file.rows[0]).toMatchObject({ jobTitle: 'x' })
  })
})

const limited = { QUALYS_EXPORT_MAX_MB: '1' }

describe('the end of the file', () => {
  const rows = Array.from({ length: 900 }, (_, at) => ({ title: `${at} ${'x'.repeat(1_500)}` }))

  test.each(['jsonl', 'csv'] as const)('is before a row that does not fit: %s', async (format) => {
    const { file, written, reply, text } = await runExport([runsWith(rows)], { format, environment: limited })
    expect(written).toMatchObject({ isFull: true, resultLimit: undefined })
    expect(written.rows).toBeLessThan(900)
    expect(written.rows).toBeGreaterThan(500)
    const lines = format === 'csv' ? readCsv(text) : file.rows
    expect([written.scanned, lines.length]).toEqual([written.rows, written.rows])
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000)
    expect(reply.rows[0]).toMatchObject({ complete: false })
    expect(reply.note).toBe(
      'Not complete: the file is full (QUALYS_EXPORT_MAX_MB). Narrow the arguments with a filter or dates, name the fields that are needed, or ask the operator to raise that setting.',
    )
  })

  test('a row too large for any file is refused, with what to do', async () => {
    const large = [runsWith([{ note: 'x'.repeat(1_100_000) }])]
    for (const format of ['csv', 'jsonl'] as const) {
      await expect(runExport(large, { format, environment: limited })).rejects.toMatchObject({
        kind: 'input',
        message: 'A single row is larger than 1 MB, the most of an export (QUALYS_EXPORT_MAX_MB).',
        next: expect.stringMatching(/^Name the fields/),
      })
      const { reply } = await runExport(large, { format, environment: limited, args: { fields: ['id'] } })
      expect(reply.rows[0]).toMatchObject({ rows: 1, complete: true })
    }
  })

  const many = (width: number) => Array.from({ length: 999 }, (_, index) => [index, width] as const)
  const tables: readonly (readonly [string, readonly Row[]])[] = [
    ['a field of its own in every row', many(499).map(([index, width]) => ({ [`f${index % width}`]: '=' }))],
    ['more fields than columns', many(0).map(([index]) => ({ [`f${index}`]: '"'.repeat(400) }))],
    ['nothing but quotes', many(0).map(() => ({ note: '"'.repeat(1_500), list: ['"'.repeat(300)] }))],
  ]

  test.each(tables)(
    'limits a table that is far larger than its rows: %s',
    { timeout: 20_000 },
    async (_what, parts) => {
      const { text, reply } = await runExport([runsWith(parts)], { format: 'csv', environment: limited })
      const read = readCsv(text)
      expect(reply.rows[0]?.['rows']).toBe(read.length)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000)
      expect(Buffer.byteLength(text)).toBeGreaterThan(300_000)
      expect(reply.rows[0]?.['complete']).toBe(read.length === parts.length)
    },
  )
})

describe('what hosts and people wrote', () => {
  const secret = canary('export')
  const find = leakSearch([secret])

  test.each([
    ...Object.entries(commonSpellings),
    ['with invisible signs', (text: string) => [...text].join('\u200b')] as const,
  ])('holds no secret, %s', async (_name, spell) => {
    const value = `before ${spell(secret)} behind ${someJwt}`
    const row = { title: value, [spell(secret)]: 1, deep: { list: [value], [spell(secret)]: { x: value } } }
    for (const format of ['csv', 'jsonl'] as const) {
      const { text, reply } = await runExport([runsWith([row])], {
        format,
        environment: { QUALYS_SECRET_CANARY: secret },
      })
      expect(find(text), text).toEqual([])
      expect(find(JSON.stringify(reply))).toEqual([])
      expect(text).toContain('[masked-by-qualys-mcp]')
    }
  })

  test('may be nested deeply', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`)
    const { text } = await runExport([runsWith([{ deep }])], { format: 'csv' })
    expect(readCsv(text)).toHaveLength(1)
  })

  const names = [
    'a,b',
    '=cmd|x',
    '@at',
    '-minus',
    '+plus',
    'two\nlines',
    '"quoted"',
    '__proto__',
    'constructor',
  ]

  test('as names of fields stays in one cell of the header, and is no formula', async () => {
    const row = `{"id":"0",${names.map((name) => `${JSON.stringify(name)}:"v"`).join(',')}}`
    const body = `{"body":{"totalCount":1,"list":[{"sortValues":[1],"data":${row}}]}}`
    const { text } = await runExport([{ route: jobs, body }], { format: 'csv' })
    const [header = ''] = text.split('\r\n')
    expect(header.split(',')).toHaveLength(columns.split(',').length + names.length + 1)
    expect(header).not.toMatch(/(^|,)[=+@-]/)
    expect(
      text
        .split('\r\n')[1]
        ?.split(',')
        .filter((cell) => cell !== ''),
    ).toEqual(['0', ...names.map(() => 'v')])
  })

  test('as 2,000 names: 500 columns, and the rest as JSON; nothing is lost', async () => {
    const row = (from: number): Row =>
      Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`f${from + at}`, `=${from + at}`]))
    const { text, reply } = await runExport([runsWith([row(0), row(1_000), {}])], { format: 'csv' })
    const rows = readCsv(text)
    expect(Object.keys(rows[0] ?? {})).toHaveLength(501)
    expect(reply.summary).toMatch(/501 columns/)
    for (const [index, from] of [0, 1_000].entries()) {
      const { other = '{}', ...cells } = rows[index] ?? {}
      const found = { ...cells, ...JSON.parse(other) }
      for (let at = from; at < from + 1_000; at++)
        expect(String(found[`f${at}`]).replace(/^'/, '')).toBe(`=${at}`)
    }
    expect(rows[2]?.['other']).toBe('')
  })
})
