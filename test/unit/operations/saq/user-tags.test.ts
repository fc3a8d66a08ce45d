import { describe, expect, test } from 'vitest'
import { unjoined } from '../../../../src/operations/reads/joined-columns.ts'
import { searchUsers } from '../../../../src/operations/saq/users.ts'
import { MemoryLists } from '../../../support/saq/lists.ts'

// Users without a tag, and users by their tags.

type Row = Readonly<Record<string, unknown>>

const tagged: Row = {
  id: 1,
  tags: [
    { id: 11, name: 'PCI scope' },
    { id: 12, name: 'EMEA' },
  ],
}
const emptyList: Row = { id: 2, tags: [] }
const bare: Row = { id: 3 }
const nameless: Row = { id: 4, tags: [{ id: 13 }] }
const unreadable: Row = { id: 5, tags: 'PCI scope' }

async function without(tag: string, rows: readonly Row[], all: readonly Row[] | undefined = rows) {
  const lists = new MemoryLists(all ? { saq_search_users: all } : {})
  const filter = await searchUsers.localFilters?.['withoutTag']?.prepare(tag as never, lists, {})
  return { verdicts: rows.map((row) => filter?.test?.(row)), notes: filter?.notes?.(), needs: filter?.needs }
}

const rows = [tagged, emptyList, bare, nameless, unreadable]

describe('users without a tag', () => {
  test.each([
    ['PCI scope', [false, true, true, undefined, true]],
    ['pci  SCOPE ', [false, true, true, undefined, true]],
    ['EMEA', [false, true, true, undefined, true]],
    ['12', [false, true, true, true, true]],
    ['13', [true, true, true, false, true]],
    ['PCI', [true, true, true, undefined, true]],
    ['*', [false, true, true, false, true]],
  ])('%s', async (tag, verdicts) => {
    expect((await without(tag, rows)).verdicts).toEqual(verdicts)
  })

  test('are unknown if no record shows tags', async () => {
    expect(await without('*', [bare, emptyList])).toEqual({
      verdicts: [undefined, true],
      notes: [],
      needs: 'their tags',
    })
  })

  test('are unknown if the list cannot be read first', async () => {
    const lists = new MemoryLists({})
    const filter = await searchUsers.localFilters?.['withoutTag']?.prepare('EMEA' as never, lists, {})
    expect(filter?.test?.(bare)).toBeUndefined()
  })

  test('are counted, if their records show no tags where others do', async () => {
    expect((await without('PCI scope', [tagged, bare])).notes).toEqual([
      '1 user: no tags in the record, where other records have some, so it counts as without.',
    ])
  })

  test('a tag that nobody has is named, with those that occur', async () => {
    expect((await without('PCI scop', [tagged])).notes).toEqual([
      'No user that was looked at has the tag "PCI scop". Tags that occur: "PCI scope", EMEA.',
    ])
    expect((await without('*', [tagged])).notes).toEqual([])
  })
})

describe('users by their tags', () => {
  async function tagsOf(given: readonly Row[]) {
    const lists = new MemoryLists({ saq_search_users: given })
    const joiner = await searchUsers.joinedColumns?.load(['tags.name'], lists, {})
    return { values: given.map((row) => joiner?.value(row, 'tags.name')), notes: joiner?.notes() }
  }

  test('once under each', async () => {
    const { values } = await tagsOf(rows)
    expect(values).toEqual([['PCI scope', 'EMEA'], 'no tags', 'no tags', ['13'], 'no tags'])
  })

  test('not at all if no record shows any', async () => {
    expect(await tagsOf([bare])).toEqual({
      values: [unjoined],
      notes: ['1 user: no tags in the record, nor in others, so whether there are any is unknown.'],
    })
  })
})
