import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { isObject, parseJson } from '../../../src/shared/json.ts'
import { plainArguments } from '../../../src/tools/arguments/plain-arguments.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { checkProperty } from '../../support/properties/property.ts'

// What holds for the arguments of every tool, whatever is written.

type Json = Readonly<Record<string, unknown>>

const tools = [...toolRegistry.values()].map((tool) => {
  const schema = z.strictObject(tool.input)
  return [tool.name, { ...tool, schema, json: z.toJSONSchema(schema, { io: 'input' }) as Json }] as const
})

/** Values that clients write for an argument of this schema, right ones and others. */
function written(schema: Json, depth = 0): fc.Arbitrary<unknown> {
  const { type, items, properties, enum: words } = schema
  const odd = fc.constantFrom<unknown>(
    null,
    '',
    [],
    {},
    'true',
    '12',
    12,
    1.5,
    true,
    '[]',
    '{}',
    '["a","b"]',
    'a,b',
    [null],
  )
  if (depth > 4) return odd
  const right: fc.Arbitrary<unknown> = Array.isArray(words)
    ? fc.constantFrom<unknown>(...words, ...words.map((word) => String(word).toLowerCase()))
    : type === 'array'
      ? fc.array(written(isObject(items) ? items : {}, depth + 1), { maxLength: 3 })
      : type === 'object'
        ? membersOf(isObject(properties) ? properties : {}, depth + 1)
        : type === 'boolean'
          ? fc.boolean()
          : type === 'string'
            ? fc.oneof(fc.string(), fc.stringMatching(/^\d{1,9}$/), fc.json())
            : fc.oneof(fc.integer(), fc.integer().map(String), fc.double())
  return fc.oneof(
    { weight: 6, arbitrary: right },
    { weight: 1, arbitrary: right.map((value) => JSON.stringify(value)) },
    { weight: 3, arbitrary: odd },
  )
}

function membersOf(properties: Json, depth: number): fc.Arbitrary<Json> {
  const members = Object.entries(properties).map(
    ([name, schema]) => [name, written(isObject(schema) ? schema : {}, depth)] as const,
  )
  return fc.record(Object.fromEntries(members), { requiredKeys: [] })
}

const argumentsOf = ({ json }: { readonly json: Json }): fc.Arbitrary<unknown> =>
  membersOf(isObject(json['properties']) ? json['properties'] : {}, 0)

test('there are tools', () => expect(tools.length).toBeGreaterThan(60))

describe.each(tools)('%s', (_name, tool) => {
  const plain = (args: unknown) => plainArguments(args, tool.json, tool.keepsStored !== undefined)

  test('making plain twice is making plain once', () => {
    checkProperty(argumentsOf(tool), 40, (args) => {
      const once = plain(args)
      expect(plain(once.value)).toEqual(once)
    })
  })

  test('valid arguments mean the same afterwards', () => {
    checkProperty(argumentsOf(tool), 80, (args) => {
      const before = tool.schema.safeParse(args)
      const { value, emptied } = plain(args)
      if (!before.success || emptied.length > 0 || (isObject(args) && Object.values(args).some(holdsEmpty)))
        return
      expect(tool.schema.parse(value)).toEqual(before.data)
    })
  })

  test('no value is invented or lost, but for what is empty', () => {
    checkProperty(argumentsOf(tool), 40, (args) => {
      expect(leavesOf(plain(args).value)).toEqual(leavesOf(args))
    })
  })

  test('what was written stays as it is', () => {
    checkProperty(argumentsOf(tool), 40, (args) => {
      const copy = structuredClone(args)
      plain(args)
      expect(args).toEqual(copy)
    })
  })
})

/** True for values that count as left out: null, and what is empty. */
function holdsEmpty(value: unknown): boolean {
  if (value === '' || value === null) return true
  if (typeof value === 'string') {
    const parsed = parseJson(value)
    return typeof parsed === 'object' && holdsEmpty(parsed)
  }
  const parts = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : undefined
  return parts !== undefined && (parts.length === 0 || parts.some(holdsEmpty))
}

/** The scalar values inside, in order, as text that does not depend on how they are written. */
function leavesOf(value: unknown): string[] {
  if (value === null || value === '') return []
  if (typeof value === 'object') return Object.values(value).flatMap(leavesOf)
  const parsed = typeof value === 'string' ? parseJson(value) : undefined
  if (typeof parsed === 'object') return leavesOf(parsed)
  const text = String(value).trim()
  return [text !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : text.toLowerCase()]
}
