import { describe, expect, test } from 'vitest'
import { boundRow } from '../../../../src/session/records/row-bounds.ts'

// One row with a million fields blocked the process for a minute.

const wide = (fields: number) => Object.fromEntries(Array.from({ length: fields }, (_, at) => [`f${at}`, at]))

/** Objects within each other, the outermost included. */
function nested(levels: number): object {
  let value: object = {}
  for (let level = 1; level < levels; level++) value = { x: value }
  return value
}

function nestedLists(levels: number): object {
  let value: readonly unknown[] = []
  for (let level = 2; level < levels; level++) value = [value]
  return { x: value }
}

const bound = (row: unknown, first: readonly string[] = []) => boundRow(row, () => first)

describe('fields', () => {
  test.each([1_999, 2_000])('%i are kept, and the row is the one that came', (fields) => {
    const row = wide(fields)
    expect(bound(row)).toEqual({ row })
    expect(bound(row).row).toBe(row)
  })

  test.each([2_001, 10_000])('of %i the first 2,000 are kept, and the others counted', (fields) => {
    const { row, leftOut } = bound(wide(fields))
    expect(row).toEqual(wide(2_000))
    expect(leftOut).toEqual({ fields: fields - 2_000, values: 0, isTooDeep: false })
  })

  test('are counted at all depths', () => {
    const { row, leftOut } = bound({ id: 1, tag: wide(3_000) })
    expect(row).toEqual({ id: 1, tag: wide(1_998) })
    expect(leftOut?.fields).toBe(1_002)
  })

  test('that are documented are kept wherever they stand', () => {
    const { row } = bound({ ...wide(2_500), id: 7 }, ['id', 'title'])
    expect(row).toEqual({ id: 7, ...wide(1_999) })
  })

  test.each([
    ['recipients of a campaign', 5_000, 5],
    ['questions of a template', 330, 10],
    ['hosts of a job', 15_000, 3],
  ])('of many entries count once: %s', (_what, entries, fields) => {
    const row = { id: 1, list: Array.from({ length: entries }, () => wide(fields)) }
    expect(bound(row).row).toBe(row)
  })

  test('that differ in each entry are bounded all the same', () => {
    const { row, leftOut } = bound({ list: Array.from({ length: 2_500 }, (_, at) => ({ [`f${at}`]: at })) })
    expect(leftOut?.fields).toBe(501)
    expect(JSON.stringify(row).match(/"f\d+"/g)).toHaveLength(1_999)
  })

  test('named like those of every object stay fields', () => {
    const row = JSON.parse(`{"__proto__":1,"constructor":2,${JSON.stringify(wide(2_500)).slice(1)}`)
    expect(Object.keys(bound(row).row as object).slice(0, 3)).toEqual(['__proto__', 'constructor', 'f0'])
  })
})

describe('levels', () => {
  test.each([
    ['objects', nested(32)],
    ['lists', nestedLists(32)],
  ])('32 are kept: %s', (_what, row) => expect(bound(row)).toEqual({ row }))

  test.each([
    ['objects', nested(33), nested(32)],
    ['objects', nested(100_000), nested(32)],
    ['lists', nestedLists(33), nestedLists(32)],
    ['lists', nestedLists(100_000), nestedLists(32)],
  ])('what lies deeper goes: %s', (_what, row, kept) => {
    expect(bound(row)).toEqual({ row: kept, leftOut: { fields: 0, values: 0, isTooDeep: true } })
  })
})

describe('values', () => {
  test('200,000 are kept', () => {
    const row = { ids: Array.from({ length: 199_999 }, (_, at) => at) }
    expect(bound(row).row).toBe(row)
  })

  test('those beyond are counted', () => {
    const { row, leftOut } = bound({ ids: Array.from({ length: 1_000_000 }, (_, at) => at) })
    expect((row as { ids: unknown[] }).ids).toHaveLength(199_999)
    expect(leftOut).toEqual({ fields: 0, values: 800_001, isTooDeep: false })
  })
})
