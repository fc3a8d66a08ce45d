import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import listings from '../../../src/tools/server/tool-manifest.json' with { type: 'json' }
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { everyTool } from '../../programs/costs.ts'
import { isComplete } from '../../support/operations/parts.ts'

// The rules for every listed tool, new ones included. That a client gets exactly this list: test/integration/tools.

type Schema = Readonly<Record<string, unknown>>

const tools: readonly {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly schema: Schema
}[] = everyTool

/** Every schema node with its path and its depth: the number of objects around it. */
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
  'additionalProperties',
  'format',
  'default',
  'const',
  'oneOf',
  'allOf',
  'not',
  'exclusiveMinimum',
  'exclusiveMaximum',
]

describe('the list', () => {
  test('holds our own tools and then every operation, in reading order', () => {
    const ours = [
      'qualys_status',
      'qualys_export',
      'car_follow_run',
      'car_compare_runs',
      'car_get_output',
      'car_count_jobs',
      'car_count_asset_jobs',
      'car_plan_rollout',
      'car_get_rollout',
      'car_hold_rollout',
      'car_resume_rollout',
      'car_stop_rollout',
      'car_list_rollouts',
      'car_plan_rerun',
      'saq_campaign_status',
      'saq_list_recipients',
    ]
    expect(tools.map(({ name }) => name)).toEqual([...ours, ...operations.map(({ name }) => name)])
  })

  test('matches the code', () => {
    const stale = 'src/tools/server/tool-manifest.json is not what the code lists: run npm run docs.'
    expect(listings, stale).toEqual(everyTool)
    expect(listings.map(({ name }) => name)).toEqual([...toolRegistry.keys()])
  })

  test('says of guessed tools, and only of them, that their path is not public', () => {
    const guessed = operations.filter(({ evidence }) => evidence === 'guessed').map(({ name }) => name)
    const saying = tools
      .filter(({ description }) => description.includes('its path is not public'))
      .map(({ name }) => name)
    expect(saying).toEqual(guessed)
  })

  test('has a snapshot of each tool', () => {
    const kept = readdirSync(new URL('../../snapshots', import.meta.url))
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.replace('.json', ''))
    const names = tools.map(({ name }) => name)
    expect(kept).toEqual(expect.arrayContaining(names.filter(isComplete)))
  })
})

describe.each(tools)('$name', ({ name, title, description, schema }) => {
  test('has a short name, a title, and a description of at most two sentences', () => {
    expect(name).toMatch(/^[a-z][a-z0-9_]{2,39}$/)
    expect(title.length).toBeGreaterThan(3)
    expect(description).toMatch(/\.$/)
    const sentences = description.split(/[.!?](?:\s|$)/).filter((part) => part !== '')
    expect(sentences.length).toBeLessThanOrEqual(2)
  })

  test('has a schema that is simple enough for every client and model provider', () => {
    expect(schema['type']).toBe('object')
    for (const { path, depth, node } of nodesOf(schema)) {
      expect(
        forbidden.filter((key) => key in node),
        path,
      ).toEqual([])
      expect(path === '' && 'anyOf' in node, path).toBe(false)
      expect(typeof node['type'], `${path} type`).toBe('string')
      if (node['type'] === 'array')
        expect(Object.keys((node['items'] ?? {}) as object).length, path).toBeGreaterThan(0)
      const inner = node['properties'] as Schema | undefined
      if (node['type'] === 'object' && path !== '')
        expect(Object.keys(inner ?? {}).length, `${path} lists no property`).toBeGreaterThan(0)
      // A client that makes a signature of it cannot put an optional parameter before a required one.
      const required = (node['required'] ?? []) as string[]
      expect(
        Object.keys(inner ?? {})
          .slice(0, required.length)
          .sort(),
        path,
      ).toEqual([...required].sort())
      // "arrays of plain objects at most three deep" (design 5): their fields are one level deeper.
      expect(depth, path).toBeLessThanOrEqual(['array', 'object'].includes(String(node['type'])) ? 3 : 4)
    }
  })
})

describe('an id', () => {
  const ids = tools.flatMap(({ name, schema }) =>
    nodesOf(schema)
      .filter(({ path }) => /(Id|Ids|ids)$/.test(path))
      .map(({ path, node }) => ({ where: `${name}${path}`, node })),
  )

  test('is an input of more than half of the tools', () => {
    expect(ids.length).toBeGreaterThan(tools.length / 2)
  })

  test.each(ids)('$where says where it comes from', ({ node }) => {
    const own = String(node['description'] ?? (node['items'] as Schema | undefined)?.['description'] ?? '')
    expect(own).toMatch(/from ((car|saq)_\w+|the Qualys UI)/)
  })
})
