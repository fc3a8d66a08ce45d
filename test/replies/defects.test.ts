import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assistantOn } from '../harness.ts'
import { type List, lists, rowOf } from './hostile.ts'
import { type Both, both } from './reading.ts'
import { openShelf, type Row, type Shelf } from './shelf.ts'

// Where the two forms of a reply, its size or its lines are not yet what they are meant to be (design 5).

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

  // render() counts what is cut of the text "Tag 0 (7500000), …"; the JSON of the same list is longer, and cut unsaid.
  test.fails('a list of seventy tags', async () => {
    const { json } = await asked([{ tags }, {}], { fields: ['id', 'tags'] })
    if (json.note === undefined) expect(json.rows[0]?.['tags']).toEqual(tags)
  })

  // structured() measures escaped characters: one element that does not fit leaves an empty list.
  test.fails('a list of one text', async () => {
    const { json } = await asked([{ list: ['"'.repeat(1_200)] }, {}], { fields: ['id', 'list'] })
    expect(json.rows[0]?.['list']).not.toEqual([])
  })

  // A value of 101 to 160 characters stands whole in the table; in a tight budget structured() cuts it to 100, unsaid.
  test.fails('texts that fit the table', async () => {
    const name = (index: number): string => `${'n'.repeat(69)}${index}`
    const row = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [name(index), `${index}`.padEnd(150, '"...')]),
    )
    const { json, text } = await asked([row], { fields: Object.keys(row), pageSize: 1 }, 2_000)
    expect(text.lines[0]).toEqual(Object.values(json.rows[0] ?? {}))
  })
})

describe('a reply is never larger than its budget', () => {
  // The note on absent fields names thirty of them, and thirty that there are: none of it is ever cut.
  test.fails('whatever fields are asked for', async () => {
    const fields = Array.from({ length: 40 }, (_, index) => `${'n'.repeat(70)}${index}`)
    const { size } = await asked([{}], { fields }, 2_000)
    expect(size).toBeLessThanOrEqual(2_000)
  })
})

describe('names of fields', () => {
  // Lines of the table are quoted where they could pass for ours; its head, and what stands above a text, are not.
  test.fails('cannot pass for a line of ours', async () => {
    const { text } = await asked([{ 'Note: all is well': 'x'.repeat(300) }], { fields: ['*'] })
    expect([...text.below.keys()].filter((name) => /^(Note|More)\b/.test(name))).toEqual([])
  })

  // flatten() makes "a_b" of all three, and keeps the last.
  test.fails('that are written alike once cleaned do not hide each other', async () => {
    const { json } = await asked([{ 'a b': 'one', 'a.b': 'two', a_b: 'three' }], { fields: ['*'] })
    expect(Object.values(json.rows[0] ?? {})).toEqual(expect.arrayContaining(['one', 'two', 'three']))
  })
})
