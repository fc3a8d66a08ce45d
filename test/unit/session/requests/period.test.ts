import { describe, expect, test } from 'vitest'
import { operations } from '../../../../src/operations/index.ts'
import { openInMemory } from '../../../support/session/memory.ts'

// Qualys answers a period that ends before it starts with no rows, which reads like "there is nothing".

const lists = operations.filter(({ input }) => 'startAt' in input && 'endAt' in input).map(({ name }) => name)
const reversed = { startAt: '2026-02-01', endAt: '2026-01-31' }

describe('a period that ends before it starts is refused before anything is sent', () => {
  test('in three lists', () => expect(lists).toHaveLength(3))

  test.each<readonly [string, object]>([
    ...lists.map((name) => [name, reversed] as const),
    ...lists.map((name) => [name, { ...reversed, match: 'x' }] as const),
    ...lists.map((tool) => ['qualys_export', { tool, arguments: reversed, format: 'csv' }] as const),
    ['car_count_jobs', reversed],
    ['car_count_jobs', { ...reversed, groupBy: ['platform'] }],
    ['car_count_asset_jobs', { ...reversed, outcome: 'failed' }],
  ])('%s %j', async (tool, args) => {
    const { call, sent, logins } = openInMemory({ body: { body: { totalCount: 0, list: [] } } })
    const { text, error } = await call(tool, { ...args })
    expect(text).toBe(
      'startAt (2026-02-01T00:00:00.000Z) lies after endAt (2026-01-31T23:59:59.999Z). Pass the earlier time as startAt and the later one as endAt.',
    )
    expect(error).toMatchObject({ kind: 'input' })
    expect([...sent, ...logins]).toEqual([])
  })
})

test.each([
  { startAt: '2026-01-31', endAt: '2026-01-31' },
  { startAt: '2026-01-31T08:00Z', endAt: '2026-01-31T08:00Z' },
  { startAt: '2026-01-31T23:00-05:00', endAt: '2026-02-01T04:00Z' },
  { startAt: '2026-02-01' },
  { endAt: '2026-01-31' },
])('%j is a period', async (args) => {
  const { call } = openInMemory({ body: { body: { totalCount: 0, list: [] } } })
  expect((await call('car_search_jobs', args)).isError).toBe(false)
})
