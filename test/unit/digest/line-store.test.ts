import { describe, expect, test } from 'vitest'
import { LineStore } from '../../../src/tools/digest/lines/line-store.ts'

// The lines of a run in bounded memory: the beginning and the end of each output, and a hash of the rest.

function storeOf(outputs: readonly string[]): LineStore {
  const store = new LineStore()
  for (const output of outputs) store.add(output, undefined)
  return store
}

/** The compared lines of each output, and the hash of its rest. */
const comparedOf = (store: LineStore) =>
  store.hosts.map(({ ids, rest }) => ({ lines: Array.from(ids, (id) => store.textOf(id)), rest }))

const numbered = (count: number, name: string): string =>
  Array.from({ length: count }, (_, line) => `${name} line ${line} ${'filler '.repeat(5)}`).join('\n')

describe('an output', () => {
  test('of up to 80 Ki characters is compared whole', () => {
    const [one] = comparedOf(storeOf([`${'a'.repeat(40_959)}\n${'b'.repeat(40_960)}`]))
    expect(one?.rest).toBeUndefined()
    expect(one?.lines.map(({ length }) => length)).toEqual([40_959, 40_960])
  })

  test('that is longer has its first 64 Ki and its last 16 Ki characters compared', () => {
    const [one] = comparedOf(storeOf([`${'a'.repeat(70_000)}${'b'.repeat(70_000)}`]))
    expect(one?.lines.map((line) => [line[0], line.length])).toEqual([
      ['a', 65_536],
      ['b', 16_384],
    ])
    expect(one?.rest).toBeTypeOf('number')
  })

  test('is cut between lines where there are some', () => {
    const text = numbered(5_000, 'x')
    const [one] = comparedOf(storeOf([text]))
    const lines = text.split('\n').map((line) => line.trim())
    for (const line of one?.lines ?? []) expect(lines).toContain(line)
    expect(one?.lines[0]).toBe(lines[0])
    expect(one?.lines.at(-1)).toBe(lines.at(-1))
  })

  test('that differs between the compared parts has another hash', () => {
    const text = (middle: string): string => `${numbered(2_000, 'x')}\n${middle}\n${numbered(2_000, 'y')}`
    const [one, other, again] = comparedOf(storeOf([text('ok'), text('no'), text('ok')]))
    expect(one?.lines).toEqual(other?.lines)
    expect(one?.rest).not.toBe(other?.rest)
    expect(one?.rest).toBe(again?.rest)
  })
})

test('a line of many hosts is stored once', () => {
  const store = storeOf(['a\nb', 'b\na', 'a\na'])
  expect(new Set(store.hosts.flatMap(({ ids }) => [...ids]))).toEqual(new Set([0, 1]))
  expect(comparedOf(store).map(({ lines }) => lines)).toEqual([
    ['a', 'b'],
    ['b', 'a'],
    ['a', 'a'],
  ])
})

describe('a signature', () => {
  const signatures = (...outputs: string[]): (number | undefined)[] => {
    const store = storeOf(outputs)
    return store.hosts.map((lines) => store.signatureOf(lines))
  }

  test.each([
    ['digits', 'a 1\nb', 'a 2\nb'],
    ['the order of lines', 'a\nb', 'b\na'],
    ['how often a line comes', 'a\nb', 'a\nb\nb'],
    ['the values of fields', '{"a":1}', '{"a":"x"}'],
  ])('is the same for other %s', (_what, one, other) => {
    const [first, second] = signatures(one, other)
    expect(first).toBe(second)
  })

  test.each([
    ['words', 'a\nb', 'a\nc'],
    ['lines', 'a\nb', 'a'],
    ['fields', '{"a":1}', '{"b":1}'],
  ])('is another one for other %s', (_what, one, other) => {
    const [first, second] = signatures(one, other)
    expect(first).not.toBe(second)
  })
})

describe('with more than fits in memory', { timeout: 20_000 }, () => {
  // Each with 70 kB of its own.
  const outputs = Array.from({ length: 500 }, (_, index) =>
    numbered(index % 2 === 0 ? 1_300 : 30, `h${index}`),
  )
  const store = storeOf(outputs)
  const compared = comparedOf(store)

  test('less of each output is compared', () => {
    expect(store.comparedLength).toBeLessThan(81_920)
    const lengths = compared.map(({ lines }) => lines.reduce((sum, line) => sum + line.length + 1, 0))
    expect(Math.max(...lengths)).toBeLessThanOrEqual(store.comparedLength)
    expect(compared[0]?.rest).toBeTypeOf('number')
    expect(compared[0]?.lines[0]).toMatch(/^h0 line 0 /)
    expect(compared[0]?.lines.at(-1)).toMatch(/^h0 line 1299 /)
  })

  test('a short output is still compared whole', () => {
    expect(compared[1]).toEqual({
      lines: outputs[1]?.split('\n').map((line) => line.trim()),
      rest: undefined,
    })
  })

  test('the order of the outputs makes no difference', () => {
    const reversed = storeOf(outputs.toReversed())
    expect(reversed.comparedLength).toBe(store.comparedLength)
    expect(comparedOf(reversed).toReversed()).toEqual(compared)
  })
})
