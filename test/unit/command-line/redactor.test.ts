import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isWeak, redactJson, redactor, Secret } from '../../../src/shared/secrets.ts'
import { canary } from '../../support/canary.ts'
import { commonSpellings, someJwt as jwt, leaks } from '../../support/leak-search.ts'

const password = canary('password')

describe('a Secret', () => {
  const secret = new Secret(password)
  test.each([
    ['String()', String(secret)],
    ['a template', `${secret}`],
    ['JSON', JSON.stringify({ secret, list: [secret] })],
    ['inspect', inspect({ deep: { secret } }, { showHidden: true, depth: 9 })],
    ['spread', JSON.stringify({ ...secret })],
    ['entries', inspect([Object.entries(secret), Object.getOwnPropertyNames(secret)])],
    ['a clone', inspect(structuredClone({ ...secret }))],
    ['an error', inspect(new Error('no', { cause: secret }))],
  ])('does not reveal its value in %s', (_name, text) => expect(leaks(text)).toEqual([]))

  test('reveals its value on request only', () => expect(secret.reveal()).toBe(password))
})

describe('the redactor', () => {
  const redact = redactor([new Secret(password), new Secret('short')]).redact

  test.each(Object.entries(commonSpellings))('redacts a secret in %s', (_name, spell) => {
    expect(redact(`a ${spell(password)} b`)).toBe('a [masked-by-qualys-mcp] b')
  })

  test('redacts a secret in hex, in capitals or not', () => {
    const inHex = Buffer.from(password).toString('hex')
    expect(redact(`a ${inHex} b ${inHex.toUpperCase()} c`)).toBe(
      'a [masked-by-qualys-mcp] b [masked-by-qualys-mcp] c',
    )
  })

  test('redacts the token of a proxy where it stands alone in its address, and no mere name', () => {
    const [token, name] = ['tok-5f0a11c2', 'corp'].map((user) => new Secret(`http://${user}@proxy:3128`))
    if (!token || !name) throw new Error('there are two')
    expect(redactor([token, name]).redact('no tok-5f0a11c2 of corp')).toBe(
      'no [masked-by-qualys-mcp] of corp',
    )
    expect([isWeak(token), isWeak(name)]).toEqual([false, false])
  })

  test.each([
    `token ${jwt} end`,
    `Authorization: Bearer ${jwt}`,
    `{"a":"x\\n${jwt}"}`,
    `token_${jwt}`,
    `base64: ${Buffer.from(jwt).toString('base64')}`,
    `Basic ${Buffer.from('someone:anything-1').toString('base64')}`,
    'Bearer 4f1c0d2e9b7a6c5d',
  ])('redacts what looks like a credential: %s', (text) => {
    expect(redact(text)).toContain('[masked-by-qualys-mcp]')
    expect(leaks(redact(text))).toEqual([])
  })

  test.each([
    'Basic hardening check',
    'Bearer of news',
    'Basic configuration-audit of hosts',
    'Bearer authentication is used',
    'a short way',
    'eyJ is how a JWT begins',
    'eye.colour.blue',
  ])('keeps ordinary words: %s', (text) => expect(redact(text)).toBe(text))

  test.each([
    [
      'https://corp:geheim@proxy.example.com:3128/x',
      'https://[masked-by-qualys-mcp]@proxy.example.com:3128/x',
    ],
    [
      'see http://a:b@h, or http://c:d@[::1]:80.',
      'see http://[masked-by-qualys-mcp]@h, or http://[masked-by-qualys-mcp]@[::1]:80.',
    ],
    ['https://corp:p@ss:w@rd@h/', 'https://[masked-by-qualys-mcp]@h/'],
    ['https://:geheim@h', 'https://[masked-by-qualys-mcp]@h'],
    [
      String.raw`{"u":"https:\/\/corp:geheim@h\/x"}`,
      String.raw`{"u":"https:\/\/[masked-by-qualys-mcp]@h\/x"}`,
    ],
    [`https://ghp_${'a1B2'.repeat(9)}@github.com/x`, 'https://[masked-by-qualys-mcp]@github.com/x'],
    ['basic c29tZW9uZTphbnl0aGluZw==', 'basic [masked-by-qualys-mcp]'],
    ['authorization: BASIC b3A6cHc=', 'authorization: BASIC [masked-by-qualys-mcp]'],
    ['authorization: bearer 4f1c0d2e9b7a6c5d', 'authorization: [masked-by-qualys-mcp]'],
  ])('redacts credentials by their shape: %s', (text, left) => expect(redact(text)).toBe(left))

  test.each([
    'https://qualysguard.qg2.apps.qualys.com:443/fo/index.php?a=b@c:d',
    'https://h/a:b@c',
    'ssh://git@github.com/x',
    'at http://[::1]:8480/ and mail a:b@example.com',
    'basic configuration and hardening',
  ])('keeps what only looks similar: %s', (text) => expect(redact(text)).toBe(text))

  test('redacts a secret of digits as a number, and no other number', () => {
    const value = { id: 12345678, deep: [12345678, 1234567, 0.5, null, true] }
    expect(redactJson(value, redactor([new Secret('12345678')]).redact)).toEqual({
      id: '[masked-by-qualys-mcp]',
      deep: ['[masked-by-qualys-mcp]', 1234567, 0.5, null, true],
    })
  })

  test.each(['     x', 'a       b', '\t1234567\n'])(
    'treats a secret that is mostly blank as a short one: %j',
    (value) => {
      expect(redactor([new Secret(value)]).redact('x a b 1234567')).toBe('x a b 1234567')
      expect(isWeak(new Secret(value))).toBe(true)
    },
  )
})

describe('100 kB from a hostile host', () => {
  // A search that restarts at each position would take minutes.
  const nasty = redactor(
    [
      '  leading blank',
      '\\\\back\\\\slash',
      'aaaaaaaaaaaaaaaaaaaaab',
      '++++++++ plus',
      '"quoted" \n lines "',
      '%20%20%20%20',
    ].map((value) => new Secret(value)),
  ).redact
  test.each([
    ' ',
    '\\',
    '\\u',
    'a',
    '+',
    '%20',
    '%5C',
    '&#92;',
    '\\u005c',
    '%',
    '"',
    '\\"',
    'eyJ',
    'eyJ.',
    'eyJhbGciOiJI.',
    'ZXlK',
    'Bearer ',
    'Bearer x',
    'basic ',
    'Basic aaaaaaaaaaaa',
    '://',
    '://a:',
    '://a:b',
    ':\\',
    ':/',
    'a:b',
    '@',
    '&#',
    '&#0',
    '&nbsp;',
    '\u00a0',
  ])('%j', (piece) => {
    const text = piece.repeat(Math.ceil(100_000 / piece.length))
    expect(nasty(text).length).toBeLessThanOrEqual(text.length * 2)
    expect(nasty(`${text} end`)).toMatch(/end$/)
  })
})
