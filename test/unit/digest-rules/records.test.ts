import { describe, expect, test } from 'vitest'
import type { Kind } from '../../../src/tools/digest/kind.ts'
import { digestOf, hostsOf } from '../../support/outputs/digest.ts'

// JSON is compared by its fields.

async function onlyKind(count: number, output: (index: number) => string): Promise<Kind> {
  const [kind, ...others] = await digestOf(hostsOf(count, output))
  expect(others).toEqual([])
  if (!kind) throw new Error('there is no kind')
  return kind
}

/** The values that one host of ten has, by place. */
async function oddValues(usual: string, odd: string): Promise<Record<string, string>> {
  const { results } = await onlyKind(10, (index) => (index === 3 ? odd : usual))
  const own = results.flatMap(({ place, values }) =>
    values.filter(({ hosts }) => hosts.join() === 'ws-003').map(({ value }) => [place, value]),
  )
  return Object.fromEntries(own)
}

describe('a difference in one field is told', () => {
  test.each<[what: string, usual: string, odd: string, told: Record<string, string>]>([
    ['a missing field', '{"a":1,"b":2}', '{"a":1}', { b: '' }],
    ['an additional field', '{"a":1}', '{"a":1,"x":{}}', { x: '{}' }],
    ['null and a text', '{"a":"null"}', '{"a":null}', { a: 'null' }],
    [
      'the last digit of a long id',
      '{"id":12345678901234567890}',
      '{"id":12345678901234567891}',
      { id: '12345678901234567891' },
    ],
    ['two members of one path', '{"a.b":1,"a":{"b":2}}', '{"a.b":3,"a":{"b":2}}', { 'a.b': '3' }],
    ['a name of a prototype', '{"__proto__":"a"}', '{"__proto__":"b"}', { ['__proto__']: 'b' }],
    ['escaped control characters', '{"n":"a\\u0003"}', '{"n":"\\u0001b\\u0000"}', { n: 'b' }],
    ['a path with control characters', '{"a\\u0003\\u0000":"1"}', '{"a\\u0003\\u0000":"2"}', { a: '2' }],
  ])('%s', async (_what, usual, odd, told) => {
    expect(JSON.stringify(await oddValues(usual, odd))).toBe(JSON.stringify(told))
  })

  test('one of 5,000', async () => {
    const fields = (index: number): string =>
      JSON.stringify(
        Object.fromEntries(
          Array.from({ length: 5_000 }, (_, at) => [`k${at}`, index === 2 && at === 4_990 ? 'x' : 'y']),
        ),
      )
    const { results } = await onlyKind(6, fields)
    expect(results.map(({ place }) => place)).toEqual(['further fields (by their hash)'])
    expect(results[0]?.values[0]?.hosts).toEqual(['ws-002'])
  })
})

test('a field that only some hosts have is folded among these', async () => {
  const { results, varying } = await onlyKind(200, (index) =>
    JSON.stringify({ ok: true, ...(index % 2 && { ms: index * 7, node: `10.0.0.${index}` }) }),
  )
  expect(varying.map(({ place, values }) => [place, values])).toEqual([
    ['ms', 100],
    ['node', 100],
  ])
  expect(results.map(({ place, values }) => [place, values.map(({ value }) => value)])).toEqual([
    ['ms', ['']],
    ['node', ['']],
  ])
})

test.each([
  ['lists', (index: number) => '['.repeat(30_000) + index + ']'.repeat(30_000)],
  ['objects', (index: number) => '{"a":'.repeat(12_000) + index + '}'.repeat(12_000)],
  [
    'objects around a long number',
    (index: number) => `${'{"a":'.repeat(9_000)}1234567890123456${index}${'}'.repeat(9_000)}`,
  ],
])('%s nested deeper than the stack are compared as text', async (_what, output) => {
  const { count } = await onlyKind(6, output)
  expect(count).toBe(6)
})
