import { beforeEach, expect, test } from 'vitest'
import { ByteCache } from '../../../../src/shared/memory/byte-cache.ts'

let now: number
let cache: ByteCache<unknown>
beforeEach(() => {
  now = 0
  cache = new ByteCache({ maxBytes: 10_000, lifetimeMs: 1_000, now: () => now })
})

const text = (length: number): string => 'x'.repeat(length)
const keys = (): string[] => Array.from(cache.entries(), ([key]) => key)

test('an entry is kept for its lifetime, read or not', () => {
  cache.set('a', 'one')
  now = 999
  expect(cache.get('a')).toBe('one')
  expect(keys()).toEqual(['a'])
  now = 1_000
  expect(keys()).toEqual([])
  expect(cache.get('a')).toBeUndefined()
})

test('an entry that is set again is the latest, with a new lifetime', () => {
  cache.set('a', 'one')
  now = 600
  cache.set('b', 'two')
  cache.set('a', 'three')
  expect([...cache.entries()]).toEqual([
    ['b', 'two'],
    ['a', 'three'],
  ])
  now = 1_500
  expect(cache.get('a')).toBe('three')
})

test('beyond the bound the least recently used go', () => {
  for (const key of ['a', 'b', 'c', 'd']) cache.set(key, text(2_300))
  expect(cache.get('a')).toBeDefined()
  cache.set('e', text(2_300))
  expect(keys()).toEqual(['c', 'd', 'a', 'e'])
  cache.set('f', text(5_500))
  expect(keys()).toEqual(['e', 'f'])
})

test('what is beyond the bound alone is not kept; the others are, but not the one before it', () => {
  cache.set('a', 'one')
  cache.set('b', 'two')
  cache.set('b', text(10_001))
  expect(keys()).toEqual(['a'])
})

test('keys count', () => {
  for (let at = 0; at < 20; at++) cache.set(`${at} ${text(2_000)}`, true)
  expect(keys()).toHaveLength(4)
})

test('small entries do not pile up', () => {
  for (let at = 0; at < 1_000; at++) cache.set(String(at), at)
  expect(keys().length).toBeLessThan(100)
  expect(cache.get('999')).toBe(999)
})

test('entries are dropped by name, while they are read, and all at once', () => {
  for (const key of ['a', 'b', 'c', 'd']) cache.set(key, key)
  for (const [key] of cache.entries()) if (key < 'c') cache.delete(key)
  expect(keys()).toEqual(['c', 'd'])
  cache.clear()
  expect(keys()).toEqual([])
})
