import type { ServerContext } from '@modelcontextprotocol/server'
import { afterEach, expect, test, vi } from 'vitest'
import { Seals } from '../../../src/tools/effects/seals.ts'

// States that go out with a question and come back with its answer, by a clock in the test's hand.

const context = {} as ServerContext
const digest = 'a'.repeat(64)
let now = 1_000_000
const seals = (): Seals => new Seals(600, () => now)

afterEach(() => vi.useRealTimers())

test('a state is good for its digest, for ten minutes, once', async () => {
  const ours = seals()
  const state = await ours.seal(digest)
  expect(await ours.open(state, 'b'.repeat(64), context)).toBe(false)
  now += 599_999
  expect(await ours.open(state, digest, context)).toBe(true)
  expect(await ours.open(state, digest, context)).toBe(false)
})

test('after ten minutes it is good for nothing', async () => {
  const ours = seals()
  const state = await ours.seal(digest)
  now += 600_000
  expect(await ours.open(state, digest, context)).toBe(false)
})

test('who sets the clock of the machine back makes no state young again, and no used one new', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T12:00:00Z') })
  const ours = seals()
  const [used, unused] = [await ours.seal(digest), await ours.seal(digest)]
  expect(await ours.open(used, digest, context)).toBe(true)
  now += 12 * 60_000
  vi.setSystemTime(Date.parse('2026-11-22T11:00:00Z'))
  // Opening another makes the seals forget what has expired.
  expect(await ours.open(await ours.seal(digest), digest, context)).toBe(true)
  expect(await ours.open(used, digest, context)).toBe(false)
  expect(await ours.open(unused, digest, context)).toBe(false)
})

test('who sets it forward makes every state old', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T12:00:00Z') })
  const ours = seals()
  const state = await ours.seal(digest)
  vi.setSystemTime(Date.parse('2026-11-22T12:11:00Z'))
  expect(await ours.open(state, digest, context)).toBe(false)
})

test('of a hundred answers at once one counts', async () => {
  const ours = seals()
  const state = await ours.seal(digest)
  const opened = await Promise.all(Array.from({ length: 100 }, () => ours.open(state, digest, context)))
  expect(opened.filter((counts) => counts)).toHaveLength(1)
})

test('two states for the same are two', async () => {
  const ours = seals()
  const [one, other] = [await ours.seal(digest), await ours.seal(digest)]
  expect(one).not.toBe(other)
  expect(await ours.open(one, digest, context)).toBe(true)
  expect(await ours.open(other, digest, context)).toBe(true)
})

test('other seals open nothing of these', async () => {
  const state = await seals().seal(digest)
  expect(await seals().open(state, digest, context)).toBe(false)
})
