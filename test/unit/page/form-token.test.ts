import { expect, test } from 'vitest'
import { formTokens } from '../../../src/tools/effects/approval/page/safety/form-token.ts'

const parts = ['decide', 'ABCD-EFGH', 'a'.repeat(64), 'page key']

test('a token is good for its own parts alone, until its end', () => {
  let now = 1_000
  const tokens = formTokens(() => now)
  const token = tokens.issue(parts, 2_000)
  expect(tokens.isValid(token, parts)).toBe(true)
  for (const [at] of parts.entries())
    expect(tokens.isValid(token, parts.with(at, 'other')), parts[at]).toBe(false)
  expect(tokens.isValid(token, ['decide', 'ABCD-EFGH'])).toBe(false)
  now = 2_000
  expect(tokens.isValid(token, parts)).toBe(false)
})

test('the border between two parts counts', () => {
  const tokens = formTokens(() => 0)
  expect(tokens.isValid(tokens.issue(['ab', 'c'], 10), ['a', 'bc'])).toBe(false)
})

test('a token of another process is none', () => {
  const now = (): number => 0
  expect(formTokens(now).isValid(formTokens(now).issue(parts, 10), parts)).toBe(false)
})

test('a token with a changed end, or a changed byte, is none', () => {
  const tokens = formTokens(() => 0)
  const [until = '', mac = ''] = tokens.issue(parts, 10).split('.')
  expect(tokens.isValid(`${until}.${mac}`, parts)).toBe(true)
  expect(tokens.isValid(`99.${mac}`, parts)).toBe(false)
  for (let at = 0; at < mac.length - 1; at++) {
    const other = mac[at] === 'A' ? 'B' : 'A'
    expect(tokens.isValid(`${until}.${mac.slice(0, at)}${other}${mac.slice(at + 1)}`, parts)).toBe(false)
  }
})

test.each([undefined, null, '', '.', 'x', '10.', `10.${'A'.repeat(44)}`, {}, ['10.x'], 10])(
  'what is no token is none: %j',
  (token) => {
    expect(formTokens(() => 0).isValid(token, parts)).toBe(false)
  },
)
