import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { hostileRows, lists, rowOf } from './hostile.ts'
import { type Both, cellsOf, columnOf, walked } from './reading.ts'
import { openShelf, type Shelf } from './shelf.ts'

// Pages cut at the budget while batches are kept behind them (session/ahead.ts): tokens point into a batch, too.

let shelf: Shelf
beforeAll(async () => {
  shelf = await openShelf()
})
afterAll(() => shelf.close())

const pageSize = 4
/** Room for one row, for two, for three and for four. */
const everyBudget = [2_000, 2_700, 3_700, 9_000]
/** The walk that is compared with one by servers that each serve a single page. */
const forgetful = 2_700

describe.each(lists)('$tool, $paging', (list) => {
  const { shown } = hostileRows(list)
  // Of like length, so that every budget cuts every page; each with an id of its own.
  const mixed = [...shown.slice(6), ...shown.slice(6)]
    .slice(0, 26)
    .map((text, index) =>
      rowOf(list, index, `${text.slice(0, 300)} ${`${index} `.repeat(200)}`.padEnd(900, '.').slice(0, 900)),
    )
  const ids = mixed.map((row) => row[list.key])

  // The batches are the same however a list is paged: one list stands for all.
  const budgets = list === lists[0] ? everyBudget : [forgetful]

  test('every row once, in order, however many fit; and the same without what is kept', async () => {
    expect(mixed.length, 'pages beyond the third').toBeGreaterThan(4 * pageSize)
    const args = { ...list.args, pageSize }
    const most: number[] = []
    for (const budget of budgets) {
      const opened: Assistant[] = []
      const open = async (): Promise<Assistant> => {
        const one = await assistantOn(shelf, { ...list.settings, QUALYS_REPLY_CHARS: String(budget) })
        opened.push(one)
        return one
      }
      const keeping = await open()
      shelf.put(mixed)
      const pages = await walked(() => keeping, list.tool, args, budget)
      // Each page comes in two forms: without batches, they are asked for twice.
      expect(shelf.asked()).toBeLessThan(pages.length + 4)
      expect(columnOf(pages, list.key)).toEqual(ids)
      expect(cellsOf(pages, list.key)).toEqual(ids)
      if (budget === forgetful) {
        const others = await walked(open, list.tool, args, budget)
        expect(pages.map(withoutMarks)).toEqual(others.map(withoutMarks))
      }
      await Promise.all(opened.map((one) => one.close()))
      most.push(Math.max(...pages.slice(0, -1).map(({ json }) => json.returned)))
    }
    // Sorted by texts, tokens take the room of a row.
    if (list.args === undefined)
      expect(most).toEqual(budgets.map((budget) => everyBudget.indexOf(budget) + 1))
  })
})

/** The marks of fences are drawn anew each time. */
function withoutMarks({ text, json }: Both): object {
  return { ...text, below: [...text.below], json }
}
