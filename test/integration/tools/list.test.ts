import { describe, expect } from 'vitest'
import { hintsOf } from '../../../src/operations/hints.ts'
import listings from '../../../src/tools/server/tool-manifest.json' with { type: 'json' }
import { type Assistant, openAssistant } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { completeOperations, isComplete } from '../../support/operations/parts.ts'
import { servedOperations } from '../../support/operations/served-routes.ts'
import { isUpdating } from '../../support/snapshots.ts'

// tools/list as a client gets it. The rules of the list: test/unit/house/tool-manifest.test.ts.

interface Listed {
  readonly name: string
  readonly description: string
  readonly inputSchema: object
  readonly outputSchema?: { readonly properties?: object }
  readonly annotations: Readonly<Record<string, unknown>>
}

const listOf = async (assistant: Assistant): Promise<Listed[]> =>
  (await assistant.request('tools/list'))['tools'] as Listed[]

const test = testOn({ jobs: 100 }, { QUALYS_UNVERIFIED: 'all' }).extend<{ tools: Listed[] }>({
  tools: async ({ assistant }, use) => use(await listOf(assistant)),
})

describe('tools/list', () => {
  test('is the generated list, the same each time', async ({ assistant, tools }) => {
    expect(tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))).toEqual(
      listings.map(({ name, description, schema }) => ({ name, description, inputSchema: schema })),
    )
    expect(JSON.stringify(await listOf(assistant))).toBe(JSON.stringify(tools))
  })

  test('has all four hints of every tool, by its effect', ({ tools }) => {
    const named = ['destructiveHint', 'idempotentHint', 'openWorldHint', 'readOnlyHint', 'title']
    expect(tools.length).toBeGreaterThan(completeOperations.length)
    for (const { name, annotations } of tools) expect(Object.keys(annotations).sort(), name).toEqual(named)
    for (const { name, effect, title } of completeOperations)
      expect(tools.find((tool) => tool.name === name)?.annotations, name).toEqual({
        title,
        ...hintsOf[effect],
      })
  })

  test('has no output schema', ({ tools }) => {
    expect(tools.filter(({ outputSchema }) => outputSchema !== undefined)).toEqual([])
  })

  test('has output schemas where the server replies in JSON', async () => {
    const programs = await openAssistant({ QUALYS_REPLY: 'json' })
    const tools = await listOf(programs)
    await programs.close()
    expect(tools.length).toBeGreaterThan(20)
    for (const { outputSchema } of tools)
      expect(Object.keys(outputSchema?.properties ?? {})).toContain('rows')
  })

  test('matches the snapshot of each tool', async ({ tools }) => {
    const compared = isUpdating() ? tools : tools.filter(({ name }) => isComplete(name))
    expect(compared.length).toBeGreaterThan(60)
    for (const tool of compared)
      await expect(`${JSON.stringify(tool, undefined, 2)}\n`).toMatchFileSnapshot(
        `../../snapshots/${tool.name}.json`,
      )
  })
})

describe('times', () => {
  test('are ISO 8601 UTC in every list', async ({ assistant }) => {
    const lists = servedOperations.filter(({ returns }) => returns === 'rows')
    expect(lists.length).toBeGreaterThan(10)
    for (const { name } of lists) {
      const { structured } = await assistant.call(name, { fields: ['*'], pageSize: 50 }, 'json')
      expect(structured.rows.length, name).toBeGreaterThan(0)
      const epochs = structured.rows
        .flatMap((row) => Object.entries(row))
        .filter(([, value]) => Number(value) > 1e11)
      expect(epochs, name).toEqual([])
    }
  })
})
