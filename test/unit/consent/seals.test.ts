import { randomBytes } from 'node:crypto'
import type { ServerContext } from '@modelcontextprotocol/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Seals } from '../../../src/tools/effects/approval/request-state.ts'

// States that go out with a question and come back with its answer, by a clock that the test sets.

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

describe('opens nothing', () => {
  const base64url = (text: string): string => Buffer.from(text).toString('base64url')

  test.each([
    ['empty', ''],
    ['a word', 'approved'],
    ['the right shape around nothing', 'v1..'],
    ['no signature', `v1.${base64url('{"p":{}}')}.`],
    ['a signature of zeros', `v1.${base64url('{"p":{}}')}.${'A'.repeat(43)}`],
    ['noise', `v1.${randomBytes(90).toString('base64url')}.${randomBytes(32).toString('base64url')}`],
    ['a megabyte', `v1.${'A'.repeat(1_000_000)}.${'A'.repeat(43)}`],
    ['no base64', 'v1.%%%.%%%'],
    ['a path', '../../../etc/passwd'],
  ])('garbage: %s', async (_what, state) => {
    expect(await seals().open(state, digest, context)).toBe(false)
  })

  test('a state with one bit turned, at every place of its signature', async () => {
    const ours = seals()
    const state = await ours.seal(digest)
    const dot = state.lastIndexOf('.')
    const signature = Buffer.from(state.slice(dot + 1), 'base64url')
    expect(signature.length).toBeGreaterThanOrEqual(32)
    for (let place = 0; place < signature.length; place++) {
      const bent = Buffer.from(signature)
      bent[place] = (bent[place] ?? 0) ^ 1
      expect(await ours.open(`${state.slice(0, dot)}.${bent.toString('base64url')}`, digest, context)).toBe(
        false,
      )
    }
    expect(await ours.open(state, digest, context)).toBe(true)
  })

  test('a state whose text says something else than was signed', async () => {
    const ours = seals()
    const state = await ours.seal(digest)
    const [, body = '', signature] = state.split('.')
    const sealed = JSON.parse(Buffer.from(body, 'base64url').toString())
    for (const changed of [
      { ...sealed, exp: sealed.exp + 3600 },
      { ...sealed, p: { ...sealed.p, id: '7f7d1bd8-5d3e-4d52-8b6b-1a0f6f1f2a3b' } },
      { ...sealed, p: { ...sealed.p, digest: 'b'.repeat(64) } },
      { ...sealed, p: { ...sealed.p, until: sealed.p.until + 3_600_000 } },
    ]) {
      const forged = `v1.${base64url(JSON.stringify(changed))}.${signature}`
      for (const of of [digest, 'b'.repeat(64)]) expect(await ours.open(forged, of, context)).toBe(false)
    }
  })
})

test('what is refused uses nothing up', async () => {
  const ours = seals()
  const state = await ours.seal(digest)
  expect(await ours.open(state, 'b'.repeat(64), context)).toBe(false)
  expect(await ours.open(`${state}x`, digest, context)).toBe(false)
  expect(await ours.open(state, digest, context)).toBe(true)
})
