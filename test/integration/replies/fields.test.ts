import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { columnOf as columnOfPages, pagesOf } from '../session/walk.ts'
import { lists, rowOf } from './hostile.ts'
import { both } from './reading.ts'
import { openShelf, type Row, type Shelf } from './shelf.ts'

// What an assistant sees of a row: a few columns, others when it asks, and by what match finds it.

const listing = operations.filter(({ returns }) => returns === 'rows')
const tools = listing.map(({ name }) => name)

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
let shelf: Shelf
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 300 })
  assistant = await assistantOn(sandbox)
  shelf = await openShelf()
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
  await shelf.close()
})

describe('fields', () => {
  test.each(tools)('%s: those that are asked for, and no others', async (tool) => {
    const args = { pageSize: 5 }
    const { rows } = (await assistant.call(tool, { ...args, fields: ['*'] }, 'json')).structured
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const defaults = Object.keys((await assistant.call(tool, args, 'json')).structured.rows[0] ?? {})
    // Every other one, the last first: neither the order nor the choice is that of the defaults.
    const fields = names.filter((_, at) => at % 2 === 0).reverse()
    expect(fields).not.toEqual(defaults)
    const { json } = await both(assistant, tool, { ...args, fields })
    expect(json.rows).toEqual(
      rows.map((row) =>
        Object.fromEntries(fields.flatMap((name) => (name in row ? [[name, row[name]]] : []))),
      ),
    )
    for (const row of json.rows) expect(Object.keys(row)).toEqual(fields.filter((name) => name in row))
  })

  const unknown: Row = {
    surprise: 'one',
    'of-another': 'name',
    deep: { deeper: { deepest: 'two' }, beside: 'three' },
    list: ['four', 'five'],
    number: 6.5,
  }

  test.each(lists)('["*"], $tool, $paging: all of the record, known or not', async (list) => {
    const one = await assistantOn(shelf, list.settings)
    shelf.put([rowOf(list, 0, 'first', unknown), rowOf(list, 1, 'second')])
    const { text, json } = await both(one, list.tool, { fields: ['*'] })
    await one.close()
    const [first, second] = json.rows
    const sent = Object.entries(rowOf(list, 0, 'first')).map(([name, value]) =>
      typeof value === 'object' ? `${name}.dateTime` : name,
    )
    expect(Object.keys(second ?? {}).sort()).toEqual(sent.sort())
    const all = {
      surprise: 'one',
      'of-another': 'name',
      'deep.deeper.deepest': 'two',
      'deep.beside': 'three',
    }
    expect(first).toMatchObject({ [list.label]: 'first', ...all, list: ['four', 'five'] })
    expect(Number(first?.['number'])).toBe(6.5)
    expect(Object.keys(first ?? {})).toHaveLength(sent.length + 6)
    const shown = (name: string): boolean => text.head.includes(name) || text.summary.includes(`${name} `)
    expect(Object.keys(first ?? {}).filter((name) => !shown(name))).toEqual([])
    expect(text.lines[0]).toEqual(expect.arrayContaining(['one', 'two', 'three', 'four, five', '6.5']))
  })
})

describe('times', () => {
  const toTheSecond = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/
  const toTheMinute = /\d{4}-\d\d-\d\dT\d\d:\d\dZ/
  const timesOf = (rows: readonly Row[]): [string, string][] =>
    rows.flatMap((row, at) =>
      Object.entries(row).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(value)
          ? [[`${at} ${name}`, value]]
          : [],
      ),
    )

  /** Lists with a time among their default columns. */
  const timed = [
    'car_search_scripts',
    'car_search_jobs',
    'car_search_asset_jobs',
    'car_search_assets',
    'car_search_schedules',
    'car_list_reports',
    'saq_search_campaigns',
    'saq_search_questionnaires',
  ]

  test.each(tools)('%s: to the minute, and to the second where they are asked for', async (tool) => {
    const usual = await both(assistant, tool, { pageSize: 10 })
    const { text } = await assistant.call(tool, { pageSize: 10 })
    expect(text).not.toMatch(toTheSecond)
    const columns = [...new Set(timesOf(usual.json.rows).map(([place]) => place.split(' ')[1] ?? ''))]
    expect(columns.length > 0).toBe(timed.includes(tool))
    if (columns.length === 0) return
    expect(text).toMatch(toTheMinute)
    const asked = await both(assistant, tool, { pageSize: 10, fields: columns })
    const precise = timesOf(asked.json.rows)
    expect(precise.filter(([, time]) => !toTheSecond.test(time))).toEqual([])
    expect(precise.map(([place, time]) => [place, time.replace(/:\d\dZ$/, 'Z')])).toEqual(
      expect.arrayContaining(timesOf(usual.json.rows)),
    )
    const all = await assistant.call(tool, { pageSize: 10, fields: ['*'] }, 'json')
    expect(timesOf(all.structured.rows).filter(([, time]) => !toTheSecond.test(time))).toEqual([])
  })

  // lists.ts looks at the time as it was read, with its seconds; what is shown ends with the minute.
  test('match finds a time as it is shown', async () => {
    const { structured } = await assistant.call('car_search_jobs', { pageSize: 1 }, 'json')
    const shown = structured.rows[0]?.['created.dateTime']
    const found = await assistant.call('car_search_jobs', { match: shown }, 'json')
    expect(found.structured.rows.map(({ id }) => id)).toContain(structured.rows[0]?.['id'])
  })
})

