import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RateLimiter } from '../../../src/service/network/rate.ts'

function limiterAt(perMinute: number) {
  const clock = { now: 5_000 }
  const limiter = new RateLimiter(perMinute, () => clock.now)
  /** Takes requests until one is refused; how many were allowed. */
  const takeAll = (key = 'a'): number => {
    for (let taken = 0; ; taken++) if (limiter.take(key) > 0) return taken
  }
  return { clock, limiter, takeAll }
}

describe('at once', () => {
  test.each([
    [600, 100],
    [60, 10],
    [30, 10],
    [5, 5],
    [1, 1],
    [1_000_000, 166_667],
  ])('a rate of %i a minute allows %i', (perMinute, expected) => {
    expect(limiterAt(perMinute).takeAll()).toBe(expected)
  })
})

test('requests at an even rate are all allowed', () => {
  const { clock, limiter } = limiterAt(600)
  for (let request = 0; request < 2_000; request++) {
    expect(limiter.take('a')).toBe(0)
    clock.now += 100
  }
})

test('a refused caller is told when to come again, and is allowed then', () => {
  const { clock, limiter, takeAll } = limiterAt(6)
  takeAll()
  expect(limiter.take('a')).toBe(10)
  clock.now += 9_000
  expect(limiter.take('a')).toBe(1)
  clock.now += 1_000
  expect(limiter.take('a')).toBe(0)
  expect(limiter.take('a')).toBe(10)
})

test('callers are counted apart', () => {
  const { limiter, takeAll } = limiterAt(60)
  takeAll('a')
  expect(limiter.take('b')).toBe(0)
})

test('a caller who was away has no more than the burst', () => {
  const { clock, takeAll } = limiterAt(60)
  takeAll()
  clock.now += 3_600_000
  expect(takeAll()).toBe(10)
})

test('no more callers are kept than the bound', () => {
  const { limiter, takeAll } = limiterAt(1)
  takeAll('first')
  for (let caller = 0; caller < 10_000; caller++) limiter.take(`caller ${caller}`)
  // Forgotten, so it begins anew.
  expect(limiter.take('first')).toBe(0)
  expect(limiter.take('caller 9999')).toBeGreaterThan(0)
})

test('no span of time allows more than its rate and the burst, and every wait is told truly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000 }),
      fc.array(fc.nat({ max: 4_000 }), { minLength: 1, maxLength: 200 }),
      (perMinute, pauses) => {
        const { clock, limiter } = limiterAt(perMinute)
        const burst = Math.min(perMinute, Math.max(10, Math.ceil(perMinute / 6)))
        const start = clock.now
        let allowed = 0
        for (const pause of pauses) {
          clock.now += pause
          const wait = limiter.take('a')
          expect(Number.isInteger(wait)).toBe(true)
          if (wait > 0) {
            clock.now += wait * 1_000
            expect(limiter.take('a')).toBe(0)
          }
          allowed++
          expect(allowed).toBeLessThanOrEqual(burst + ((clock.now - start) * perMinute) / 60_000 + 1e-3)
        }
      },
    ),
  )
})
