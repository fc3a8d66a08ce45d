import { describe, expect, test } from 'vitest'
import { valueSize } from '../../../../src/shared/memory/value-size.ts'

const size = (value: unknown): number => valueSize(value, Infinity)

describe('the size of a value', () => {
  test('of a text: a byte a character, two beyond ASCII', () => {
    const empty = size('')
    expect(size('x'.repeat(1_000)) - empty).toBe(1_000)
    expect(size('я'.repeat(1_000)) - empty).toBe(2_000)
    expect(size(`${'x'.repeat(999)}€`) - empty).toBe(2_000)
    expect(size('😀'.repeat(500)) - empty).toBe(2_000)
  })

  test.each([[undefined], [null], [true], [7], [1.5], [10n]])('of %s is that of a place', (value) => {
    expect(size(value)).toBe(size(0))
    expect(size([value]) - size([])).toBe(size(0))
  })

  test('is the sum of its parts', () => {
    const rows = [
      { id: '1', tags: [{ name: 'a' }, { name: 'b' }] },
      { id: '2', tags: [] },
    ]
    expect(size([...rows, ...rows]) - size(rows)).toBe(size(rows) - size([]))
    expect(size({ a: { b: 'text' } }) - size({ a: {} })).toBe(size({ b: 'text' }) - size({}))
  })

  test('of a value with a prototype or odd names is counted alike', () => {
    expect(size(JSON.parse('{"__proto__":"x"}'))).toBe(size({ a: 'x' }))
    expect(size(Object.create(null))).toBe(size({}))
  })

  test('of a deep value needs no deep stack', () => {
    let value: unknown = 'x'
    for (let level = 0; level < 100_000; level++) value = [value]
    expect(size(value)).toBeGreaterThan(100_000)
  })

  test('is counted as far as its limit', () => {
    const part: unknown[] = []
    part.push(part)
    expect(valueSize(part, 10_000)).toBeGreaterThan(10_000)
    expect(valueSize(Array(1_000).fill('x'.repeat(1_000)), 100_000)).toBeLessThan(130_000)
  })
})
