import { describe, expect } from 'vitest'
import { canary } from '../../support/canary.ts'
import { type Exporter, readCsv, readExportFile, readJsonLines } from '../../support/exports/exporter.ts'
import { leakSearch, someJwt } from '../../support/leak-search.ts'
import { listOf } from '../../support/replies/rows.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { exportingOn } from './fixtures.ts'

// Text of hosts and people may be anything: through the whole stack once. Value by value: test/unit/exports.

type Row = Record<string, unknown>

const jobs = 'POST /sm/v2/jobs/search'
const secret = canary('export')
const test = exportingOn({ jobs: 100 }, { QUALYS_SECRET_CANARY: secret })

/** Makes Qualys list these rows. */
const serve = ({ control }: TestSandbox, rows: readonly Row[]): Promise<void> =>
  control.faults([
    { route: jobs, kind: 'reply', body: listOf(rows.map((row, id) => ({ id: `${id}`, ...row }))) },
  ])

async function exported(exporter: Exporter, format: 'csv' | 'jsonl') {
  const result = await exporter.export({ tool: 'car_search_jobs', format })
  expect(result.isError, result.text).toBe(false)
  return { result, text: readExportFile(result) }
}

/** A value, and the cell that another program reads. */
const values: readonly (readonly [value: unknown, cell: string])[] = [
  ['say "hi", he said', 'say "hi", he said'],
  ['"', '"'],
  ['a,b;c\td', 'a,b;c\td'],
  ['one\r\ntwo\rthree\nfour', 'one\ntwo\nthree\nfour'],
  ["=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"],
  ['=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r\n=1', "'\n=1"],
  ['  =1', "'  =1"],
  ['\u00a0@x', "' @x"],
  ['\u3000=1', "' =1"],
  ['\u2800=1', "'=1"],
  ['\u3164=1', "'=1"],
  ['\u200b=1', "'=1"],
  ['\u0000=1', "'=1"],
  ['＝1', "'＝1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠x', "'＠x"],
  [-1, '-1'],
  [-0.5, '-0.5'],
  [1e21, '1e+21'],
  [true, 'true'],
  [null, ''],
  ['', ''],
  ['👩‍👩‍👧 🇩🇪', '👩👩👧 🇩🇪'],
  ['nul\u0000 ansi\u001b[31mred\u001b[0m bidi\u202egnp.exe\u202c', 'nul ansired bidignp.exe'],
  ['half \ud800 pair', 'half  pair'],
  [['=1', { a: 'x,"y"' }], '["=1",{"a":"x,\\"y\\""}]'],
  [{}, ''],
  ['x'.repeat(200_000), 'x'.repeat(200_000)],
]

describe('values', () => {
  test('as CSV stay in one cell, are no formula, and hide nothing', async ({ sandbox, exporter }) => {
    await serve(
      sandbox,
      values.map(([value]) => ({ note: value })),
    )
    const { text } = await exported(exporter, 'csv')
    expect(readCsv(text).map(({ note }) => note)).toEqual(values.map(([, cell]) => cell))
    for (const sign of ['\0', '\u001b', '\u202e', '\u200b']) expect(text).not.toContain(sign)
    expect(text.replaceAll('\r\n', '')).not.toContain('\r')
  })

  test('as JSON Lines have no fence, and keep their types', async ({ sandbox, exporter }) => {
    await serve(
      sandbox,
      values.map(([value]) => ({ note: value })),
    )
    const { text } = await exported(exporter, 'jsonl')
    const rows = readJsonLines(text)
    expect(text.split('\n')).toHaveLength(values.length + 1)
    const expected = values.map(([value, cell]) =>
      typeof value === 'string' ? cell.replace(/^'/, '') : value,
    )
    const scalars = (list: readonly unknown[]): unknown[] => list.filter((value) => typeof value !== 'object')
    expect(scalars(rows.map(({ note }) => note))).toEqual(scalars(expected))
  })
})

describe('secrets', () => {
  const find = leakSearch([secret])

  test('are in no file, no reply and no resource', async ({ sandbox, exporter }) => {
    const value = `before ${secret} behind ${someJwt}`
    await serve(sandbox, [{ title: value, [secret]: 1, deep: { list: [value], [secret]: { x: value } } }])
    for (const format of ['csv', 'jsonl'] as const) {
      const { result, text } = await exported(exporter, format)
      expect(find(text), text).toEqual([])
      expect(find(JSON.stringify(result.raw))).toEqual([])
      expect(text).toContain('[masked-by-qualys-mcp]')
      const uri = result.rows[0]?.['uri']
      expect(find(JSON.stringify(await exporter.request('resources/read', { uri })))).toEqual([])
    }
  })

  test('the current token is treated as a secret as well', async ({ sandbox, exporter }) => {
    await exporter.export({ tool: 'car_search_jobs', format: 'csv' })
    const seen = (await sandbox.control.requests()).map(({ headers }) => headers['authorization'])
    const token = String(seen.find((header) => header?.startsWith('Bearer '))).slice(7)
    expect(token.length).toBeGreaterThan(20)
    await serve(sandbox, [{ title: `x ${token} y` }])
    expect((await exported(exporter, 'csv')).text).toContain('x [masked-by-qualys-mcp] y')
  })

  test('are refused in the arguments of a tool', async ({ exporter }) => {
    const filter = `ghp_${'k7Qw2Zr9'.repeat(5)}`
    const result = await exporter.export({ tool: 'car_search_jobs', format: 'csv', arguments: { filter } })
    expect(result.error).toMatchObject({ kind: 'input' })
    expect(result.text).not.toContain('k7Qw2Zr9')
  })
})
