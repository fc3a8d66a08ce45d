import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../src/operations/index.ts'
import { hintsOf } from '../../src/operations/operation.ts'
import { catalogueOf } from '../../src/tools/catalogue.ts'
import listings from '../../src/tools/listings.json' with { type: 'json' }
import { everyListing, toolbox } from '../../src/tools/toolbox.ts'
import { costOf, mostInstructions, mostPerTool, selections, toolCosts } from '../programs/costs.ts'
import { type Assistant, assistantOn, openAssistant } from '../support/assistant.ts'
import { settingsFrom } from '../support/environment.ts'
import { openSandbox } from '../support/sandbox.ts'

// The rules that every operation and every listed tool obeys, whoever adds one.

interface Listed {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: Schema
  readonly outputSchema?: Schema
  readonly annotations: Readonly<Record<string, unknown>>
}

type Schema = Readonly<Record<string, unknown>>

/** Every schema node with its path and its depth: how many objects it lies in. */
function nodesOf(node: unknown, path = '', depth = 0): { path: string; depth: number; node: Schema }[] {
  if (typeof node !== 'object' || node === null) return []
  const schema = node as Schema
  const inner = Object.entries((schema['properties'] ?? {}) as Schema).flatMap(([name, child]) =>
    nodesOf(child, `${path}.${name}`, depth + 1),
  )
  return [
    { path, depth, node: schema },
    ...inner,
    ...('items' in schema ? nodesOf(schema['items'], `${path}[]`, depth) : []),
  ]
}

const forbidden = [
  '$ref',
  '$defs',
  '$schema',
  '$id',
  'prefixItems',
  'patternProperties',
  'propertyNames',
  'format',
  'default',
  'const',
  'oneOf',
  'allOf',
  'not',
  'exclusiveMinimum',
  'exclusiveMaximum',
]

let assistant: Assistant
let tools: Listed[]

beforeAll(async () => {
  assistant = await openAssistant({ QUALYS_UNVERIFIED: 'all' })
  tools = (await assistant.request('tools/list'))['tools'] as Listed[]
})
afterAll(() => assistant.close())

describe('operations', () => {
  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s is declared whole',
    (_name, operation) => {
      expect(operation.source).toMatch(/\w{10,}/)
      expect(['documented', 'regular', 'guessed']).toContain(operation.evidence)
      expect(operation.paging !== undefined).toBe(operation.returns === 'rows')
      expect(operation.columns.length).toBeGreaterThan(0)
      expect(operation.columns.length).toBeLessThanOrEqual(7)
      expect(operation.change === undefined).toBe(operation.effect === 'read')
      for (const { endOfLife } of operation.retired ?? [])
        expect(endOfLife).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/)
    },
  )

  test('no name and no route twice', () => {
    // The page of creating from the library cannot be read: its body is guessed for the path of creating.
    const routes = operations
      .filter(({ name }) => name !== 'saq_create_template_from_library')
      .map(({ route }) => route)
    for (const of of [operations.map(({ name }) => name), routes]) expect(new Set(of).size).toBe(of.length)
  })
})

describe('the list', () => {
  test('holds every operation and our own tools, in reading order, the same each time', async () => {
    const ours = [
      'qualys_status',
      'qualys_export',
      'car_follow_run',
      'car_get_output',
      'car_count_jobs',
      'car_count_asset_jobs',
      'saq_campaign_status',
    ]
    expect(tools.map(({ name }) => name)).toEqual([...ours, ...operations.map(({ name }) => name)])
    expect(JSON.stringify((await assistant.request('tools/list'))['tools'])).toBe(JSON.stringify(tools))
  })

  test('carries no output schema unless asked for', async () => {
    expect(tools.filter(({ outputSchema }) => outputSchema !== undefined)).toEqual([])
    const programs = await openAssistant({ QUALYS_REPLY: 'json' })
    const listed = (await programs.request('tools/list'))['tools'] as Listed[]
    await programs.close()
    for (const { outputSchema } of listed)
      expect(Object.keys(outputSchema?.['properties'] as object)).toContain('rows')
  })

  test('has a rule for every tool', () => {
    for (const tool of tools) {
      const { name, title, description, annotations } = tool
      expect(name).toMatch(/^[a-z][a-z0-9_]{2,39}$/)
      expect(title.length, name).toBeGreaterThan(3)
      expect(description, name).toMatch(/\.$/)
      expect(
        description.split(/[.!?](?:\s|$)/).filter((part) => part !== '').length,
        name,
      ).toBeLessThanOrEqual(2)
      expect(Object.keys(annotations).sort(), name).toEqual([
        'destructiveHint',
        'idempotentHint',
        'openWorldHint',
        'readOnlyHint',
        'title',
      ])
    }
  })

  test('carries the hints of its effect', () => {
    for (const { name, effect, title } of operations) {
      expect(tools.find((tool) => tool.name === name)?.annotations, name).toEqual({
        title,
        ...hintsOf[effect],
      })
    }
  })

  test('says of a guessed tool, and of no other, that its path is not public', () => {
    const guessed = operations.filter(({ evidence }) => evidence === 'guessed').map(({ name }) => name)
    const saying = tools
      .filter(({ description }) => description.includes('its path is not public'))
      .map(({ name }) => name)
    expect(saying).toEqual(guessed)
  })
})

