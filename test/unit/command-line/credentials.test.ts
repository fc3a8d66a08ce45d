import { describe, expect, test } from 'vitest'
import { accountOf } from '../../../src/session/auth/account.ts'
import { settingsFrom } from '../../support/environment.ts'

// Missing settings of an account, each in a sentence that says what to set.

/** The sentence; undefined if nothing is missing. */
function missingSetting(environment: Record<string, string>): string {
  try {
    accountOf(settingsFrom(environment))
    return ''
  } catch (error) {
    const { kind, message, next } = error as Error & { readonly kind: string; readonly next: string }
    expect(kind).toBe('setup')
    return `${message} ${next}`
  }
}

describe('missing credentials', () => {
  const place = { QUALYS_PLATFORM: 'EU2' }
  test.each([
    [{}, /^No Qualys platform is set\. .*QUALYS_PLATFORM .*QUALYS_GATEWAY_URL.*--sandbox/],
    [place, /^No Qualys credentials are set\. .*QUALYS_USERNAME and QUALYS_PASSWORD/],
    [
      { ...place, QUALYS_USERNAME: 'u' },
      /QUALYS_PASSWORD is not\. .*QUALYS_PASSWORD \(or QUALYS_PASSWORD_FILE/,
    ],
    [{ ...place, QUALYS_USERNAME: 'u', QUALYS_PASSWORD: '' }, /QUALYS_PASSWORD is not\./],
    [{ ...place, QUALYS_USERNAME: '', QUALYS_PASSWORD: 'p' }, /QUALYS_USERNAME is not\./],
    [{ ...place, QUALYS_CLIENT_ID: 'c' }, /QUALYS_CLIENT_SECRET is not\./],
    [{ ...place, QUALYS_CLIENT_SECRET: 's' }, /QUALYS_CLIENT_ID is not\./],
  ])('%o', (environment, says) => expect(missingSetting(environment)).toMatch(says))
})

describe('credentials that suffice', () => {
  const place = { QUALYS_PLATFORM: 'EU2' }
  test.each([
    { ...place, QUALYS_USERNAME: 'u', QUALYS_PASSWORD: 'a password' },
    { ...place, QUALYS_CLIENT_ID: 'c', QUALYS_CLIENT_SECRET: 'a secret of a client' },
    {
      QUALYS_GATEWAY_URL: 'https://a.example.com',
      QUALYS_API_URL: 'https://b.example.com',
      QUALYS_USERNAME: 'u',
      QUALYS_PASSWORD: 'a password',
    },
  ])('%o', (environment) => expect(missingSetting(environment)).toBe(''))
})
