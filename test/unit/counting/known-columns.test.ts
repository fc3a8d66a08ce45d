import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import type { Row } from '../../../src/session/answer.ts'
import { keyOf } from '../../../src/tools/workflows/count/groups.ts'
import { refuseUnknown } from '../../../src/tools/workflows/count/known-columns.ts'

// A column that no row of the first batch has is refused at once, unless rows to come may have it.

const run: Row = { id: '1', title: 't', created: { dateTime: 'x' }, category: { id: 1, name: 'c' }, extra: 1 }

/** What is said of a column; nothing where it is taken. */
function said(label: string, rows: readonly Row[] = [run], operation = searchJobs): string {
  try {
    refuseUnknown(operation, [keyOf(label)], rows)
    return ''
  } catch (error) {
    const { message, next } = error as Error & { readonly next: string }
    return `${message} ${next}`
  }
}

describe('is taken', () => {
  test.each(['id', 'created.dateTime:day', 'category.name', 'extra', 'schedulerName', 'category', 'test'])(
    '%s',
    (label) => expect(said(label)).toBe(''),
  )

  test.each(['outcome', 'output.code', 'endDate:day', 'asset.name'])(
    '%s, of hosts that have none yet',
    (label) => {
      expect(said(label, [{ id: '1' }], searchAssetJobs)).toBe('')
    },
  )

  test('what lies inside of an object that no row has', () => {
    expect(said('category.anything', [{ id: '1' }])).toBe('')
    expect(said('output.anything', [{ id: '1' }], searchAssetJobs)).toBe('')
  })

  test('anything where there are no rows', () => expect(said('nonsense', [])).toBe(''))

  test('what one row of many has', () => expect(said('late', [run, run, { late: 1 }])).toBe(''))
})

describe('is refused', () => {
  test.each([
    ['plattform', 'No row has plattform. Did you mean platform?'],
    ['categories.name', 'No row has categories.name. Did you mean category?'],
    ['category.nam', 'No row has category.nam. Did you mean category.name?'],
    ['created.datetime:day', 'No row has created.datetime:day. Did you mean created.dateTime?'],
    ['category.zzzzzz', 'No row has category.zzzzzz. There are category.id, category.name.'],
    ['created.constructor', 'No row has created.constructor. There are created.dateTime.'],
  ])('%s', (label, sentence) => expect(said(label)).toBe(sentence))

  test.each(['constructor', '__proto__', 'toString', 'nothing.like.it'])(
    '%s, with those there are',
    (label) => {
      expect(said(label)).toMatch(new RegExp(`^No row has ${label}\\. There are .*created`))
    },
  )

  test('the wrong one of several', () => {
    const keys = ['title', 'nonsensical', 'id'].map(keyOf)
    expect(() => refuseUnknown(searchJobs, keys, [run])).toThrow('No row has nonsensical.')
  })

  test('the field by the name that an assistant sees, not by a slip of Qualys', () => {
    expect(said('enddate', [{ id: '1' }], searchAssetJobs)).toContain('Did you mean endDate?')
  })

  test.each([
    [29, 29],
    [31, 30],
  ])('with thirty names at most (%i there are)', (count, named) => {
    const inside = Object.fromEntries(Array.from({ length: count }, (_, at) => [`field${at}`, 1]))
    const names = said('extra.zzzzzz', [{ ...run, extra: inside }])
    expect(names.split(', ')).toHaveLength(named)
  })
})
