import { expect, test } from 'vitest'
import { canonicalJson, isObject, parseArguments, parseJson, plainText } from '../../../src/shared/json.ts'

test.each<readonly [unknown, boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['{}', false],
  [7, false],
  [() => 1, false],
])('%j is an object: %s', (value, expected) => {
  expect(isObject(value)).toBe(expected)
})

test.each<readonly [unknown, string]>([
  ['a', 'a'],
  [7, '7'],
  [false, 'false'],
  [undefined, 'undefined'],
  [null, ''],
  [{}, ''],
  [['a'], ''],
  [{ toString: 1 }, ''],
])('%j as plain text is %j', (value, expected) => {
  expect(plainText(value)).toBe(expected)
})

test.each<readonly [string, unknown]>([
  ['{"a":1}', { a: 1 }],
  ['\ufeff{"a":1}', { a: 1 }],
  ['null', null],
  ['"x"', 'x'],
  ['', undefined],
  ['{"a":', undefined],
  ['\ufeff\ufeff1', undefined],
  ['OK', undefined],
])('%j is the JSON of %j', (text, value) => {
  expect(parseJson(text)).toEqual(value)
})

test('equal values have the same text, whatever the order of their members', () => {
  expect(canonicalJson({ b: 1, a: { d: [2, { z: 1, y: 2 }], c: null } })).toBe(
    '{"a":{"c":null,"d":[2,{"y":2,"z":1}]},"b":1}',
  )
  expect(canonicalJson({ a: 1, b: undefined })).toBe(canonicalJson({ a: 1 }))
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]))
  expect(canonicalJson({ a: 1 })).not.toBe(canonicalJson({ a: '1' }))
})

test.each([
  ['{"a":1}', { a: 1 }],
  ['\ufeff{}', {}],
  ['', {}],
  [' \n', {}],
  ['null', {}],
  [' [] ', {}],
  ['[1]', undefined],
  ['"{}"', undefined],
  ['7', undefined],
  ['{', undefined],
])('the arguments in %j', (text, args) => expect(parseArguments(text)).toEqual(args))
