import fc from 'fast-check'
import { expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { anyText, checkAsyncProperty } from '../../support/properties/property.ts'
import { callerOn, toolFor, Upstream } from '../../support/workflows/memory.ts'

// A filter is the query of a person or a model: Qualys receives it unchanged.

const lists = operations.filter(({ input }) => 'filter' in input)

/** The request bodies of one call. */
async function filtersSent(list: Operation, args: object): Promise<{ isError: boolean; sent: string[] }> {
  const upstream = new Upstream()
  upstream.serve({ body: { body: { totalCount: 0, list: [] } } })
  const { isError } = await callerOn(upstream.answer).call(toolFor(list), args)
  return { isError, sent: upstream.sent.map(({ body }) => body) }
}

/** Texts that are refused: blanks alone, or more than 4,000 characters. An empty one counts as left out. */
const isRefused = (filter: string): boolean =>
  filter !== '' && (!/\S/.test(filter) || [...filter].length > 4_000)

const anyFilter = fc.oneof(
  { weight: 9, arbitrary: anyText() },
  { weight: 1, arbitrary: anyText(3).map((part) => (part || 'x').repeat(2_000)) },
)

test('there are lists that take a filter', () => expect(lists.length).toBeGreaterThanOrEqual(6))

test.each(lists.map((list) => [list.name, list] as const))(
  '%s sends it byte for byte',
  async (_name, list) => {
    const without = await filtersSent(list, {})
    await checkAsyncProperty(anyFilter, 30, async (filter) => {
      const { isError, sent } = await filtersSent(list, { filter })
      expect(isError).toBe(isRefused(filter))
      expect(sent).toHaveLength(isError ? 0 : 1)
      if (filter === '') expect(sent).toEqual(without.sent)
      for (const body of filter === '' ? [] : sent) {
        expect(body).toContain(`"filter":${JSON.stringify(filter)}`)
        expect(JSON.parse(body)).toMatchObject({ filter })
      }
    })
  },
)

test('beside a named input, it stands in the query as it is', async () => {
  await checkAsyncProperty(anyText(), 60, async (filter) => {
    const { sent } = await filtersSent(searchJobs, { filter, scriptId: 19218 })
    expect(sent).toHaveLength(isRefused(filter) ? 0 : 1)
    for (const body of sent) {
      const query = String((JSON.parse(body) as { filter: unknown }).filter)
      const whole = [`scriptId:19218 AND ${filter}`, `scriptId:19218 AND (${filter})`]
      expect(filter === '' ? ['scriptId:19218'] : whole).toContain(query)
    }
  })
})
