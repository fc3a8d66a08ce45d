import { describe, expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { columnOf as columnOfPages, pagesOf } from '../../integration/session/walk.ts'
import { testOn } from '../../support/fixtures.ts'
import type { Row } from '../../support/replies/lists.ts'
import { readBothForms } from '../../support/replies/reply-reader.ts'

// What an assistant sees of a row, in every list of the sandbox: the default columns, requested ones, and rows
// found by match.

const test = testOn({ jobs: 300 })
const listing = operations.filter(({ returns }) => returns === 'rows')
const tools = listing.map(({ name }) => name)

describe('fields', () => {
  test.for(tools)('%s: the requested fields and no others', async (tool, { assistant }) => {
    const args = { pageSize: 5 }
    const { rows } = (await assistant.call(tool, { ...args, fields: ['*'] }, 'json')).structured
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const defaults = Object.keys((await assistant.call(tool, args, 'json')).structured.rows[0] ?? {})
    // Every other one, the last first: neither the order nor the choice of the defaults.
    const fields = names.filter((_, at) => at % 2 === 0).reverse()
    expect(fields).not.toEqual(defaults)
    const { json } = await readBothForms(assistant, tool, { ...args, fields })
    expect(json.rows).toEqual(
      rows.map((row) =>
        Object.fromEntries(fields.flatMap((name) => (name in row ? [[name, row[name]]] : []))),
      ),
    )
    for (const row of json.rows) expect(Object.keys(row)).toEqual(fields.filter((name) => name in row))
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

  test.for(tools)(
    '%s: to the minute, and to the second where they are requested',
    async (tool, { assistant }) => {
      const usual = await readBothForms(assistant, tool, { pageSize: 10 })
      const { text } = await assistant.call(tool, { pageSize: 10 })
      expect(text).not.toMatch(toTheSecond)
      const columns = [...new Set(timesOf(usual.json.rows).map(([place]) => place.split(' ')[1] ?? ''))]
      expect(columns.length > 0).toBe(timed.includes(tool))
      expect(toTheMinute.test(text)).toBe(columns.length > 0)
      const fields = columns.length > 0 ? columns : ['*']
      const asked = await readBothForms(assistant, tool, { pageSize: 10, fields })
      const precise = timesOf(asked.json.rows)
      expect(precise.filter(([, time]) => !toTheSecond.test(time))).toEqual([])
      expect(precise.map(([place, time]) => [place, time.replace(/:\d\dZ$/, 'Z')])).toEqual(
        expect.arrayContaining(timesOf(usual.json.rows)),
      )
      const all = await assistant.call(tool, { pageSize: 10, fields: ['*'] }, 'json')
      expect(timesOf(all.structured.rows).filter(([, time]) => !toTheSecond.test(time))).toEqual([])
    },
  )
})

describe('match searches fields that are not shown', () => {
  const known = [
    { tool: 'car_search_assets', fields: ['operatingSystem', 'tags'] },
    { tool: 'car_search_schedules', fields: ['scheduleType'] },
    { tool: 'car_search_jobs', fields: ['test'] },
    { tool: 'car_list_reports', fields: ['fileFormat'] },
    { tool: 'saq_search_users', fields: ['tags'], args: { titleContains: 'Manager' } },
  ]

  const wordsIn = (row: Row, names: readonly string[] = Object.keys(row)): string =>
    names
      .map((name) => JSON.stringify(row[name] ?? ''))
      .join('\n')
      .toLowerCase()

  test.for(known.flatMap(({ tool, fields, args }) => fields.map((field) => ({ tool, field, args }))))(
    '$tool: $field',
    async ({ tool, field, args }, { assistant }) => {
      const { columns = [], record } = listing.find(({ name }) => name === tool) ?? {}
      expect(record).toBeDefined()
      const key = columns[0] ?? ''
      const all = { ...args, pageSize: 200, fields: ['*'] }
      const rows = (await pagesOf(assistant, tool, all)).flatMap(({ rows }) => rows)
      // A word of the field that its row does not contain elsewhere.
      const word = rows
        .flatMap((row) =>
          (wordsIn(row, [field]).match(/[a-z]{3,}/g) ?? []).filter(
            (word) => !['id', 'name'].includes(word) && !wordsIn(row, columns).includes(word),
          ),
        )
        .at(0)
      if (word === undefined) throw new Error(`no row has a word of its own in ${field}`)
      const expected = rows.filter((row) => wordsIn(row).includes(word))
      const pages = await pagesOf(assistant, tool, { ...args, match: word, pageSize: 200 })
      expect(columnOfPages(pages, key)).toEqual(expected.map((row) => String(row[key])))
      expect(pages.flatMap(({ rows }) => rows).filter((row) => field in row)).toEqual([])
      const none = await assistant.call(tool, { ...args, match: `${word}q9x` }, 'json')
      expect(none.structured.rows).toEqual([])
    },
  )
})
