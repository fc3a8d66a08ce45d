import { describe, expect, test } from 'vitest'
import { readJson, writeJson } from '../../../../src/session/products/exact-json.ts'

// JSON.parse rounds whole numbers beyond 2^53, so that the next call would name another object.

const exact = (json: string): unknown => readJson(json, (value) => value)

describe('a number', () => {
  test.each<readonly [string, number | bigint]>([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['9007199254740993.0', 9_007_199_254_740_993n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['1674216006119000', 1_674_216_006_119_000],
    ['1e3', 1_000],
    ['1.5', 1.5],
    ['0.30000000000000004', 0.300_000_000_000_000_04],
    ['1.0', 1],
    ['-0', -0],
    ['1e400', Number.POSITIVE_INFINITY],
  ])('%s', (digits, value) => {
    // The long number beside it is what makes the body exact.
    expect(exact(`[12345678901234567, ${digits}]`)).toEqual([12_345_678_901_234_567n, value])
  })

  test('is text at any depth, unless its reader wants it exact', () => {
    const json = '{"id":9007199254740993,"tags":[{"id":2047948614742839297}],"n":7}'
    expect(readJson(json)).toEqual({
      id: '9007199254740993',
      tags: [{ id: '2047948614742839297' }],
      n: 7,
    })
  })
})

describe('text beside a long number', () => {
  const long = 'QUJD'.repeat(1_000)
  test.each([
    'plain',
    '',
    'a "quoted" \\ word \\\\',
    `: 1234567890123456, ${long}`,
    `${long}"\\`,
    `\\\\"${long}\n\u0001`,
    `${long}é\u{1F600}`,
  ])('%j stays as it is, as a value and as a name', (text) => {
    const json = `{${JSON.stringify(text)} : ${JSON.stringify(text)},"id":9007199254740993}`
    expect(readJson(json)).toEqual({ [text]: text, id: '9007199254740993' })
  })

  test('is read as JSON.parse reads it: the last of two members, and __proto__ as a member', () => {
    const json = '{"a":1,"a":[2],"__proto__":{"x":1},"id":9007199254740993}'
    const value = readJson(json) as object
    expect(Object.entries(value)).toEqual([
      ['a', [2]],
      ['__proto__', { x: 1 }],
      ['id', '9007199254740993'],
    ])
  })
})

test.each([
  '{"id":9007199254740993',
  '{"id":9007199254740993}x',
  '{9007199254740993:1}',
  '[09007199254740993]',
  '[9007199254740993,]',
  '["\\x", 9007199254740993]',
  '["cut, 9007199254740993]',
  '["9007199254740993]',
])('%s is no JSON', (text) => {
  expect(readJson(text)).toBeUndefined()
})

test('a byte order mark is skipped', () => {
  expect(readJson('\ufeff{"id":9007199254740993}')).toEqual({ id: '9007199254740993' })
})

test('long numbers inside texts change nothing', () => {
  expect(exact('{"id":"9007199254740993","a":", 9007199254740993","b":1}')).toEqual({
    id: '9007199254740993',
    a: ', 9007199254740993',
    b: 1,
  })
})

test('a bigint is written as a number, and everything else as JSON.stringify writes it', () => {
  const other = { a: 'é"\\\n', b: undefined, c: [1, null, true, undefined], d: {}, e: 1.5, f: [] }
  expect(writeJson(other)).toBe(JSON.stringify(other))
  expect(writeJson({ ids: [9_007_199_254_740_993n, 7], text: '9007199254740993' })).toBe(
    '{"ids":[9007199254740993,7],"text":"9007199254740993"}',
  )
})
