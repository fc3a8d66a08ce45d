import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import type { Row } from '../../support/replies/lists.ts'
import { readBothForms } from '../../support/replies/reply-reader.ts'
import { columnOf, pagesOf } from '../session/walk.ts'

// What an assistant sees of a row of each product. All lists: test/nightly/replies; the rules: test/unit/tools.

const test = testOn({ jobs: 100 })
const products = ['car_search_jobs', 'car_search_assets', 'saq_search_users', 'saq_search_campaigns']

test.for(products)('%s has the requested fields and no others', async (tool, { assistant }) => {
  const { rows } = (await assistant.call(tool, { pageSize: 5, fields: ['*'] }, 'json')).structured
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  // Every other one, the last first: neither the order nor the choice of the defaults.
  const fields = names.filter((_, at) => at % 2 === 0).reverse()
  expect(fields.length).toBeGreaterThan(2)
  const { json } = await readBothForms(assistant, tool, { pageSize: 5, fields })
  const expected = rows.map((row) => fields.flatMap((name) => (name in row ? [[name, row[name]]] : [])))
  expect(json.rows.map((row) => Object.entries(row))).toEqual(expected)
})

test.for(products)('%s shows a column in which rows differ, and no other', async (tool, { assistant }) => {
  const { text, json } = await readBothForms(assistant, tool, { pageSize: 20 })
  const columns = [...new Set(json.rows.flatMap((row) => Object.keys(row)))]
  expect(columns.length).toBeGreaterThan(2)
  const values = (column: string) => new Set(json.rows.map((row) => JSON.stringify(row[column] ?? '')))
  const differing = columns.filter((column) => values(column).size > 1)
  expect(text.head.toSorted()).toEqual(differing.toSorted())
})

describe('times', () => {
  test('are shown to the minute, and to the second where they are requested', async ({ assistant }) => {
    const { text } = await assistant.call('car_search_jobs', { pageSize: 10 })
    expect(text).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\dZ/)
    expect(text).not.toMatch(/T\d\d:\d\d:\d\dZ/)
    const asked = await readBothForms(assistant, 'car_search_jobs', {
      pageSize: 10,
      fields: ['created.dateTime'],
    })
    for (const row of asked.json.rows) expect(row['created.dateTime']).toMatch(/T\d\d:\d\d:\d\dZ$/)
  })

  test('are found by match as they are shown', async ({ assistant }) => {
    const { structured } = await assistant.call('car_search_jobs', { pageSize: 1 }, 'json')
    const [shown] = structured.rows
    const found = await assistant.call('car_search_jobs', { match: shown?.['created.dateTime'] }, 'json')
    expect(found.structured.rows.map(({ id }) => id)).toContain(shown?.['id'])
  })
})

test('match searches fields that are not shown', async ({ assistant }) => {
  const all = await pagesOf(assistant, 'car_search_assets', { pageSize: 200, fields: ['*'] })
  const rows = all.flatMap(({ rows }) => rows as Row[])
  const [system = ''] = /[a-z]{5,}/i.exec(String(rows[0]?.['operatingSystem'])) ?? []
  const text = (row: Row): string =>
    ['id', 'name', 'platform', 'operatingSystem', 'tags', 'lastCheckedIn', 'status', 'agentVersion']
      .map((name) => JSON.stringify(row[name] ?? ''))
      .join('\n')
      .toLowerCase()
  const wanted = rows.filter((row) => text(row).includes(system.toLowerCase()))
  expect(wanted.length).toBeGreaterThan(0)
  const pages = await pagesOf(assistant, 'car_search_assets', { match: system, pageSize: 200 })
  expect(columnOf(pages, 'id')).toEqual(wanted.map(({ id }) => String(id)))
  expect(pages.flatMap(({ rows }) => rows).filter((row) => 'operatingSystem' in row)).toEqual([])
})

test('hosts that are still open lack fields that only ended hosts have, without a note', async ({
  assistant,
}) => {
  const { structured } = await assistant.call('car_search_asset_jobs', { outcome: 'open' }, 'json')
  expect(structured.returned).toBeGreaterThan(1)
  for (const row of structured.rows) expect(Object.keys(row)).toEqual(['id', 'asset.name', 'job.id'])
  expect(structured).not.toHaveProperty('note')
})
