import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Row } from '../../../src/session/answer.ts'
import { Table } from '../../../src/tools/exports/table.ts'

// The columns of a CSV file: the documented ones and those of its first rows; the last column has the rest.

const tableOf = (rows: readonly Row[], selected?: readonly string[]): Table =>
  new Table(searchJobs, selected, rows)

/** The cells of a row by column, without empty ones. */
function cellsOf(table: Table, row: Row): Record<string, string> {
  const [cells = {}] = parse<Record<string, string>>(table.header + table.lineOf(row), { columns: true })
  return Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== ''))
}

const wide = (from: number, count: number): Row =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${from + at}`, at]))

const documented = [
  ...searchJobs.columns,
  'updatedDateTime',
  'scriptType',
  'severity',
  'threshold',
  'test',
  'correlationUuid',
  'schedulerId',
  'schedulerName',
  'category.id',
  'category.name',
]

describe('columns', () => {
  test('are the default ones first, then the documented ones, then the others of the first rows', () => {
    const table = tableOf([{ zzz: 1, title: 't', id: '1' }, { aaa: 2 }])
    expect(table.names).toEqual([...documented, 'zzz', 'aaa', 'other'])
    expect(tableOf([]).names).toEqual([...documented, 'other'])
  })

  test('of fields that no page shows stand with the object they are in', () => {
    const { names } = tableOf([{ created: { dateTime: 'x', zone: 'y' } }])
    expect(names.slice(0, 4)).toEqual(['id', 'created.dateTime', 'created.zone', 'title'])
  })

  test('are in the requested order, also inside an object', () => {
    const table = tableOf(
      [{ id: '1', title: 't', category: { name: 'c', id: 1 } }],
      ['title', 'category', 'id'],
    )
    expect(table.names).toEqual(['title', 'category.name', 'category.id', 'id', 'other'])
  })

  test('that were requested exist even if no row has them; an object by its name is no column', () => {
    expect(tableOf([{ id: '1' }], ['nothing', 'id']).names).toEqual(['nothing', 'id'])
    expect(tableOf([], ['title']).names).toEqual(['title'])
    expect(tableOf([{ category: { id: 1 } }], ['category']).names).toEqual(['category.id', 'other'])
  })

  test('are at most 500, the default ones before the others', () => {
    const { names } = tableOf([{ ...wide(0, 900), title: 't', id: '1' }])
    expect(names).toHaveLength(501)
    expect(names.slice(0, 3)).toEqual(['id', 'created.dateTime', 'title'])
  })

  test('of Qualys may be called like the last one', () => {
    const table = tableOf([{ other: 1, other_2: 2 }])
    expect(table.names.slice(-3)).toEqual(['other', 'other_2', 'other_3'])
    expect(cellsOf(table, { other: 'a', late: 'b' })).toEqual({ other: 'a', other_3: '{"late":"b"}' })
  })
})

describe('cells', () => {
  const table = tableOf([{ id: '1', note: 'x' }])

  test('stand under their columns; what appears later stands in the last one', () => {
    const row = {
      id: '2',
      created: { dateTime: 'd', zone: 'z' },
      note: ['a', 1],
      late: { deep: [1], none: null },
    }
    expect(cellsOf(table, row)).toEqual({
      id: '2',
      'created.dateTime': 'd',
      note: '["a",1]',
      other: '{"created.zone":"z","late.deep":[1]}',
    })
  })

  test('of an object whose columns are known, but which is none, are in the last column', () => {
    expect(cellsOf(table, { created: '2026' })).toEqual({ other: '{"created":"2026"}' })
    expect(cellsOf(table, { created: null })).toEqual({})
  })

  test('of a requested field that turns out to be an object are JSON', () => {
    expect(cellsOf(tableOf([{ id: '1' }], ['id', 'category']), { id: '2', category: { id: 3 } })).toEqual({
      id: '2',
      category: '{"id":3}',
    })
  })

  test('of fields with equal names when cleaned have numbers', () => {
    const row = { 'a b': 1, a_b: 2, 'a-b c': 3 }
    expect(cellsOf(tableOf([row]), row)).toEqual({ a_b: '1', a_b_2: '2', 'a-b_c': '3' })
    expect(cellsOf(table, row)).toEqual({ other: '{"a_b":1,"a_b_2":2,"a-b_c":3}' })
  })

  test('below eight objects are JSON', () => {
    const row = JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`)
    expect(cellsOf(tableOf([row]), row)).toEqual({ 'a.a.a.a.a.a.a.a': '{"a":1}' })
  })
})
