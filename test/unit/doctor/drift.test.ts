import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Drift, driftOf } from '../../../src/cli/probe/comparison/drift.ts'
import { formOf } from '../../../src/cli/probe/recording/form.ts'
import { knownFields } from '../../../src/cli/probe/recording/known-fields.ts'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Operation } from '../../../src/operations/operation.ts'

// Whether recorded rows match their declaration: missing fields, other types, other names.

const run = (index: number): Record<string, unknown> => ({
  id: String(100 + index),
  title: `run ${index}`,
  created: { dateTime: 1_674_129_606_914 },
  platform: 'WINDOWS',
  executionType: 'Manual',
  scriptId: 7,
  test: false,
})

/** The drift of this number of rows, each changed. */
function drift(
  operation: Operation,
  change: (row: Record<string, unknown>, index: number) => Record<string, unknown>,
  { count = 50, row = run } = {},
): Drift {
  const rows = Array.from({ length: count }, (_, index) => change(row(index), index))
  return driftOf(operation, formOf(rows, knownFields(operation)), count)
}

const without = (row: Record<string, unknown>, ...names: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))

test('rows as they are declared have no drift', () => {
  expect(drift(searchJobs, (row) => row).problems).toEqual([])
})

describe('a documented field', () => {
  test('that is gone is missing', () => {
    expect(drift(searchJobs, (row) => without(row, 'platform')).problems).toEqual([
      'platform is missing, which every documented sample has',
    ])
  })

  test('that may have another name is missing, with the number of unknown fields', () => {
    expect(
      drift(searchJobs, ({ executionType, ...row }) => ({ ...row, executionTypes: executionType })).problems,
    ).toEqual(['executionType is missing, which every documented sample has; 1 unknown field may hold it'])
  })

  test('of another type is so in all rows, or in some', () => {
    expect(drift(searchJobs, (row) => ({ ...row, platform: 7 })).problems).toEqual([
      'platform is whole number in 50 of 50',
    ])
    expect(drift(searchJobs, (row, at) => (at < 3 ? { ...row, platform: null } : row)).problems).toEqual([
      'platform is null in 3 of 50',
    ])
  })

  test('that some rows lack is missing there', () => {
    expect(drift(searchJobs, (row, at) => (at < 4 ? without(row, 'title') : row)).problems).toEqual([
      'title is missing in 4 of 50',
    ])
  })

  test('inside an object is named by its path', () => {
    expect(drift(searchJobs, (row) => ({ ...row, created: { dateTime: true } })).problems).toEqual([
      'created.dateTime is boolean in 50 of 50',
    ])
  })
})

describe('a field in a list', () => {
  const tags = z.array(z.looseObject({ id: z.number(), note: z.string().optional() }))
  const operation = { ...searchJobs, columns: [], record: z.looseObject({ tags: tags.optional() }) }
  const problems = (value: unknown) =>
    drift(operation, (_, index) => (index > 0 ? { tags: value } : {}), { count: 5 }).problems

  test.each([
    [[], []],
    [[{ id: 7 }], []],
    [[{ note: 'x' }], ['tags[].id is missing, which every documented sample has']],
    [[{ id: 7 }, { note: 'x' }], ['tags[].id is missing in 4 of 8']],
    [
      [{ id: 'x' }, 'y'],
      ['tags[] is text in 4 of 8', 'tags[].id is text in 4 of 4'],
    ],
    ['none', ['tags is text in 4 of 4']],
  ])('%j: %j', (value, expected) => expect(problems(value)).toEqual(expected))
})

describe('a field that is an object or an empty text', () => {
  const owner = z.union([z.literal(''), z.looseObject({ name: z.string() })])
  const operation = { ...searchJobs, columns: [], record: z.looseObject({ owner }) }

  test.each([
    [{ name: 'x' }, []],
    ['', []],
    [{}, ['owner.name is missing, which every documented sample has']],
    ['x', ['owner is text in 5 of 5']],
    [undefined, ['owner is null in 5 of 5']],
  ])('%j: %j', (value, expected) =>
    expect(drift(operation, () => ({ owner: value }), { count: 5 }).problems).toEqual(expected),
  )
})

describe('a guessed field', () => {
  const asset = (index: number): Record<string, unknown> => ({
    id: index + 5,
    name: `ws-${index}`,
    platform: 'LINUX',
    operatingSystem: 'Ubuntu',
    lastSeen: '2026-01-01T00:00:00Z',
    tags: [{ id: 7, name: 'x' }],
  })

  /** A usual column that no page documents. */
  const column =
    searchAssets.columns.find((name) => name in asset(1) && name !== 'id' && name !== 'name') ?? ''

  test.each([
    [9, false],
    [10, true],
    [50, true],
  ])('that is a default column, in none of %i rows, is missing: %s', (count, outcome) => {
    const { problems: wrong, unseen } = drift(searchAssets, (row) => without(row, column), {
      count,
      row: asset,
    })
    expect(wrong.includes(`${column} is in none of ${count} rows`)).toBe(outcome)
    expect(unseen.includes(column)).toBe(!outcome)
  })

  test('that may have another name is missing, with the number of unknown fields', () => {
    const { problems } = drift(
      searchAssets,
      ({ [column]: value, ...row }) => ({ ...row, [`${column}s`]: value, other: 1 }),
      { row: asset },
    )
    expect(problems).toEqual([`${column} is in none of 50 rows; 2 unknown fields may hold it`])
  })
})

describe('fields that no declaration names', () => {
  test('are no drift, whatever their form is', () => {
    expect(
      drift(searchJobs, (row, at) => ({ ...row, agent: { version: '1' }, odd: at % 2 ? 1 : 'x' })).problems,
    ).toEqual([])
  })
})

test('declared fields that no row has may be missing by chance', () => {
  expect(drift(searchJobs, (row) => row).unseen).toEqual(
    expect.arrayContaining(['schedulerName', 'category']),
  )
})
