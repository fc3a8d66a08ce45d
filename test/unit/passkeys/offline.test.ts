import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/shared/crypto.ts'
import { challengeOf } from '../../../src/tools/effects/approval/page/passkeys/challenge.ts'
import { verifyOffline } from '../../../src/tools/effects/approval/page/passkeys/verify-offline.ts'
import { page } from '../../support/passkeys/passkeys-folder.ts'
import { type Algorithm, flag, softwareKey } from '../../support/passkeys/software-key.ts'

// Signatures as `audit verify` checks them: with the key that was logged, without any file.

const digest = sha256('a record')
const asked = { ...page, challenge: challengeOf(digest) }
const key = softwareKey()
const logged = { ...page, digest, publicKey: key.publicKey, assertion: key.assert(asked) }
type Logged = Parameters<typeof verifyOffline>[0]

const faultOf = (change: Partial<Logged> = {}): Promise<string | undefined> =>
  verifyOffline({ ...logged, ...change })

describe('a logged signature', () => {
  test.each<Algorithm>(['ES256', 'EdDSA', 'RS256'])('of %s is good', async (algorithm) => {
    const { publicKey, assert } = softwareKey(algorithm)
    await expect(faultOf({ publicKey, assertion: assert(asked) })).resolves.toBeUndefined()
  })

  test('is good whatever its counter says', async () => {
    for (const counter of [0, 9, 3, 9])
      await expect(faultOf({ assertion: key.assert({ ...asked, counter }) })).resolves.toBeUndefined()
  })

  test.each<[string, Partial<Logged>, string]>([
    [
      'of another record',
      { digest: sha256('another record') },
      'the passkey signed another request than this one',
    ],
    [
      'by another key',
      { publicKey: softwareKey().publicKey },
      'the signature does not fit the public key of this passkey',
    ],
    [
      'with a key that is none',
      { publicKey: 'AAAA' },
      'the signature does not fit the public key of this passkey',
    ],
    ['with no key', { publicKey: '' }, 'the signature does not fit the public key of this passkey'],
    [
      'from another page',
      { origin: 'http://localhost:1' },
      'the passkey was used on the page at "http://localhost:8770", which is not the page of this server',
    ],
    [
      'for another name',
      { rpId: 'qualys.example.com' },
      'the passkey answered for another name than qualys.example.com',
    ],
    [
      'without a check of the user',
      { assertion: key.assert({ ...asked, flags: flag.present }) },
      'the passkey did not check who uses it, by PIN, fingerprint or face',
    ],
    ['that is none', { assertion: 'AAAA' }, 'what came is no signature of a passkey'],
    ['that is missing', { assertion: undefined }, 'what came is no signature of a passkey'],
    ['of what is no digest', { digest: 'abc' }, 'the digest that the passkey signed is no SHA-256'],
  ])('%s is told', async (_what, change, fault) => {
    await expect(faultOf(change)).resolves.toBe(fault)
  })

  test('from what is no page is told, even if the log says so too', async () => {
    const assertion = key.assert({ ...asked, origin: 'no page' })
    await expect(faultOf({ assertion, origin: 'no page' })).resolves.toBe(
      'the passkey answered for another name than localhost',
    )
  })
})