describe('match looks in what is not shown', () => {
  const known = [
    { tool: 'car_search_assets', fields: ['operatingSystem', 'tags'] },
    { tool: 'car_search_schedules', fields: ['scheduleType'] },
    { tool: 'car_search_jobs', fields: ['test'] },
    { tool: 'car_list_reports', fields: ['fileFormat'] },
    { tool: 'saq_search_users', fields: ['tags'], args: { titleContains: 'Manager' } },
  ]

  test('in these fields', () => {
    const declared = listing.flatMap(({ name, alsoMatched }) =>
      alsoMatched ? [{ tool: name, fields: alsoMatched }] : [],
    )
    const pairs = (lists: readonly { tool: string; fields: readonly string[] }[]): string[] =>
      lists.flatMap(({ tool, fields }) => fields.map((field) => `${tool} ${field}`)).sort()
    expect(pairs(declared)).toEqual(
      pairs([...known, { tool: 'saq_search_questionnaires', fields: ['campaign.name'] }]),
    )
  })

  const wordsIn = (row: Row, names: readonly string[]): string =>
    names
      .map((name) => JSON.stringify(row[name] ?? ''))
      .join('\n')
      .toLowerCase()

  test.each(known.flatMap(({ tool, fields, args }) => fields.map((field) => ({ tool, field, args }))))(
    '$tool: $field',
    async ({ tool, field, args }) => {
      const { columns = [], alsoMatched = [], record } = listing.find(({ name }) => name === tool) ?? {}
      expect(record).toBeDefined()
      const key = columns[0] ?? ''
      const all = { ...args, pageSize: 200, fields: ['*'] }
      const rows = (await pagesOf(assistant, tool, all)).flatMap(({ rows }) => rows)
      // A word of the field that its row does not hold elsewhere.
      const word = rows
        .flatMap((row) =>
          (wordsIn(row, [field]).match(/[a-z]{3,}/g) ?? []).filter(
            (word) => !['id', 'name'].includes(word) && !wordsIn(row, columns).includes(word),
          ),
        )
        .at(0)
      if (word === undefined) throw new Error(`no row has a word of its own in ${field}`)
      const expected = rows.filter((row) => wordsIn(row, [...columns, ...alsoMatched]).includes(word))
      const pages = await pagesOf(assistant, tool, { ...args, match: word, pageSize: 200 })
      expect(columnOfPages(pages, key)).toEqual(expected.map((row) => String(row[key])))
      expect(pages.flatMap(({ rows }) => rows).filter((row) => field in row)).toEqual([])
      const none = await assistant.call(tool, { ...args, match: `${word}q9x` }, 'json')
      expect(none.structured.rows).toEqual([])
    },
  )

  // The sandbox names its questionnaires after their campaigns, as Qualys does, until somebody renames one.
  test('saq_search_questionnaires: campaign.name', async () => {
    const one = await assistantOn(shelf)
    shelf.put([
      { id: '1', title: 'renamed - Ann', state: 'REVIEW', campaign: { id: '5', name: 'Northwind 2026' } },
      { id: '2', title: 'renamed - Bob', state: 'REVIEW', campaign: { id: '6', name: 'Southwind 2026' } },
    ])
    const found = await one.call('saq_search_questionnaires', { match: 'northwind' }, 'json')
    await one.close()
    expect(found.structured.rows).toMatchObject([{ id: '1', title: 'renamed - Ann' }])
    expect(found.structured.rows[0]).not.toHaveProperty('campaign.name')
  })
})

test('hosts that are still open lack what comes in with their end, and nothing is wrong with that', async () => {
  const { structured } = await assistant.call(
    'car_search_asset_jobs',
    { outcome: 'open', pageSize: 5 },
    'json',
  )
  expect(structured.rows.map((row) => Object.keys(row))).toEqual(
    Array.from({ length: 5 }, () => ['id', 'asset.name', 'job.id']),
  )
  expect(structured).not.toHaveProperty('note')
})
