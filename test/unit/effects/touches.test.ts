import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Operation } from '../../../src/operations/operation.ts'
import { listingOf } from '../../../src/tools/schema.ts'
import { leastInMemory } from '../../support/consent/replies.ts'
import { effects } from '../../support/effects/in-memory.ts'

// Every effect's `touches` names the ids of its input: by them the preview looks up what is touched, and the limits of
// the operator hold. A new effect whose ids are not named there would be shown, and held, by nothing.

/** Inputs with ids that stand for nothing to look up, by tool or by name; each with the reason. */
const notLookedUp: Readonly<Record<string, string>> = {
  typeId: 'a kind of script, not an object',
  languageId: 'a language, not an object',
  categoryId: 'a category, which no list shows',
  'car_import_library_script id': 'the library of Qualys cannot be listed',
  'car_delete_invalid_asset_jobs ids': 'a result has no name',
  'car_update_blocked_commands commandId': 'a set of commands has no name',
  'car_delete_blocked_commands commandIds': 'a set of commands has no name',
  'car_delete_report reportId': 'a report is listed by page, not by id',
}

const isLookedUp = (tool: string, input: string): boolean =>
  !(input in notLookedUp) && !(`${tool} ${input}` in notLookedUp)

/** Inputs that take ids, by their name or by what they say of themselves. */
function idInputs({ input }: Operation): string[] {
  const properties = listingOf(input)['properties'] as Readonly<Record<string, unknown>>
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
const least = await leastInMemory()
const sample = '987654321'

/** The input with an id, in whichever form it takes one. */
function withSample({ input }: Operation, name: string): unknown {
  const schema = z.strictObject({ [name]: input[name] as z.ZodType })
  const forms = [sample, [sample], [{ id: sample }]]
  const fitting = forms.find((form) => schema.safeParse({ [name]: form }).success)
  if (fitting === undefined) throw new Error(`no form of an id fits the input ${name}`)
  return fitting
}

test('there are effects with ids to look at', () => {
  expect(pairs.filter(([tool, input]) => isLookedUp(tool, input)).length).toBeGreaterThan(30)
})

test.each(pairs.filter(([tool, input]) => isLookedUp(tool, input)))(
  '%s names its %s',
  (tool, input, operation) => {
    // Of several ways to name the same, this one alone.
    const others = idInputs(operation).filter(
      (name) => z.safeParse(operation.input[name] as z.ZodType, undefined).success,
    )
    const rest = Object.entries(least[tool] ?? {}).filter(([name]) => !others.includes(name))
    const args = { ...Object.fromEntries(rest), [input]: withSample(operation, input) }
    const touched = JSON.stringify(operation.change?.touches?.(args) ?? {})
    expect(
      touched.includes(sample),
      `${tool}: change.touches does not name the ids of "${input}". Name them, so that the preview looks them up and the limits hold; or say in notLookedUp (test/unit/effects/touches.test.ts) why there is nothing to look up.`,
    ).toBe(true)
  },
)

test.each(Object.keys(notLookedUp))('the exception for %s is still one', (exception) => {
  const [tool, input] = exception.includes(' ') ? exception.split(' ') : [undefined, exception]
  expect(pairs.some(([name, one]) => one === input && (tool === undefined || name === tool))).toBe(true)
})
