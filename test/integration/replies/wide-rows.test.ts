import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSource } from '../../support/replies/row-server.ts'

// Rows beyond their bounds: what is left out is counted and said.

let source: Awaited<ReturnType<typeof openSource>>
beforeAll(async () => {
  source = await openSource()
})
afterAll(() => source.close())

const wide = (fields: number) => Object.fromEntries(Array.from({ length: fields }, (_, at) => [`f${at}`, at]))

function nested(levels: number): object {
  let value: object = {}
  for (let level = 1; level < levels; level++) value = { x: value }
  return value
}

const textOf = (tool: string, args: object) =>
  source.with({}, async (assistant) => (await assistant.call(tool, args)).text)

test('fields of two rows are counted together, and the id is kept wherever it stands', async () => {
  source.put([
    { ...wide(3_000), id: 1 },
    { ...wide(2_500), id: 2 },
  ])
  const text = await textOf('car_search_jobs', { fields: ['id', 'f1'] })
  expect(text).toContain('1,502 fields beyond the first 2,000 of a row are left out.')
  expect(text).toMatch(/^1\n2$/m)
})

test('levels', async () => {
  source.put([{ id: 1, deep: nested(500) }])
  expect(await textOf('car_search_jobs', { fields: ['*'] })).toContain(
    'What lies deeper than 32 levels is left out.',
  )
})

test('a text that begins with a megabyte of hidden characters says how much of it is left out', async () => {
  source.put([{ id: 1, title: `${'\u200b'.repeat(1_000_000)}shown` }])
  expect(await textOf('car_search_jobs', { fields: ['*'] })).toMatch(/\(\d{3},\d{3} more characters\)/)
})
