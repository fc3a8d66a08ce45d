import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { endless, type List, lists, type Row, rowOf } from '../../support/replies/lists.ts'
import { rowsInMemory } from '../../support/replies/memory.ts'
import { readBothForms } from '../../support/replies/reply-reader.ts'
import { withBudget } from '../../support/replies/walks.ts'
import { sourceInMemory } from './source.ts'

// Requested fields, of records with more fields than documented, for every kind of paging.

const unknown: Row = {
  surprise: 'one',
  'of-another': 'name',
  deep: { deeper: { deepest: 'two' }, beside: 'three' },
  list: ['four', 'five'],
  number: 6.5,
}

/** The columns that this program may add to the rows of a list. */
const computedFrom = (tool: string): string[] =>
  Object.keys(operations.find(({ name }) => name === tool)?.computedColumns ?? {})

describe.each(lists)('$tool, $paging', (list) => {
  test('["*"]: all of the record, known or not', async () => {
    const rows = rowsInMemory()
    rows.put([rowOf(list, 0, 'first', unknown), rowOf(list, 1, 'second')])
    const { text, json } = await readBothForms(rows.caller(list.settings), list.tool, { fields: ['*'] })
    const [first, second] = json.rows
    const sent = Object.entries(rowOf(list, 0, 'first')).map(([name, value]) =>
      typeof value === 'object' ? `${name}.dateTime` : name,
    )
    const computed = computedFrom(list.tool)
    const namesOf = (row = {}): string[] => Object.keys(row).filter((name) => !computed.includes(name))
    expect(namesOf(second).sort()).toEqual(sent.sort())
    const all = {
      surprise: 'one',
      'of-another': 'name',
      'deep.deeper.deepest': 'two',
      'deep.beside': 'three',
    }
    expect(first).toMatchObject({ [list.label]: 'first', ...all, list: ['four', 'five'] })
    expect(Number(first?.['number'])).toBe(6.5)
    expect(namesOf(first)).toHaveLength(sent.length + 6)
    const shown = (name: string): boolean => text.head.includes(name) || text.summary.includes(`${name} `)
    expect(Object.keys(first ?? {}).filter((name) => !shown(name))).toEqual([])
    expect(text.lines[0]).toEqual(expect.arrayContaining(['one', 'two', 'three', 'four, five', '6.5']))
  })

  test('the requested ones, in that order, and no others', async () => {
    const rows = rowsInMemory()
    rows.put([rowOf(list, 0, 'first', unknown), rowOf(list, 1, 'second')])
    const fields = ['deep.beside', list.label, list.key, 'surprise']
    const { json } = await readBothForms(rows.caller(list.settings), list.tool, { fields })
    expect(json.rows.map((row) => Object.keys(row))).toEqual([fields, [list.label, list.key]])
  })
})

describe('default columns', () => {
  const [runs] = lists as readonly [List]

  test('never hold a value that is the same in every row: the first line shows it once', async () => {
    const rows = rowsInMemory()
    rows.put([rowOf(runs, 0, 'a'), rowOf(runs, 1, 'b'), rowOf(runs, 2, 'a')])
    const { text, json } = await readBothForms(rows.caller(), runs.tool, {})
    expect(text.head).toEqual(['id', 'title'])
    expect(text.summary).toMatch(
      /; all: created\.dateTime 2023-11-14T22:13Z, scriptId 7, platform WINDOWS, executionType Manual$/,
    )
    expect(json.rows[2]).toMatchObject({ platform: 'WINDOWS', executionType: 'Manual' })
  })

  test('hold a column in which one row differs, and one that some rows lack', async () => {
    const rows = rowsInMemory()
    const other = { platform: 'LINUX', executionType: undefined }
    rows.put([rowOf(runs, 0, 'a'), rowOf(runs, 1, 'a', other), rowOf(runs, 2, 'a')])
    expect((await readBothForms(rows.caller(), runs.tool, {})).text.head).toEqual([
      'id',
      'platform',
      'executionType',
    ])
  })

  test('that are empty in every row are left out, unless they were requested', async () => {
    const rows = rowsInMemory()
    rows.put([0, 1].map((index) => rowOf(runs, index, '')))
    expect((await readBothForms(rows.caller(), runs.tool, {})).text.head).not.toContain('title')
    const { text } = await readBothForms(rows.caller(), runs.tool, { fields: ['id', 'title'] })
    expect(text.head).toEqual(['id', 'title'])
  })

  test('of long texts only are left out, and stand below', async () => {
    const rows = rowsInMemory()
    rows.put([0, 1].map((index) => rowOf(runs, index, `${index}\n`.repeat(200))))
    const { text } = await readBothForms(rows.caller(), runs.tool, { fields: ['id', 'title'] })
    expect(text.head).toEqual(['id'])
    expect([...text.below.keys()]).toEqual(['title of 1001', 'title of 1008'])
  })

  test.each(
    operations.filter(({ returns }) => returns === 'rows').map(({ name, columns }) => ({ name, columns })),
  )('$name: the id first', ({ columns }) =>
    expect(['id', 'fileUuid', 'commandId', '*']).toContain(columns[0]),
  )
})

describe('a value of 100 kB', () => {
  const [list] = lists as readonly [List]

  /** What both forms show of the very long text of the first row. */
  async function shownOf(rows: readonly Row[], budget: number): Promise<{ shown: string; note: string }> {
    const source = sourceInMemory()
    source.put(rows)
    const args = { pageSize: rows.length }
    const { json, text, size } = await withBudget(source, budget, list, (one) =>
      readBothForms(one, list.tool, args),
    )
    expect(size).toBeLessThanOrEqual(budget)
    const shown = String(json.rows[0]?.[list.label])
    expect([...text.below.values()][0]).toBe(shown)
    expect(endless.startsWith(shown)).toBe(true)
    return { shown, note: json.note ?? '' }
  }

  test('is truncated with advice how to get the rest, and the advice works', async () => {
    const long = rowOf(list, 0, endless)
    const among = await shownOf([long, rowOf(list, 1, 'short')], 24_000)
    expect(among.shown).toHaveLength(2_000)
    expect(among.note).toBe(
      '1 long value is cut: ask for a row alone, with pageSize 1, to see more of it; qualys_export writes all of it.',
    )
    const alone = await shownOf([long], 24_000)
    expect(alone.shown.length).toBeGreaterThan(20_000)
    expect(alone.note).toBe('1 long value is cut: a reply holds 24,000 characters (QUALYS_REPLY_CHARS).')
    expect(await shownOf([long], 400_000)).toEqual({ shown: endless, note: '' })
  })
})
