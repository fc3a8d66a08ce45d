import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Operation } from '../../../src/operations/operation.ts'
import { toJsonSchema } from '../../../src/tools/schema.ts'
import { minimalArgumentsInMemory } from '../../support/consent/replies.ts'
import { effects } from '../../support/effects/in-memory.ts'

// Every effect's `targets` names the ids of its input: by them the preview looks up the objects, and the operator's
// limits apply. A new effect whose ids are not named there would have neither.

/** Inputs with ids that need no look-up, by tool or by name; each with the reason. */
const idsNotLookedUp: Readonly<Record<string, string>> = {
  categoryId: 'a category, which no list shows',
  'car_import_library_script id': 'the library of Qualys cannot be listed, which the preview says',
}

const isLookedUp = (tool: string, input: string): boolean =>
  !(input in idsNotLookedUp) && !(`${tool} ${input}` in idsNotLookedUp)

/** Inputs that take ids, by their name or by their description. */
function idInputs({ input }: Operation): string[] {
  const properties = toJsonSchema(input)['properties'] as Readonly<Record<string, unknown>>
  return Object.entries(properties)
    .filter(
      ([name, schema]) =>
        /(^id|^ids|Id|Ids)$/.test(name) || /\bids? (from|of|\()/.test(JSON.stringify(schema)),
    )
    .map(([name]) => name)
}

const pairs = effects.flatMap((operation) =>
  idInputs(operation).map((input) => [operation.name, input, operation] as const),
)
const least = await minimalArgumentsInMemory()
const sample = '987654321'

/** The input with an id, in the form that it accepts. */
function withSample({ input }: Operation, name: string): unknown {
  const schema = z.strictObject({ [name]: input[name] as z.ZodType })
  const forms = [sample, [sample], [{ id: sample }]]
  const fitting = forms.find((form) => schema.safeParse({ [name]: form }).success)
  if (fitting === undefined) throw new Error(`no form of an id fits the input ${name}`)
  return fitting
}

test('there are effects with ids to check', () => {
  expect(pairs.filter(([tool, input]) => isLookedUp(tool, input)).length).toBeGreaterThan(40)
})

test.each(pairs.filter(([tool, input]) => isLookedUp(tool, input)))(
  '%s names its %s',
  (tool, input, operation) => {
    // Of several alternative inputs, only this one.
    const others = idInputs(operation).filter(
      (name) => z.safeParse(operation.input[name] as z.ZodType, undefined).success,
    )
    const rest = Object.entries(least[tool] ?? {}).filter(([name]) => !others.includes(name))
    const args = { ...Object.fromEntries(rest), [input]: withSample(operation, input) }
    const touched = JSON.stringify(operation.change?.targets?.(args) ?? {})
    expect(
      touched.includes(sample),
      `${tool}: change.targets does not name the ids of "${input}". Name them, so that the preview looks them up and the limits hold; or say in idsNotLookedUp (test/unit/effects/targets.test.ts) why there is nothing to look up.`,
    ).toBe(true)
  },
)

test.each(Object.keys(idsNotLookedUp))('the exception for %s is still needed', (exception) => {
  const [tool, input] = exception.includes(' ') ? exception.split(' ') : [undefined, exception]
  expect(pairs.some(([name, one]) => one === input && (tool === undefined || name === tool))).toBe(true)
})
