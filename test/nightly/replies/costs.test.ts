import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { type PageCost, pageCosts } from '../../bench/parts/replies.ts'

// What a page of default rows may cost a model, compared with the same rows as Qualys sends them: sizes, not times.

const tools = operations.filter(({ returns }) => returns === 'rows').map(({ name }) => name)

/** Lists with fewer than twenty rows: the text around the rows is larger than the rows. */
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

  test('are measured for every list', () => {
    expect([...costs.keys()].sort()).toEqual([...tools].sort())
    expect(tools.filter((name) => short.includes(name))).toHaveLength(short.length)
  })

  test.each(long)('%s: twenty rows, a quarter as text, a third in the JSON form', (tool) => {
    const { rows, vendor, text, json } = costOf(tool)
    expect(rows).toBe(20)
    expect(text).toBeLessThanOrEqual(vendor * 0.25)
    expect(json).toBeLessThanOrEqual(vendor / 3)
  })

  test.each(short)('%s: few rows, less as text', (tool) => {
    const { rows, vendor, text } = costOf(tool)
    expect(rows).toBeLessThan(20)
    expect(text).toBeLessThan(vendor)
  })
})
