import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import type { Row } from '../../../src/session/answer.ts'
import { parseGroupKey } from '../../../src/tools/workflows/count/group-key.ts'
import { rejectUnknownColumns } from '../../../src/tools/workflows/count/known-columns.ts'

// A column that no row of the first batch has is refused at once, unless later rows may have it.

const run: Row = { id: '1', title: 't', created: { dateTime: 'x' }, category: { id: 1, name: 'c' }, extra: 1 }

/** The refusal of a column; undefined if it is accepted. */
function refusalOf(label: string, rows: readonly Row[] = [run], operation = searchJobs): string {
  try {
    rejectUnknownColumns(operation, [parseGroupKey(label)], rows, (text) => text)
    return ''
  } catch (error) {
    const { message, next } = error as Error & { readonly next: string }
    return `${message} ${next}`
  }
}

describe('is accepted', () => {
  test.each(['id', 'created.dateTime:day', 'category.name', 'extra', 'schedulerName', 'category', 'test'])(
    '%s',
    (label) => expect(refusalOf(label)).toBe(''),
  )

  test.each(['outcome', 'output.code', 'endDate:day', 'asset.name'])(
    '%s, of hosts that have none yet',
    (label) => {
      expect(refusalOf(label, [{ id: '1' }], searchAssetJobs)).toBe('')
    },
  )

  test('what is nested in an object that no row has', () => {
    expect(refusalOf('category.anything', [{ id: '1' }])).toBe('')
    expect(refusalOf('output.anything', [{ id: '1' }], searchAssetJobs)).toBe('')
  })

  test('anything where there are no rows', () => expect(refusalOf('nonsense', [])).toBe(''))

  test('what one row of many has', () => expect(refusalOf('late', [run, run, { late: 1 }])).toBe(''))
})

describe('is refused', () => {
  test.each([
    [
      'plattform',
      'No row has "plattform". The nearest is platform; there are: id, title, created.dateTime, ',
    ],
    ['categories.name', 'No row has "categories.name". The nearest is category.name; there are: '],
    ['category.nam', 'No row has "category.nam". The nearest is category.name; there are: '],
    ['created.datetime:day', 'No row has "created.datetime". The nearest is created.dateTime; there are: '],
    ['category.zzzzzz', 'No row has "category.zzzzzz". There are: id, title, created.dateTime, '],
    ['created.constructor', 'No row has "created.constructor". There are: id, title, created.dateTime, '],
  ])('%s: the nearest, then all', (label, sentence) => {
    expect(refusalOf(label)).toContain(sentence)
    // Those that the rows have, then those that they may have.
    expect(refusalOf(label)).toContain(
      'id, title, created.dateTime, category.id, category.name, extra, scriptId, ',
    )
  })

  test.each(['constructor', '__proto__', 'toString', 'nothing.like.it'])(
    '%s, with the known columns',
    (label) => {
      expect(refusalOf(label)).toMatch(new RegExp(`^No row has "${label}"\\. There are: .*created`))
    },
  )

  test('the wrong one of several', () => {
    const keys = ['title', 'nonsensical', 'id'].map(parseGroupKey)
    expect(() => rejectUnknownColumns(searchJobs, keys, [run], (text) => text)).toThrow(
      'No row has "nonsensical".',
    )
  })

  test('the field by the name an assistant sees, not by the misspelling of Qualys', () => {
    expect(refusalOf('enddate', [{ id: '1' }], searchAssetJobs)).toContain(
      'The nearest is endDate; there are: id, outcome, ',
    )
  })

  test('with thirty names at most, and the way to all', () => {
    const inside = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`field${at}`, 1]))
    const names = refusalOf('extra.zzzzzz', [{ ...run, extra: inside }])
    expect(names).toMatch(/, \S+, 1 more \(qualys:\/\/guides\/columns\)\.$/)
    expect(names.split(', ')).toHaveLength(31)
  })
})
