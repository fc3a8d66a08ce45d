import { describe, expect, test } from 'vitest'
import { refuseParameters } from '../../../src/tools/effects/policy/script-parameters.ts'
import type { Scene } from '../../../src/tools/effects/targets/car-targets.ts'

// Parameters reach a script by position (car-api 5): in another order, `rm -r "$1"` gets what was meant for `$2`.

type Row = Readonly<Record<string, unknown>>

const scene = (row: Row | undefined): Scene => ({
  scripts: [{ id: '7', ...(row && { row }) }],
  schedules: [],
  assets: [],
  tags: [],
  excludedAssets: [],
  through: [],
})

/** What is said of these keys; undefined where they are taken. */
function said(row: Row | undefined, ...keys: readonly string[]): string | undefined {
  try {
    refuseParameters({ parameters: [{ script: '7', keys }] }, scene(row))
    return undefined
  } catch (error) {
    const { message, next } = error as { message: string; next: string }
    return `${message} ${next}`
  }
}

const two: Row = { hasParameters: true, params: [{ key: 'path' }, { key: 'mode' }] }

test('their own order is taken', () => expect(said(two, 'path', 'mode')).toBeUndefined())

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
] as const)('%s is refused', ([, row, keys, text]) => expect(said(row, ...keys)).toBe(text))

describe('nothing is said', () => {
  test.for([
    ['a script that could not be looked up', undefined],
    ['a record that shows no parameters', {}],
    ['a record whose parameters are no list', { params: 'path' }],
  ] as const)('of %s', ([, row]) => expect(said(row, 'anything')).toBeUndefined())

  test('where the script takes none, and gets none', () => {
    expect(said({ hasParameters: false })).toBeUndefined()
    expect(said({ params: [] })).toBeUndefined()
  })

  test('of a call without parameters to check', () => {
    expect(() => refuseParameters({}, scene(two))).not.toThrow()
  })
})
