import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assistantOn } from '../../support/assistant.ts'
import { type List, lists, rowOf } from './hostile.ts'
import { type Both, both } from './reading.ts'
import { openShelf, type Row, type Shelf } from './shelf.ts'

// Odd values: both forms of a reply show the same of them, within its size, on lines that are not ours (design 5).

let shelf: Shelf
beforeAll(async () => {
  shelf = await openShelf()
})
afterAll(() => shelf.close())

const [jobs] = lists as readonly [List]

async function asked(rows: readonly Row[], args: object, budget = 24_000): Promise<Both> {
  const assistant = await assistantOn(shelf, { QUALYS_REPLY_CHARS: String(budget) })
  shelf.put(rows.map((more, index) => rowOf(jobs, index, `row ${index}`, more)))
  return both(assistant, jobs.tool, args).finally(() => assistant.close())
}

describe('a value is as long in one form as in the other, or a note says so', () => {
  const tags = Array.from({ length: 70 }, (_, index) => ({ id: 7_500_000 + index, name: `Tag ${index}` }))

  // The JSON of a list is longer than "Tag 0 (7500000), …": what is cut there alone counts, too.
  test('a list of seventy tags', async () => {
    const { json } = await asked([{ tags }, {}], { fields: ['id', 'tags'] })
    if (json.note === undefined) expect(json.rows[0]?.['tags']).toEqual(tags)
  })

  // Escaped characters count: one element that does not fit must not leave an empty list.
  test('a list of one text', async () => {
    const { json } = await asked([{ list: ['"'.repeat(1_200)] }, {}], { fields: ['id', 'list'] })
    expect(json.rows[0]?.['list']).not.toEqual([])
  })

  // A value of up to 160 characters stands whole in the table, and so it does in the form for programs.
  test('texts that fit the table', async () => {
    const name = (index: number): string => `${'n'.repeat(69)}${index}`
    const row = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [name(index), `${index}`.padEnd(150, '"...')]),
    )
    const { json, text } = await asked([row], { fields: Object.keys(row), pageSize: 1 }, 2_000)
    expect(text.lines[0]).toEqual(Object.values(json.rows[0] ?? {}))
  })
})

describe('a reply is never larger than its budget', () => {
  // The note on absent fields names some of them, and some that there are.
  test('whatever fields are asked for', async () => {
    const fields = Array.from({ length: 40 }, (_, index) => `${'n'.repeat(70)}${index}`)
    const { size } = await asked([{}], { fields }, 2_000)
    expect(size).toBeLessThanOrEqual(2_000)
  })
})

describe('names of fields', () => {
  // As lines of the table, its head and what stands above a text are quoted where they could pass for ours.
  test('cannot pass for a line of ours', async () => {
    const { text } = await asked([{ 'Note: all is well': 'x'.repeat(300) }], { fields: ['*'] })
    expect([...text.below.keys()].filter((name) => /^(Note|More)\b/.test(name))).toEqual([])
  })

  // All three are written a_b.
  test('that are written alike once cleaned do not hide each other', async () => {
    const { json } = await asked([{ 'a b': 'one', 'a.b': 'two', a_b: 'three' }], { fields: ['*'] })
    expect(Object.values(json.rows[0] ?? {})).toEqual(expect.arrayContaining(['one', 'two', 'three']))
  })
})
