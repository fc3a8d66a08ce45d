import { describe, expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Row } from '../../../src/session/answer.ts'
import { createCsvFormatter } from '../../../src/tools/exports/csv.ts'
import { Table } from '../../../src/tools/exports/table.ts'

// The columns that the rows of an export have, and how large a CSV file of them may become, known before it is written.

const most = Number.POSITIVE_INFINITY

function tableOf(rows: readonly Row[], asked?: readonly string[]): Table {
  const table = new Table(searchJobs, asked)
  for (const [before, row] of rows.entries()) expect(table.tryAdd(row, before, most)).toBe(true)
  return table
}

const wide = (from: number, count: number): Row =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${from + at}`, at]))

describe('columns', () => {
  test('are the default ones first, then those of the documented record, then the others', () => {
    const table = tableOf([
      { zzz: 1, correlationUuid: 'c', category: { id: 1 }, title: 't', id: '1', aaa: 2 },
    ])
    expect(table.names).toEqual(['id', 'title', 'correlationUuid', 'category.id', 'zzz', 'aaa'])
  })

  test('are in the requested order, also inside an object', () => {
    const table = tableOf(
      [{ id: '1', title: 't', category: { name: 'c', id: 1 } }],
      ['title', 'category', 'id'],
    )
    expect(table.names).toEqual(['title', 'category.name', 'category.id', 'id'])
  })

  test('that were requested exist even if no row has them; an object by its name is no column', () => {
    expect(tableOf([{ id: '1' }], ['nothing', 'id']).names).toEqual(['nothing', 'id'])
    expect(tableOf([{ category: { id: 1 } }], ['category']).names).toEqual(['category.id'])
  })

  test('of no rows are the default ones, or the requested ones', () => {
    expect(tableOf([]).names).toEqual([...searchJobs.columns])
    expect(tableOf([], ['title']).names).toEqual(['title'])
  })

  test('are added by later rows', () => {
    expect(tableOf([{ id: '1' }, { odd: 1, id: '2' }, { title: 't' }]).names).toEqual(['id', 'title', 'odd'])
  })

  test.each([
    [499, 499, false],
    [500, 500, false],
    [501, 501, true],
    [2_000, 501, true],
  ])('%i fields make %i columns', (count, columns, beyond) => {
    const table = tableOf([wide(0, count)])
    expect(table.names).toHaveLength(columns)
    expect(table.names.at(-1) === 'otherFields').toBe(beyond)
  })

  test('keep the default ones before hundreds of others', () => {
    const { names } = tableOf([{ ...wide(0, 900), title: 't', platform: 'LINUX', id: '1' }])
    expect(names.slice(0, 4)).toEqual(['id', 'title', 'platform', 'f0'])
  })
})

describe('cells', () => {
  test('stand under their columns; values beyond them share one more', () => {
    const table = tableOf([wide(0, 500), { ...wide(499, 3), id: '1' }])
    const { names } = table
    const cells = table.cellsOf({ f0: 7, f500: 8, id: '1' }, names)
    expect(cells[names.indexOf('f0')]).toBe(7)
    expect(cells.at(-1)).toEqual({ f500: 8, id: '1' })
    expect(table.cellsOf({ f0: 7 }, names).at(-1)).toBeUndefined()
  })

  test('are as many as names, where no value lies beyond', () => {
    const table = tableOf([{ id: '1', title: 't' }])
    expect(table.cellsOf({ title: 'x' }, table.names)).toEqual([undefined, 'x'])
  })
})

/** The actual size of a file of these rows. */
async function fileSizeOf(table: Table, rows: readonly Row[]): Promise<number> {
  const { names } = table
  const toCsv = await createCsvFormatter(names.length)
  return Buffer.byteLength(toCsv([names]) + toCsv(rows.map((row) => table.cellsOf(row, names))))
}

describe('the size limit of a file', () => {
  const tables: Readonly<Record<string, readonly Row[]>> = {
    'a field of its own in every row': Array.from({ length: 400 }, (_, at) => ({ [`f${at}`]: '=' })),
    'more fields than columns': Array.from({ length: 700 }, (_, at) => ({ [`f${at}`]: '"'.repeat(40) })),
    'nothing but quotes': Array.from({ length: 50 }, () => ({
      note: '"'.repeat(300),
      list: ['"'.repeat(30)],
    })),
    'letters of several bytes': Array.from({ length: 50 }, (_, at) => ({ id: at, title: 'ü😀'.repeat(40) })),
    'rows as they usually are': Array.from({ length: 50 }, (_, at) => ({
      id: at,
      title: 'a run',
      created: { dateTime: 'x' },
    })),
  }

  test.each(Object.keys(tables))('is no smaller than the finished file: %s', async (what) => {
    const rows = tables[what] ?? []
    // The smallest limit that accepts all rows.
    let [low, high] = [0, 10_000_000]
    const takesAll = (bound: number): boolean => {
      const table = new Table(searchJobs, undefined)
      return rows.every((row, before) => table.tryAdd(row, before, bound))
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (takesAll(middle)) high = middle
      else low = middle
    }
    expect(await fileSizeOf(tableOf(rows), rows)).toBeLessThanOrEqual(high)
  })

  test('a row that does not fit changes nothing', () => {
    const takes = (table: Table, bound: number): boolean => table.tryAdd({ id: '2' }, 1, bound)
    const bounds = Array.from({ length: 100 }, (_, at) => at)
    const expected = bounds.map((bound) => takes(tableOf([{ id: '1' }]), bound))
    expect(new Set(expected).size).toBe(2)
    const found = bounds.map((bound) => {
      const table = tableOf([{ id: '1' }])
      expect(table.tryAdd({ odd: 'x'.repeat(500), id: '2' }, 1, 200)).toBe(false)
      expect(table.names).toEqual(['id'])
      return takes(table, bound)
    })
    expect(found).toEqual(expected)
  })
})
