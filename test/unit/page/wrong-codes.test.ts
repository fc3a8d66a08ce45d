import { expect, test } from 'vitest'
import { wrongCodes } from '../../../src/tools/effects/approval/page/safety/wrong-codes.ts'

function delays(): { readonly setTime: (ms: number) => void; readonly next: () => number } {
  let time = 0
  let last = 0
  const wrong = wrongCodes({
    now: () => time,
    wait: async (ms) => {
      last = ms
    },
  })
  return {
    setTime: (ms) => {
      time = ms
    },
    next: () => {
      void wrong()
      return last
    },
  }
}

test('32 wrong codes are answered after a second each, and the next 32 after those', () => {
  const { next } = delays()
  const waits = Array.from({ length: 96 }, next)
  expect(waits).toEqual([...Array(32).fill(1_000), ...Array(32).fill(2_000), ...Array(32).fill(3_000)])
})

test('whoever comes later waits for a second again', () => {
  const { next, setTime } = delays()
  for (let at = 0; at < 64; at++) next()
  setTime(1_500)
  expect(next()).toBe(1_500)
  setTime(10_000)
  expect(next()).toBe(1_000)
})

test('nobody waits for longer than half a minute, however many are tried', () => {
  const { next } = delays()
  const waits = Array.from({ length: 5_000 }, next)
  expect(Math.max(...waits)).toBe(30_000)
})
