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
