import fc from 'fast-check'
import { expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { anyText, holdsLater } from '../../support/properties/property.ts'
import { callerOn, toolFor, Upstream } from '../../support/workflows/memory.ts'

// A filter is a person's or a model's own query: Qualys gets it as it was written, whatever is in it.

const lists = operations.filter(({ input }) => 'filter' in input)

/** The bodies by which one call asked. */
async function asked(list: Operation, args: object): Promise<{ isError: boolean; sent: string[] }> {
  const upstream = new Upstream()
  upstream.serve({ body: { body: { totalCount: 0, list: [] } } })
  const { isError } = await callerOn(upstream.answer).call(toolFor(list), args)
  return { isError, sent: upstream.sent.map(({ body }) => body) }
}

/** What is no query: nothing to be seen in it, or more than 4,000 characters. */
const isNone = (filter: string): boolean => !/\S/.test(filter) || [...filter].length > 4_000

const anyFilter = fc.oneof(
  { weight: 9, arbitrary: anyText() },
  { weight: 1, arbitrary: anyText(3).map((part) => (part || 'x').repeat(2_000)) },
)

test('there are lists that take one', () => expect(lists.length).toBeGreaterThanOrEqual(6))

test.each(lists.map((list) => [list.name, list] as const))(
  '%s sends it byte for byte',
  async (_name, list) => {
    await holdsLater(anyFilter, 30, async (filter) => {
      const { isError, sent } = await asked(list, { filter })
      expect(isError).toBe(isNone(filter))
      expect(sent).toHaveLength(isError ? 0 : 1)
      for (const body of sent) {
        expect(body).toContain(`"filter":${JSON.stringify(filter)}`)
        expect(JSON.parse(body)).toMatchObject({ filter })
      }
    })
  },
)

test('beside a named input, it stands in the query as it is', async () => {
  await holdsLater(anyText(), 60, async (filter) => {
    const { sent } = await asked(searchJobs, { filter, scriptId: 19218 })
    expect(sent).toHaveLength(isNone(filter) ? 0 : 1)
    for (const body of sent) {
      const query = String((JSON.parse(body) as { filter: unknown }).filter)
      expect([`scriptId:19218 AND ${filter}`, `scriptId:19218 AND (${filter})`]).toContain(query)
    }
  })
})