describe('schemas', () => {
  test('are plain enough for every client and model provider', () => {
    for (const { name, inputSchema } of tools) {
      expect(inputSchema['type'], name).toBe('object')
      for (const { path, depth, node } of nodesOf(inputSchema)) {
        const where = `${name}${path}`
        expect(
          forbidden.filter((key) => key in node),
          where,
        ).toEqual([])
        expect(path === '' && 'anyOf' in node, where).toBe(false)
        expect(typeof node['type'], `${where} type`).toBe('string')
        if (node['type'] === 'array')
          expect(Object.keys((node['items'] ?? {}) as object).length, where).toBeGreaterThan(0)
        // "arrays of plain objects at most three deep" (design 5): their fields lie one below.
        expect(depth, where).toBeLessThanOrEqual(['array', 'object'].includes(String(node['type'])) ? 3 : 4)
      }
    }
  })

  test('are those that validate, though kept in a file', () => {
    expect(listings).toEqual(everyListing())
    expect(listings.map(({ name }) => name)).toEqual([...toolbox.keys()])
  })

  test('say of every id where it comes from', () => {
    for (const { name, inputSchema } of tools) {
      for (const { path, node } of nodesOf(inputSchema).filter(({ path }) => /(Id|Ids|ids)$/.test(path))) {
        const own = String(
          node['description'] ?? (node['items'] as Schema | undefined)?.['description'] ?? '',
        )
        expect(own, `${name}${path}`).toMatch(/from ((car|saq)_\w+|the Qualys UI)/)
      }
    }
  })
})

describe('what a model reads', () => {
  test.each(selections)('of the list with $env', async (selection) => {
    const { tokens, instructions } = await costOf(selection)
    expect(tokens).toBeLessThanOrEqual(selection.budget ?? 9_500)
    expect(instructions).toBeLessThanOrEqual(mostInstructions)
  })

  test('of any tool is at most 450 tokens', async () => {
    const costs = await toolCosts(catalogueOf(settingsFrom({ QUALYS_UNVERIFIED: 'all' })))
    expect(costs.size).toBe(tools.length)
    expect([...costs].filter(([, cost]) => cost > mostPerTool)).toEqual([])
  })

  test('is what a client gets', async () => {
    const kept = catalogueOf(settingsFrom({ QUALYS_UNVERIFIED: 'all' })).listings
    expect(tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))).toEqual(
      kept.map(({ name, description, schema }) => ({ name, description, inputSchema: schema })),
    )
  })
})

describe('times', () => {
  test('are ISO 8601 UTC in every list and record of the sandbox', async () => {
    const sandbox = await openSandbox({ jobs: 100 })
    const there = await assistantOn(sandbox)
    for (const { name } of operations.filter(({ returns }) => returns === 'rows')) {
      const { structured } = await there.call(name, { fields: ['*'], pageSize: 50 }, 'json')
      const epochs = structured.rows
        .flatMap((row) => Object.entries(row))
        .filter(([, value]) => Number(value) > 1e11)
      expect(epochs, name).toEqual([])
    }
    await there.close()
    await sandbox.close()
  })
})

describe('snapshots', () => {
  test('none of a tool that is gone', () => {
    const kept = readdirSync(new URL('../snapshots', import.meta.url)).map((file) =>
      file.replace('.json', ''),
    )
    expect(kept.sort()).toEqual(tools.map(({ name }) => name).sort())
  })

  test('each tool exactly as a client sees it', async () => {
    for (const tool of tools) {
      await expect(`${JSON.stringify(tool, undefined, 2)}\n`).toMatchFileSnapshot(
        `snapshots/${tool.name}.json`,
      )
    }
  })
})
