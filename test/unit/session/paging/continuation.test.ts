import { describe, expect, test } from 'vitest'
import type { Binding, Cursor } from '../../../../src/session/answer.ts'
import { decodeCursor, encodeCursor } from '../../../../src/session/paging/continuation.ts'
import { InputError } from '../../../../src/shared/errors.ts'

const binding: Binding = {
  tool: 'car_search_jobs',
  account: 'https://gateway.qg1.apps.qualys.com acme_ab1',
  query: { filter: 'scriptId:19218', sort: ['created.dateTime:desc'] },
}
const uuid = '23f97a1f-76f4-4e85-a7c2-566f120874fc'
const refused = expect.objectContaining({
  kind: 'input',
  message: expect.stringContaining('continuationToken'),
  next: expect.stringMatching(/same arguments.*leave it out to start at the first row/),
})

describe('a sealed position', () => {
  const values: unknown[] = [
    0,
    1,
    127,
    128,
    255,
    1_674_129_606_914,
    2 ** 32,
    2 ** 53 - 1,
    2 ** 53,
    1e21,
    -1,
    -(2 ** 53 - 1),
    0.5,
    -1.25,
    5e-324,
    '',
    '0',
    '007',
    '25890',
    '-5',
    '1e3',
    '9007199254740991',
    '9007199254740993',
    '12345678901234567890',
    2n ** 53n,
    9_007_199_254_740_993n,
    2n ** 64n - 1n,
    -(2n ** 63n),
    ' 7',
    uuid,
    uuid.toUpperCase(),
    `${uuid}x`,
    'Zürich | HQ',
    '証明書\n\u0000\u001b[31m',
    '\u{1F600}',
    '\uD800',
    null,
    true,
    false,
    'null',
    'true',
    [1, '2'],
    { a: null },
  ]
  test.each(values.map((value) => [value]))('keeps %o, type and all', (value) => {
    const position: Cursor = [20, value, '25890', value]
    expect(decodeCursor(encodeCursor(position, binding), binding)).toEqual(position)
  })

  test('keeps all of them at once, and counts up to the largest', () => {
    for (const before of [0, 1, 9_998, 15_000, 2 ** 53 - 1]) {
      const position: Cursor = [before, ...values]
      expect(decodeCursor(encodeCursor(position, binding), binding)).toEqual(position)
    }
  })

  test.each([
    { name: 'jobs', position: [15_000, 1_674_129_606_914, '25890'] },
    { name: 'asset jobs', position: [99_999_999, 4_102_444_800_000, '9007199254740991'] },
    { name: 'assets', position: [10_000_000, 2 ** 53 - 1] },
    { name: 'jobs with uuid ids', position: [10_000_000, 4_102_444_800_000, uuid] },
    { name: 'assets with ids of 64 bits', position: [10_000_000, 4_102_444_800_000, 2n ** 64n - 1n] },
    { name: 'rows without a time', position: [10_000_000, -(2n ** 63n), 2n ** 63n - 1n] },
    { name: 'ids of 64 bits as text', position: [10_000_000, 4_102_444_800_000, '18446744073709551615'] },
    { name: 'a page number', position: [9_998] },
  ] as { name: string; position: Cursor }[])(
    '$name: at most 64 characters, safe in any text',
    ({ position }) => {
      const token = encodeCursor(position, binding)
      expect(token).toMatch(/^[\w-]{1,64}$/)
      expect(decodeCursor(token, binding)).toEqual(position)
    },
  )

  test('a token of an earlier version stays valid', () => {
    const token = 'AbEukqhPZgAUAIKSms_cMAGiygEDEiI5MDA3MTk5MjU0NzQwOTkzIgMCLTEDEDkwMDcxOTkyNTQ3NDA5OTI'
    expect(decodeCursor(token, binding)).toEqual([
      20,
      1_674_129_606_914,
      '25890',
      '9007199254740993',
      -1,
      2 ** 53,
    ])
  })

  // Without its sort values, the number of rows before is a position too.
  test.each([
    [993, 2],
    [994, 1],
  ])('very large sort values are omitted: %i characters, %i values', (characters, values) => {
    const token = encodeCursor([20, 'x'.repeat(characters)], binding)
    const position = decodeCursor(token, binding)
    expect([position[0], position.length]).toEqual([20, values])
  })

  test('is valid for the same arguments in another order, nested ones too', () => {
    const token = encodeCursor([20], { ...binding, query: { a: 1, b: { c: [1, 2], d: 'x' } } })
    expect(decodeCursor(token, { ...binding, query: { b: { d: 'x', c: [1, 2] }, a: 1 } })).toEqual([20])
  })

  const token = encodeCursor([20, 1_674_129_606_914, '25890', 'Zürich', null], binding)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const altered = [...token].flatMap((old, at) =>
    [...alphabet, '=', '+', '/', ' ', 'é']
      .filter((other) => other !== old)
      .map((other) => token.slice(0, at) + other + token.slice(at + 1)),
  )
  const cut = [...token].flatMap((_, length) => [token.slice(0, length), token.slice(length + 1)])
  const grown = ['A', '=', '==', '\n', ' ', '.', token].flatMap((more) => [token + more, more + token])
  const isRefused = (wrong: string): boolean => {
    try {
      decodeCursor(wrong, binding)
      return false
    } catch (error) {
      return error instanceof InputError
    }
  }
  test.each([
    { name: 'every single character altered', damaged: altered },
    { name: 'cut at every length', damaged: cut },
    { name: 'grown', damaged: grown },
    { name: 'in other capitals', damaged: [token.toUpperCase(), token.toLowerCase()] },
    { name: 'anything at all', damaged: ['x', '%00', '../..', 'null', '0'.repeat(64), 'A'.repeat(2_000)] },
  ])('$name: refused, with how to start again', ({ damaged }) => {
    expect(damaged.length).toBeGreaterThan(1)
    expect(() => decodeCursor(damaged[0] ?? token, binding)).toThrow(refused)
    expect(damaged.filter((wrong) => !isRefused(wrong))).toEqual([])
  })

  test.each([
    { tool: 'car_search_asset_jobs' },
    { account: 'https://gateway.qg1.apps.qualys.com acme_cd2' },
    { account: 'https://gateway.qg2.apps.qualys.com acme_ab1' },
    { query: { ...binding.query, filter: 'scriptId:19219' } },
    { query: { ...binding.query, sort: ['created.dateTime:asc'] } },
    { query: { sort: binding.query['sort'] } },
    { query: { ...binding.query, match: 'x' } },
    { query: {} },
  ] as Partial<Binding>[])('for %o: refused', (other) => {
    expect(() => decodeCursor(token, { ...binding, ...other })).toThrow(refused)
  })

  test('does not show what it is bound to', () => {
    const secretly = Buffer.from(token, 'base64url').toString('latin1')
    for (const part of ['acme', 'scriptId', 'qualys', 'car_']) expect(secretly).not.toContain(part)
  })
})
