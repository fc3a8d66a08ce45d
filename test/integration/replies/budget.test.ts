import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { type PageCost, pageCosts } from '../../bench/replies.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { both } from './reading.ts'

// What a page of default rows may cost a model, against the same rows as Qualys sends them: sizes, not times.

const tools = operations.filter(({ returns }) => returns === 'rows').map(({ name }) => name)

/** Lists that have no twenty rows: what is said around them weighs more than they do. */
const short = ['car_list_script_types', 'car_list_script_languages', 'car_search_blocked_commands']
const long = tools.filter((name) => !short.includes(name))

describe('tokens of a page', () => {
  let costs: ReadonlyMap<string, PageCost>
  beforeAll(async () => {
    costs = new Map((await pageCosts()).map((cost) => [cost.tool, cost]))
  })

  const costOf = (tool: string): PageCost => {
    const cost = costs.get(tool)
    if (!cost) throw new Error(`nobody measured ${tool}`)
    return cost
  }

  test('are measured of every list there is', () => {
    expect([...costs.keys()].sort()).toEqual([...tools].sort())
    expect(tools.filter((name) => short.includes(name))).toHaveLength(short.length)
  })

  test.each(long)('%s: twenty rows, a quarter as text, three tenths in the JSON form', (tool) => {
    const { rows, vendor, text, json } = costOf(tool)
    expect(rows).toBe(20)
    expect(text).toBeLessThanOrEqual(vendor * 0.25)
    expect(json).toBeLessThanOrEqual(vendor * 0.3)
  })

  test.each(short)('%s: few rows, less as text', (tool) => {
    const { rows, vendor, text } = costOf(tool)
    expect(rows).toBeLessThan(20)
    expect(text).toBeLessThan(vendor)
  })
})

describe('default columns', () => {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let assistant: Assistant
  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 300 })
    assistant = await assistantOn(sandbox)
  })
  afterAll(async () => {
    await assistant.close()
    await sandbox.close()
  })

  test.each(tools)('%s never shows a value that is equal in every row', async (tool) => {
    for (const pageSize of [2, 3, 20]) {
      const { text, json } = await both(assistant, tool, { pageSize })
      const [, ...others] = text.head
      for (const column of others) {
        const at = text.head.indexOf(column)
        expect(new Set(text.lines.map((line) => line[at])).size, `${column}: ${text.lines}`).toBeGreaterThan(
          1,
        )
      }
      // What the table leaves out stands in the first line, unless there is nothing to say.
      for (const column of new Set(json.rows.flatMap((row) => Object.keys(row)))) {
        const values = new Set(json.rows.map((row) => String(row[column] ?? '')))
        const [value = ''] = values
        if (
          text.head.includes(column) ||
          value === '' ||
          [...text.below.keys()].some((name) => name.startsWith(column))
        )
          continue
        expect([...values], column).toHaveLength(1)
        expect(text.summary).toContain(`${column} `)
      }
    }
  })

  test.each([
    ['car_search_schedules', 'all: activate true'],
    ['car_search_blocked_commands', 'all: platform WINDOWS'],
  ])('%s says such a value once', async (tool, once) => {
    const { text, json } = await both(assistant, tool, { pageSize: 3 })
    expect(text.summary).toContain(once)
    expect(json.rows).toHaveLength(3)
  })

  test.each(tools)('%s shows a column in which one row differs', async (tool) => {
    const { text, json } = await both(assistant, tool, { pageSize: 20 })
    for (const column of new Set(json.rows.flatMap((row) => Object.keys(row)))) {
      const values = new Set(json.rows.map((row) => JSON.stringify(row[column] ?? null)))
      const isBelow = [...text.below.keys()].some((name) => name.startsWith(`${column} of `))
      if (values.size > 1 && !isBelow) expect(text.head, column).toContain(column)
    }
  })
})
