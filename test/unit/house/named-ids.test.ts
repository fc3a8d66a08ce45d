import { expect, test } from 'vitest'
import { z } from 'zod'
import { operations } from '../../../src/operations/index.ts'
import { type EffectOperation, type Input, isEffect } from '../../../src/operations/operation.ts'
import { objectsIn } from '../../../src/shared/json.ts'
import { minimalArguments } from '../../support/operations/minimal-arguments.ts'

// A person reads names, not ids: the targets of an effect hold every id that its input takes, so that the preview looks
// all of them up.

/** Inputs that take an id of what no call shows. */
const unlisted: Readonly<Record<string, string>> = {
  'car_import_library_script id': 'no call lists the library; the preview says so',
  'car_import_library_script categoryId': 'no call lists categories',
  'car_create_script categoryId': 'no call lists categories',
  'car_update_script categoryId': 'no call lists categories',
}

interface Property {
  readonly description?: string
  readonly type?: string
  readonly items?: { readonly properties?: Readonly<Record<string, Property>> }
}

/** An input that takes ids. */
interface IdInput {
  readonly tool: string
  readonly operation: EffectOperation
  readonly path: readonly string[]
  readonly isList: boolean
}

const takesIds = (name: string, { description = '' }: Property): boolean =>
  /^ids?$|Ids?$/.test(name) || /^ids? /.test(description)

function idInputs(operation: EffectOperation): IdInput[] {
  const { name: tool, input } = operation
  const schema = z.toJSONSchema(z.object(input), { io: 'input', unrepresentable: 'any' })
  const within = (properties: Readonly<Record<string, Property>>, above: readonly string[]): IdInput[] =>
    Object.entries(properties).flatMap(([name, property]) => {
      const path = [...above, name]
      const isList = property.items !== undefined
      const inner = property.items?.properties ? within(property.items.properties, path) : []
      return takesIds(name, property) ? [{ tool, operation, path, isList }] : inner
    })
  return within((schema.properties ?? {}) as Readonly<Record<string, Property>>, [])
}

const known = operations.filter(isEffect).flatMap(idInputs)
const id = '987654321'

/** Valid arguments with this id in one input. */
function argumentsWith({ tool, path: [name = '', inner], isList }: IdInput): Input {
  const minimal: Input = { ...minimalArguments[tool] }
  if (inner === undefined) return { ...minimal, [name]: isList ? [id] : id }
  return { ...minimal, [name]: objectsIn(minimal[name]).map((one) => ({ ...one, [inner]: id })) }
}

test('the inputs are found', () => {
  expect(known.length).toBeGreaterThan(45)
  const names = known.map(({ tool, path }) => `${tool} ${path.join('.')}`)
  for (const name of [
    'car_delete_report reportId',
    'car_create_schedule scripts.id',
    ...Object.keys(unlisted),
  ])
    expect(names).toContain(name)
})

test.each(known.map((input) => [`${input.tool} ${input.path.join('.')}`, input] as const))(
  '%s is looked up for the preview',
  (name, input) => {
    const { operation } = input
    const args = z.object(operation.input).parse(argumentsWith(input))
    const isNamed = JSON.stringify(operation.change.targets(args)).includes(`"${id}"`)
    expect(isNamed, `the targets of ${name} do not hold its id: look it up`).toBe(
      unlisted[name] === undefined,
    )
  },
)
