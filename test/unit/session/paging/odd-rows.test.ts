import { describe, expect, test } from 'vitest'
import { openInMemory } from '../../../support/session/memory.ts'

// Rows of one list that differ from the documentation.

describe('one job, as served', () => {
  const whole = {
    id: '25943',
    title: 'Auto',
    created: { dateTime: 1674216006119 },
    platform: 'WINDOWS',
    executionType: 'Manual',
    scriptId: 19218,
    test: false,
    isTest: false,
  }
  /** What is shown of a page of these rows. */
  async function shown(rows: readonly object[], fields?: string[]) {
    const list = rows.map((data) => ({ sortValues: [1, '1'], data }))
    const body = { errorCode: null, message: null, body: { totalCount: rows.length, list } }
    const memory = openInMemory({ body })
    return (await memory.call('car_search_jobs', { ...(fields && { fields }) })).structured
  }

  test('without its optional fields: no note', async () => {
    expect(await shown([whole])).not.toHaveProperty('note')
    const empty = { ...whole, category: null, schedulerId: null, threshold: null }
    expect(await shown([empty])).not.toHaveProperty('note')
  })

  test('with undocumented fields: kept, accessible, no note', async () => {
    const added = { brandNew: 'x', nested: { deep: { er: 7 } }, list: [1, 'two'], UPPER: true }
    const page = await shown([{ ...whole, ...added }], ['*'])
    expect(page).not.toHaveProperty('note')
    expect(page.rows).toEqual([
      {
        id: '25943',
        title: 'Auto',
        'created.dateTime': '2023-01-20T12:00:06Z',
        platform: 'WINDOWS',
        executionType: 'Manual',
        scriptId: '19218',
        test: false,
        brandNew: 'x',
        'nested.deep.er': 7,
        list: [1, 'two'],
        UPPER: true,
      },
    ])
    expect((await shown([{ ...whole, ...added }], ['brandNew', 'nested'])).rows).toEqual([
      { brandNew: 'x', 'nested.deep.er': 7 },
    ])
  })

  test.each([
    {
      name: 'a field that every sample has is missing',
      row: { ...whole, title: undefined },
      note: /title \(missing\)/,
    },
    {
      name: 'a time that is none',
      row: { ...whole, created: { dateTime: 'soon' } },
      note: /created\.dateTime \(another type\)/,
    },
    {
      name: 'an object for a text',
      row: { ...whole, platform: { name: 'WINDOWS' } },
      note: /platform \(another type\)/,
    },
    { name: 'a text for a flag', row: { ...whole, test: 'maybe' }, note: /test \(another type\)/ },
  ])('$name: the row is shown, one note for any number of rows', async ({ row, note }) => {
    const page = await shown([whole, row, row])
    expect(page.returned).toBe(3)
    expect(page.rows.map(({ id }) => id)).toEqual(['25943', '25943', '25943'])
    expect(page.note).toMatch(note)
    expect(page.note?.match(/\(/g)).toHaveLength(1)
  })

  test('isTest alone counts as test', async () => {
    const { rows } = await shown([{ ...whole, test: undefined, isTest: true }], ['test', 'isTest'])
    expect(rows).toEqual([{ test: true }])
  })

  test.each([{ row: 'text' }, { row: 7 }, { row: null }, { row: ['a'] }])(
    'rows that are no objects, such as $row, do not break the list',
    async ({ row }) => {
      const body = { errorCode: null, message: null, body: { totalCount: 1, list: [row] } }
      const { error, structured } = await openInMemory({ body }).call('car_search_jobs')
      expect(error?.['kind'] ?? structured.note).toMatch(/drift|Qualys' rows/)
    },
  )
})
