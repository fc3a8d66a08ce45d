import { describe, expect, test } from 'vitest'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { canary } from '../../support/canary.ts'
import { commonSpellings, someJwt as jwt, leakSearch, leaks, spellings } from '../../support/leak-search.ts'

// The search that other tests of secrets rely on finds secrets; and the redactor leaves nothing to find.

const [password, clientSecret, hidden] = ['password', 'client', 'hidden'].map(canary) as [
  string,
  string,
  string,
]

describe('the search', () => {
  test.each(Object.entries(commonSpellings))(
    'finds a planted secret in %s, wherever it begins',
    (_name, spell) => {
      for (const secret of [password, clientSecret, jwt])
        for (const around of ['', 'x', 'xy', 'xyz'])
          expect(leaks({ deep: [`said: ${spell(around + secret)} end`] }), around).not.toEqual([])
    },
  )

  test.each(Object.entries(commonSpellings))('finds nothing in plain words in %s', (_name, spell) => {
    expect(leaks(`nothing here, ${spell('plain words and more of them')}`)).toEqual([])
  })

  test.each(spellings)('finds a planted secret %s', (_name, spell) => {
    expect(leakSearch([hidden])(`{"text":"before ${spell(hidden)} after"}`)).not.toEqual([])
  })

  test('finds a part of a secret', () => {
    const core = /[0-9a-f]{12}/.exec(hidden)?.[0] ?? ''
    expect(leakSearch([hidden])(`only ${core}`)).toEqual([core])
    expect(leakSearch([hidden])('only CANARY')).toEqual(['canary'])
  })

  test('refuses a secret that would be found everywhere', () => {
    expect(() => leakSearch(['short'])).toThrow(/too short/)
  })
})

test.each(spellings)('the redactor redacts a secret %s, and keeps the text around it', (_name, spell) => {
  const text = redactor([new Secret(hidden)]).redact(`before ${spell(hidden)} after`)
  expect(leakSearch([hidden])(text)).toEqual([])
  expect(text).toMatch(/^before .* after$/)
})

describe('the redactor redacts a secret with backslashes', () => {
  const written = {
    'as it is': (text: string) => text,
    'in JSON': (text: string) => JSON.stringify(text).slice(1, -1),
    'in JSON in JSON': (text: string) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
    'as an address': encodeURIComponent,
  }
  const secrets = [
    ['before a line break', 'abc\\\r\nZq7#xV2!'],
    ['and a line break at the start', '\\\r\nZq7#xV2!'],
    ['at the end, behind a line break', 'Zq7#\nxV2!\\'],
    ['at the start, before words', '\\Zq7# xV2!'],
    ['between blanks', 'Zq7# \\ \b\\xV2!'],
    ['before a letter of an escape', 'Zq7\\new\txV2!'],
  ] as const
  const around = ['', ' ', '\n', 'new', '§']

  test.each(secrets)('%s', (_name, secret) => {
    const { redact } = redactor([new Secret(secret)])
    for (const spell of Object.values(written))
      for (const before of around)
        for (const after of around) {
          const left = redact(spell(`<${before}${secret}${after}>`))
          expect(left, spell(`${before}|${after}`)).not.toMatch(/Zq7|xV2/)
        }
  })

  test('and no text that lacks the backslashes', () => {
    const { redact } = redactor([new Secret('\\Zq7#xV2!'), new Secret('a\\b\\c\\d\\e\\f')])
    for (const text of ['Zq7#xV2!', ' Zq7#xV2!', '\\ Zq7#xV2!', 'abcdef', 'a\\bc\\d\\e\\f'])
      expect(redact(text)).toBe(text)
  })

  test('a value of hardly more than blanks and backslashes is too short', () => {
    expect(redactor([new Secret('ab \\ \\ \\ \\ \\ c')]).redact('ab c')).toBe('ab c')
  })
})
