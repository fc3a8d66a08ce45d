import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import { anyText, checkAsyncProperty } from '../../support/properties/property.ts'
import { noRows, openGateway } from '../../support/session/gateway.ts'

// A filter is the query of a person or a model: Qualys receives it unchanged. Every list:
// test/unit/properties/filter.test.ts.

const bodies: string[] = []
let gateway: Sandbox
let assistant: Assistant
beforeAll(async () => {
  gateway = await openGateway(async (request, response) => {
    bodies.push(await text(request))
    response.end(noRows)
  })
  assistant = await openAssistantOn(gateway, { QUALYS_UNVERIFIED: 'all' })
})
afterAll(async () => {
  await assistant.close()
  await gateway.close()
})

/** The request bodies of one call. */
async function filtersSent(tool: string, args: object): Promise<{ isError: boolean; sent: string[] }> {
  bodies.length = 0
  const { isError } = await assistant.call(tool, args)
  return { isError, sent: [...bodies] }
}

/** Texts that are refused: blanks alone, or more than 4,000 characters. An empty one counts as left out. */
const isRefused = (filter: string): boolean =>
  filter !== '' && (!/\S/.test(filter) || [...filter].length > 4_000)

const anyFilter = fc.oneof(
  { weight: 9, arbitrary: anyText() },
  { weight: 1, arbitrary: anyText(3).map((part) => (part || 'x').repeat(2_000)) },
)

test('a list sends it byte for byte', async () => {
  const without = await filtersSent('car_search_jobs', {})
  await checkAsyncProperty(anyFilter, 30, async (filter) => {
    const { isError, sent } = await filtersSent('car_search_jobs', { filter })
    expect(isError).toBe(isRefused(filter))
    expect(sent).toHaveLength(isError ? 0 : 1)
    if (filter === '') expect(sent).toEqual(without.sent)
    for (const body of filter === '' ? [] : sent) {
      expect(body).toContain(`"filter":${JSON.stringify(filter)}`)
      expect(JSON.parse(body)).toMatchObject({ filter })
    }
  })
})
