import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { isObject } from '../../../src/shared/json.ts'
import { argumentReader } from '../../../src/tools/arguments/argument-reader.ts'
import { plainArguments } from '../../../src/tools/arguments/plain-arguments.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'

// Hosts and models fill every member of the items of a list. An item has no stored value that could be kept, so what
// is empty in it is absent, in every tool, at any depth.

type Json = Readonly<Record<string, unknown>>

const schemaIn = (schema: Json, name: string): Json => (isObject(schema[name]) ? schema[name] : {})

/** One optional member of an item: where it is, its schema, and the arguments with one value for it. */
interface Member {
  readonly path: string
  readonly schema: Json
  readonly args: (value: unknown) => unknown
  readonly read: (args: unknown) => unknown
}

const memberOf = (value: unknown, name: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** The optional members of the items of every list in a schema. */
function membersIn(schema: Json, within: Omit<Member, 'schema'>, isItem: boolean): readonly Member[] {
  const items = schemaIn(schema, 'items')
  if (schema['type'] === 'array')
    return membersIn(
      items,
      {
        path: `${within.path}[]`,
        args: (value) => within.args([value]),
        read: (args) => memberOf(within.read(args), 0),
      },
      true,
    )
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(schemaIn(schema, 'properties')).flatMap(([name, own]) => {
    const member: Member = {
      path: `${within.path}.${name}`,
      schema: own as Json,
      args: (value) => within.args({ [name]: value }),
      read: (args) => memberOf(within.read(args), name),
    }
    const inner = membersIn(member.schema, member, isItem)
    return isItem && !required.includes(name) ? [member, ...inner] : inner
  })
}

const members = [...toolRegistry.values()].flatMap(({ name, input, keepsStored }) => {
  const schema = z.toJSONSchema(z.strictObject(input), { io: 'input' })
  const root = { path: name, args: (value: unknown) => value, read: (args: unknown) => args }
  return membersIn(schema, root, false).map(
    (member) => [member.path, { ...member, root: schema, keepsStored }] as const,
  )
})

test('these lists, at least, have items with optional members', () => {
  expect(members.map(([path]) => path.split('[')[0])).toEqual(
    expect.arrayContaining([
      'car_create_schedule.scripts',
      'car_create_script.params',
      'car_execute_script.params',
      'car_update_schedule.scripts',
      'car_update_script.params',
      'saq_create_campaign.notifications',
      'saq_create_template.sections',
      'saq_create_users.users',
      'saq_update_campaign.notifications',
      'saq_update_templates.sections',
    ]),
  )
})

describe.each(members)('%s', (_path, { schema, root, keepsStored, args, read }) => {
  const { type, emptiable } = schema
  const isNested = type === 'array' || type === 'object'
  const empties = emptiable === true ? [''] : ['', [], {}, ...(isNested ? ['[]', '{}'] : [])]
  test.each(empties)(`%j is ${emptiable === true ? 'kept' : 'absent'}`, (empty) => {
    const { value, emptied } = plainArguments(args(empty), root, keepsStored !== undefined)
    expect(emptied).toEqual([])
    expect(read(value)).toEqual(emptiable === true ? empty : undefined)
  })
})

const complaintsOf = async (name: string, args: object): Promise<unknown> => {
  const tool = toolRegistry.get(name)
  if (!tool) throw new Error('there is no such tool')
  const { value, issues } = await argumentReader(async () => tool)(args)
  return value ?? issues
}

/** An empty column of a table, as the programs that read one write it. */
const question = { text: 'Q', label: '', kind: 'text', options: [], criticality: '', requireComment: '' }

test.each(['saq_create_template', 'saq_update_templates'])('%s takes an empty column', async (tool) => {
  const sections = [{ name: 'S', description: '', questions: [question] }]
  const rest = tool === 'saq_create_template' ? { name: 'N', category: 'C' } : { ids: ['1'] }
  expect(await complaintsOf(tool, { ...rest, sections })).toEqual({
    ...rest,
    sections: [{ name: 'S', questions: [{ text: 'Q', kind: 'text' }] }],
  })
})
