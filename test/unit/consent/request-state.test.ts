import { randomBytes } from 'node:crypto'
import type { ServerContext } from '@modelcontextprotocol/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { RequestStateIssuer } from '../../../src/tools/effects/approval/form/request-state.ts'

// Request states that are sent with a question and come back with its answer, on a clock that the test sets.

const context = {} as ServerContext
const digest = 'a'.repeat(64)
let now = 1_000_000
const seals = (): RequestStateIssuer => new RequestStateIssuer(600, () => now)

afterEach(() => vi.useRealTimers())

test('a state is valid for its digest, for ten minutes, once', async () => {
  const ours = seals()
  const state = await ours.issue(digest)
  expect(await ours.redeem(state, 'b'.repeat(64), context)).toBe(false)
  now += 599_999
  expect(await ours.redeem(state, digest, context)).toBe(true)
  expect(await ours.redeem(state, digest, context)).toBe(false)
})

test('states of a digest that was approved elsewhere are void, and later ones are not', async () => {
  const ours = seals()
  const [before, other] = [await ours.issue(digest), await ours.issue('b'.repeat(64))]
  now += 1
  ours.voidOf(digest)
  now += 1
  const after = await ours.issue(digest)
  expect(await ours.redeem(before, digest, context)).toBe(false)
  expect(await ours.redeem(other, 'b'.repeat(64), context)).toBe(true)
  expect(await ours.redeem(after, digest, context)).toBe(true)
  now += 599_997
  expect(await ours.redeem(before, digest, context)).toBe(false)
})

test('after ten minutes it has expired', async () => {
  const ours = seals()
  const state = await ours.issue(digest)
  now += 600_000
  expect(await ours.redeem(state, digest, context)).toBe(false)
})

test('setting the clock back revives no expired state and no used one', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T12:00:00Z') })
  const ours = seals()
  const [used, unused] = [await ours.issue(digest), await ours.issue(digest)]
  expect(await ours.redeem(used, digest, context)).toBe(true)
  now += 12 * 60_000
  vi.setSystemTime(Date.parse('2026-11-22T11:00:00Z'))
  // Issuing another one removes expired ones.
  expect(await ours.redeem(await ours.issue(digest), digest, context)).toBe(true)
  expect(await ours.redeem(used, digest, context)).toBe(false)
  expect(await ours.redeem(unused, digest, context)).toBe(false)
})

test('setting the clock forward expires every state', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T12:00:00Z') })
  const ours = seals()
  const state = await ours.issue(digest)
  vi.setSystemTime(Date.parse('2026-11-22T12:11:00Z'))
  expect(await ours.redeem(state, digest, context)).toBe(false)
})

test('of a hundred answers at once one counts', async () => {
  const ours = seals()
  const state = await ours.issue(digest)
  const opened = await Promise.all(Array.from({ length: 100 }, () => ours.redeem(state, digest, context)))
  expect(opened.filter((counts) => counts)).toHaveLength(1)
})

test('two states for the same call differ', async () => {
  const ours = seals()
  const [one, other] = [await ours.issue(digest), await ours.issue(digest)]
  expect(one).not.toBe(other)
  expect(await ours.redeem(one, digest, context)).toBe(true)
  expect(await ours.redeem(other, digest, context)).toBe(true)
})

test('another key accepts none of these', async () => {
  const state = await seals().issue(digest)
  expect(await seals().redeem(state, digest, context)).toBe(false)
})

describe('accepts nothing else', () => {
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
    expect(await seals().redeem(state, digest, context)).toBe(false)
  })

  test('a state with one bit changed, anywhere in its signature', async () => {
    const ours = seals()
    const state = await ours.issue(digest)
    const dot = state.lastIndexOf('.')
    const signature = Buffer.from(state.slice(dot + 1), 'base64url')
    expect(signature.length).toBeGreaterThanOrEqual(32)
    for (let place = 0; place < signature.length; place++) {
      const bent = Buffer.from(signature)
      bent[place] = (bent[place] ?? 0) ^ 1
      expect(await ours.redeem(`${state.slice(0, dot)}.${bent.toString('base64url')}`, digest, context)).toBe(
        false,
      )
    }
    expect(await ours.redeem(state, digest, context)).toBe(true)
  })

  test('a state whose text differs from what was signed', async () => {
    const ours = seals()
    const state = await ours.issue(digest)
    const [, body = '', signature] = state.split('.')
    const sealed = JSON.parse(Buffer.from(body, 'base64url').toString())
    for (const changed of [
      { ...sealed, exp: sealed.exp + 3600 },
      { ...sealed, p: { ...sealed.p, id: '7f7d1bd8-5d3e-4d52-8b6b-1a0f6f1f2a3b' } },
      { ...sealed, p: { ...sealed.p, digest: 'b'.repeat(64) } },
      { ...sealed, p: { ...sealed.p, until: sealed.p.until + 3_600_000 } },
    ]) {
      const forged = `v1.${base64url(JSON.stringify(changed))}.${signature}`
      for (const of of [digest, 'b'.repeat(64)]) expect(await ours.redeem(forged, of, context)).toBe(false)
    }
  })
})

test('a refused state is not marked as used', async () => {
  const ours = seals()
  const state = await ours.issue(digest)
  expect(await ours.redeem(state, 'b'.repeat(64), context)).toBe(false)
  expect(await ours.redeem(`${state}x`, digest, context)).toBe(false)
  expect(await ours.redeem(state, digest, context)).toBe(true)
})
