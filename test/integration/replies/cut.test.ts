import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { endless, type Hostile, hostileRows, type List, lists, rowOf } from './hostile.ts'
import { type Both, both, cellsOf, columnOf, walked } from './reading.ts'
import { openShelf, type Shelf } from './shelf.ts'

// Pages cut behind every row there is, of rows that somebody wrote to get in the way, walked through by their tokens.

let shelf: Shelf
beforeAll(async () => {
  shelf = await openShelf()
})
afterAll(() => shelf.close())

/** Does something with an assistant whose replies hold so many characters. */
async function within<T>(budget: number, list: List, act: (assistant: Assistant) => Promise<T>): Promise<T> {
  const assistant = await assistantOn(shelf, { ...list.settings, QUALYS_REPLY_CHARS: String(budget) })
  return act(assistant).finally(() => assistant.close())
}

const least = 2_000
const roomy = 400_000
/** "sandbox: " may come before a reply, and is counted. */
const prefix = 10
/** However tight the budget, so much of a text is shown. */
const shortest = 100

/** The text of a row, as the text form shows it: in the table, or below it. A column of nothing else is no column. */
function textIn({ text }: Both, list: List, at: number): string {
  const { head, lines, below } = text
  const cell = lines[at]?.[head.indexOf(list.label)] ?? ''
  return ['', '(below)'].includes(cell)
    ? (below.get(`${list.label} of ${lines[at]?.[head.indexOf(list.key)]}`) ?? cell)
    : cell
}

/** A value of the JSON form in a table; fences cannot stand in one. */
const inTable = (value: string): string =>
  value.replace(/\s+/g, ' ').trim().replaceAll('<<', '‹‹').replaceAll('>>', '››')

/** All rows once, in order, in both forms, each with its text or the beginning of it. */
function expectWhole(pages: readonly Both[], list: List, { rows, shown }: Hostile): void {
  const ids = rows.map((row) => row[list.key])
  expect(columnOf(pages, list.key)).toEqual(ids)
  expect(cellsOf(pages, list.key)).toEqual(ids)
  for (const [at, text] of columnOf(pages, list.label).entries()) {
    const seen = String(text ?? '')
    expect(seen, `row ${at}`).toBe(shown[at]?.slice(0, Math.max(seen.length, shortest)))
  }
  for (const page of pages) {
    for (const [at, row] of page.json.rows.entries()) {
      const value = String(row[list.label] ?? '')
      const below = value.replace(/\n+$/, '')
      // Several lines stand below the table; so do long texts, which may be cut until they look short.
      const either = value.trim().includes('\n') ? [below] : [below, inTable(value)]
      expect(either).toContain(textIn(page, list, at))
    }
  }
}

describe.each(lists)('$tool, $paging', (list) => {
  const all = hostileRows(list)

  test('cut behind each row in turn, and gone on with', async () => {
    const half = (_: unknown, index: number): boolean => index % 2 === 0
    const some = { rows: all.rows.filter(half), shown: all.shown.filter(half) }
    // A name this long makes the JSON form the larger one of every row: else the cut may fall a row before it has to.
    const wide = 'aFieldThatQualysMayHaveAddedSinceWithANameLongerThanItsValue'
    shelf.put(some.rows.map((row, index) => ({ ...row, [wide]: index })))
    // Texts come first in their lines, wherever the id is found without standing there.
    const fields = [...(list.key === 'id' ? [list.label, list.key] : [list.key, list.label]), wide]
    // One row is left for another page: SAQ tells the total of a list on its last.
    const args = { ...list.args, fields, pageSize: some.rows.length - 1 }
    // Sorted by texts, tokens are as long as these, and fewer rows may need more room.
    const exact = list.args === undefined
    await within(roomy, list, async (roomyOne) => {
      for (let cut = 1; cut < some.rows.length - 1; cut++) {
        const larger = await both(roomyOne, list.tool, { ...args, pageSize: cut + 1 })
        const enough = larger.size + prefix
        const more = await within(enough, list, (one) => one.call(list.tool, args, 'json'))
        const first = await within(enough - 1, list, (one) => both(one, list.tool, args))
        if (exact) expect([first.json.returned, more.structured.returned]).toEqual([cut, cut + 1])
        expect(first.size).toBeLessThan(enough)
        const { continuationToken } = first.json
        const rest = await both(roomyOne, list.tool, { ...args, pageSize: 200, continuationToken })
        expectWhole([first, rest], list, some)
      }
    })
  })

  test.each([least, 3_000, 5_000, 9_000])('every page of at most %i characters', async (budget) => {
    shelf.put(all.rows)
    const args = { ...list.args, pageSize: all.rows.length }
    const pages = await within(budget, list, (one) => walked(() => one, list.tool, args, budget))
    expect(pages.length).toBeGreaterThan(1)
    expectWhole(pages, list, all)
  })
})

describe('a value of 200 kB', () => {
  const [list] = lists as readonly [List]
  const { tool, label } = list

  /** What both forms show of the endless text of the first row. */
  async function shownOf(budget: number, pageSize: number): Promise<{ shown: string; note: string }> {
    const { json, text, size } = await within(budget, list, (one) => both(one, tool, { pageSize }))
    expect(size).toBeLessThanOrEqual(budget)
    const shown = String(json.rows[0]?.[label])
    expect([...text.below.values()][0]).toBe(shown)
    expect(endless.startsWith(shown)).toBe(true)
    return { shown, note: json.note ?? '' }
  }

  test('is clipped with the way to the rest, and the way leads there', async () => {
    shelf.put([rowOf(list, 0, endless), rowOf(list, 1, 'short')])
    const among = await shownOf(24_000, 2)
    expect(among.shown).toHaveLength(2_000)
    expect(among.note).toBe(
      '1 long value is cut: ask for a row alone, with pageSize 1, to see more of it; qualys_export writes all of it.',
    )
    const alone = await shownOf(24_000, 1)
    expect(alone.shown.length).toBeGreaterThan(20_000)
    expect(alone.note).toBe('1 long value is cut: a reply holds 24,000 characters (QUALYS_REPLY_CHARS).')
    const whole = await shownOf(roomy, 1)
    expect(whole.shown).toBe(endless)
    expect(whole.note).toBe('')
  })

  test('leaves room for the rows behind it', async () => {
    shelf.put([
      rowOf(list, 0, endless),
      ...Array.from({ length: 9 }, (_, at) => rowOf(list, at + 1, 'short')),
    ])
    const { json } = await within(24_000, list, (one) => both(one, tool, {}))
    expect(json.returned).toBe(10)
  })
})
