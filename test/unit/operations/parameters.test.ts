import { describe, expect, test } from 'vitest'
import { checkParameters } from '../../../src/tools/effects/policy/script-parameters.ts'
import type { CarTargets } from '../../../src/tools/effects/targets/car-targets.ts'

// Parameters reach a script by position (car-api 5): in another order, `rm -r "$1"` gets what was meant for `$2`.

type Row = Readonly<Record<string, unknown>>

const targetsWith = (row: Row | undefined, keys?: readonly string[]): CarTargets => ({
  product: 'car',
  named: { product: 'car', ...(keys && { parameters: [{ script: '7', keys }] }) },
  scripts: [{ id: '7', ...(row && { row }) }],
  schedules: [],
  assets: [],
  tags: [],
  excludedAssets: [],
  stored: undefined,
  records: [],
  activeSchedules: [],
})

/** The refusal of these keys; undefined if they are accepted. */
function refusalOf(row: Row | undefined, ...keys: readonly string[]): string | undefined {
  try {
    checkParameters(targetsWith(row, keys))
    return undefined
  } catch (error) {
    const { message, next } = error as { message: string; next: string }
    return `${message} ${next}`
  }
}

const two: Row = { hasParameters: true, params: [{ key: 'path' }, { key: 'mode' }] }

test('their own order is accepted', () => expect(refusalOf(two, 'path', 'mode')).toBeUndefined())

test.for([
  [
    'another order',
    two,
    ['mode', 'path'],
    'Script 7 takes its parameters in another order. Pass params in this order: "path", "mode".',
  ],
  [
    'one that is missing',
    two,
    ['path'],
    'Script 7 also needs the parameter "mode". Pass params with a value for each of "path", "mode".',
  ],
  ['one too many', two, ['path', 'mode', 'x'], 'Script 7 has no parameter "x". It takes "path", "mode".'],
  [
    'one of a script without',
    { hasParameters: false },
    ['x'],
    'Script 7 takes no parameters. Leave params out.',
  ],
  ['one of an empty list', { params: [] }, ['x'], 'Script 7 takes no parameters. Leave params out.'],
] as const)('%s is refused', ([, row, keys, text]) => expect(refusalOf(row, ...keys)).toBe(text))

describe('nothing is refused', () => {
  test.for([
    ['a script that could not be looked up', undefined],
    ['a record that shows no parameters', {}],
    ['a record whose parameters are no list', { params: 'path' }],
  ] as const)('of %s', ([, row]) => expect(refusalOf(row, 'anything')).toBeUndefined())

  test('where the script takes no parameters, and gets none', () => {
    expect(refusalOf({ hasParameters: false })).toBeUndefined()
    expect(refusalOf({ params: [] })).toBeUndefined()
  })

  test('of a call without parameters to check', () => {
    expect(() => checkParameters(targetsWith(two))).not.toThrow()
  })
})
