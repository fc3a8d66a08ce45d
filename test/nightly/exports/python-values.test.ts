import { describe, expect } from 'vitest'
import { exportingOn } from '../../integration/exports/fixtures.ts'
import { cleaned } from '../../support/exports/expected-rows.ts'
import type { Exporter } from '../../support/exports/exporter.ts'
import { hasPython, type PythonRow, readWithPython } from '../../support/exports/python.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// Values that a reader may take for something else, as Python's csv and json read them from exported files. What the
// sandbox holds: python-readers.test.ts.

const test = exportingOn({ jobs: 1 })

/** A value, and the cell that it should be. */
const values: readonly (readonly [value: unknown, cell: string])[] = [
  ['say "hi", he said', 'say "hi", he said'],
  ['"', '"'],
  ['"", ""', '"", ""'],
  ['a,b;c\td\\e', 'a,b;c\td\\e'],
  ['one\ntwo\n', 'one\ntwo\n'],
  ['one\r\ntwo\rthree', 'one\ntwo\nthree'],
  ['\r', "'\n"],
  [' spaces ', ' spaces '],
  ['Ä ö ß é ł 東京 😀', 'Ä ö ß é ł 東京 😀'],
  ['a\u00a0b', 'a b'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  [' =1', "' =1"],
  ['="a",b\n', '\'="a",b\n'],
  ["'=1", "'=1"],
  ['1=1', '1=1'],
  ['1,5', '1,5'],
  ['007', '007'],
  ['true', 'true'],
  ['null', 'null'],
  [0, '0'],
  [-1, '-1'],
  [-0.5, '-0.5'],
  [1e21, '1e+21'],
  [5e-324, '5e-324'],
  [9_007_199_254_740_991, '9007199254740991'],
  [true, 'true'],
  [false, 'false'],
  [null, ''],
  ['', ''],
  [{}, ''],
  [[], '[]'],
  [['=1', 'x,"y"', 1.5, null, true], '["=1","x,\\"y\\"",1.5,null,true]'],
  [[{ a: { b: ['é', '\n'] } }], '[{"a":{"b":["é","\\n"]}}]'],
  ['x'.repeat(200_000), 'x'.repeat(200_000)],
]
const cells = values.map(([, cell]) => cell)
const cleanedValues = values.map(([value]) => cleaned(value))

const run = (id: number, more: object) => ({ id: `${id}`, title: 'a run', ...more })

/** Each value as a field of the row and within an object, and a row without both. */
const first = [...values.map(([note], at) => run(at, { note, inner: { note } })), run(100, {})]

/** Fields that the first batch does not have, or has as another kind. */
const second = [
  ...values.map(([late], at) => run(200 + at, { late, lateInner: { late } })),
  run(300, { platform: 'LINUX', severity: 3, note: { de: 'x' }, inner: '=1' }),
]

/** Exports the two batches, and reads the file. */
async function exported(
  { control }: TestSandbox,
  exporter: Exporter,
  format: 'csv' | 'jsonl',
): Promise<PythonRow[]> {
  const totalCount = first.length + second.length
  const batchOf = (rows: readonly { id: string }[]) => ({
    route: 'POST /sm/v2/jobs/search',
    kind: 'reply',
    times: 1,
    body: { body: { totalCount, list: rows.map((data) => ({ sortValues: [data.id], data })) } },
  })
  await control.faults([batchOf(first), batchOf(second)])
  const reply = await exporter.export({ tool: 'car_search_jobs', format })
  expect(reply.isError, reply.text).toBe(false)
  const rows = readWithPython(format, String(reply.rows[0]?.['file']))
  expect(rows).toHaveLength(totalCount)
  return rows
}

describe.skipIf(!hasPython)('as Python reads them (skipped without python3)', () => {
  test('JSON Lines hold each value with its type', async ({ sandbox, exporter }) => {
    const rows = await exported(sandbox, exporter, 'jsonl')
    expect(rows).toEqual([...first, ...second].map(cleaned))
    expect(rows.slice(0, values.length).map(({ note }) => note)).toEqual(cleanedValues)
  })

  test('CSV holds each value of the first batch in one cell', async ({ sandbox, exporter }) => {
    const rows = await exported(sandbox, exporter, 'csv')
    const ofFirst = rows.slice(0, values.length)
    expect(rows.map(({ id, title }) => [id, title])).toEqual(
      [...first, ...second].map(({ id }) => [id, 'a run']),
    )
    expect(ofFirst.map(({ note }) => note)).toEqual(cells)
    expect(ofFirst.map((row) => row['inner.note'])).toEqual(cells)
    expect(ofFirst.map(({ other }) => other)).toEqual(cells.map(() => ''))
    const absent = rows[values.length]
    expect([absent?.['id'], absent?.['note'], absent?.['inner.note'], absent?.['other']]).toEqual([
      '100',
      '',
      '',
      '',
    ])
  })

  test('CSV holds what only the second batch has in the last column', async ({ sandbox, exporter }) => {
    const rows = await exported(sandbox, exporter, 'csv')
    expect(Object.keys(rows[0] ?? {}).at(-1)).toBe('other')
    const others = rows.slice(first.length).map(({ other }) => other)
    const expected = values.map(([, cell], at) =>
      cell === '' ? '' : { late: cleanedValues[at], 'lateInner.late': cleanedValues[at] },
    )
    expect(others.slice(0, -1).map((other) => (other === '' ? '' : JSON.parse(String(other))))).toEqual(
      expected,
    )
    // A documented field has its column from the start.
    expect(rows.at(-1)).toMatchObject({ platform: 'LINUX', severity: '3', 'inner.note': '' })
    // An object where others have a text stands in their column; a text where others have an object has none.
    expect(rows.at(-1)?.['note']).toBe('{"de":"x"}')
    expect(JSON.parse(String(others.at(-1)))).toEqual({ inner: '=1' })
  })
})
