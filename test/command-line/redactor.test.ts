import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { redactor, Secret } from '../../src/secrets.ts'
import { canary } from '../harness.ts'
import { someJwt as jwt, leaks, spelled } from '../leak-search.ts'

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
  ])('says nothing in %s', (_name, text) => expect(leaks(text)).toEqual([]))

  test('says its value where it is asked to', () => expect(secret.reveal()).toBe(password))
})

describe('the redactor', () => {
  const redact = redactor([new Secret(password), new Secret('short')])

  test.each(Object.entries(spelled))('takes a secret out, in %s', (_name, spell) => {
    expect(redact(`a ${spell(password)} b`)).toBe('a [secret] b')
  })

  test.each([
    `token ${jwt} end`,
    `Authorization: Bearer ${jwt}`,
    `{"a":"x\\n${jwt}"}`,
    `token_${jwt}`,
    `base64: ${Buffer.from(jwt).toString('base64')}`,
    `Basic ${Buffer.from('someone:anything-1').toString('base64')}`,
    'Bearer 4f1c0d2e9b7a6c5d',
  ])('takes out what looks like a credential: %s', (text) => {
    expect(redact(text)).toContain('[secret]')
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
  ])('leaves ordinary words: %s', (text) => expect(redact(text)).toBe(text))
})
