import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/shared/crypto.ts'
import { InputError } from '../../../src/shared/errors.ts'
import { challengeOf } from '../../../src/tools/effects/approval/page/passkeys/challenge.ts'
import { openPasskeysFolder, page } from '../../support/passkeys/passkeys-folder.ts'
import {
  type Algorithm,
  flag,
  pinned,
  type SoftwareKey,
  softwareKey,
} from '../../support/passkeys/software-key.ts'

// Which signatures of a record count, and what is said of each other one.

let folder: ReturnType<typeof openPasskeysFolder>
beforeEach(() => {
  folder = openPasskeysFolder()
})
afterEach(() => folder.remove())

const digest = sha256('a record')
const asked = { ...page, challenge: challengeOf(digest) }
const anna = softwareKey()

type Asked = Parameters<SoftwareKey['assert']>[0]

/** Verifies a signature of Anna's key. */
function verify(
  more: Partial<Asked> = {},
  check: { person?: string; digest?: string; origins?: string[] } = {},
) {
  folder.write(pinned(anna, { ...page, person: 'anna' }))
  const assertion = anna.assert({ ...asked, ...more })
  return folder.open().verify({ assertion, digest, origins: [page.origin], ...check })
}

const refusal = (verified: Promise<unknown>): Promise<unknown> => verified.catch((error: unknown) => error)

async function expectRefusal(verified: Promise<unknown>, sentence: string | RegExp): Promise<void> {
  const error = await refusal(verified)
  expect(error).toBeInstanceOf(InputError)
  const { message } = error as InputError
  if (typeof sentence === 'string') expect(message).toBe(sentence)
  else expect(message).toMatch(sentence)
  // What happened, and what to do.
  expect(message).toMatch(/^[A-Z][^\n]+: [^\n]+\.$/)
}

describe('a good signature', () => {
  test.each<Algorithm>(['ES256', 'EdDSA', 'RS256'])(
    'of %s counts, for the person of the key',
    async (algorithm) => {
      const key = softwareKey(algorithm)
      folder.write(pinned(anna, { ...page, person: 'anna' }), pinned(key, { ...page, person: 'bob' }))
      const assertion = key.assert(asked)
      const verified = await folder
        .open()
        .verify({ assertion, digest, origins: ['http://localhost:1', page.origin] })
      expect(verified.passkey).toMatchObject({ person: 'bob', credentialId: key.credentialId })
      expect(verified.origin).toBe(page.origin)
    },
  )

  test('is given back without what else the browser sent', async () => {
    folder.write(pinned(anna, { ...page, person: 'anna' }))
    const assertion = anna.assert(asked)
    const sent = {
      ...assertion,
      authenticatorAttachment: 'platform',
      clientExtensionResults: { appid: 'x'.repeat(1_000) },
      response: { ...assertion.response, userHandle: 'AAAA', more: 1 },
      more: { more: 1 },
    }
    const verified = await folder.open().verify({ assertion: sent, digest, origins: [page.origin] })
    expect(verified.assertion).toEqual(assertion)
  })

  test('may come from a key that is kept in several places', async () => {
    const flags = flag.present | flag.verified | flag.backupEligible | flag.backedUp
    await expect(verify({ flags })).resolves.toMatchObject({ passkey: { person: 'anna' } })
  })

  test('counts for the person that has to sign', async () => {
    await expect(verify({}, { person: 'anna' })).resolves.toBeDefined()
  })
})

describe('a signature is refused', () => {
  test('of another record', async () => {
    await expectRefusal(
      verify({}, { digest: sha256('another record') }),
      'The passkey signed another request than this one: open the link again, and sign the request that it shows now.',
    )
  })

  test('by a key that is not pinned', async () => {
    folder.write(pinned(anna, { ...page, person: 'anna' }))
    await expectRefusal(
      folder.open().verify({ assertion: softwareKey().assert(asked), digest, origins: [page.origin] }),
      'This passkey is not in the file of passkeys, or was removed from it: use one that counts, or have the operator add this one.',
    )
  })

  test('without any file of passkeys', async () => {
    await expectRefusal(
      folder.open().verify({ assertion: anna.assert(asked), digest, origins: [page.origin] }),
      /^This passkey is not in the file of passkeys/,
    )
  })

  test('by a key that was removed in the meantime', async () => {
    folder.write(pinned(anna, { ...page, person: 'anna' }))
    const passkeys = folder.open()
    const check = { assertion: anna.assert(asked), digest, origins: [page.origin], isAgain: true }
    await expect(passkeys.verify(check)).resolves.toBeDefined()
    passkeys.remove(anna.credentialId)
    await expectRefusal(passkeys.verify(check), /^This passkey is not in the file/)
  })

  test('by a key that another program removed in the meantime', async () => {
    folder.write(pinned(anna, { ...page, person: 'anna' }))
    const passkeys = folder.open()
    const check = { assertion: anna.assert(asked), digest, origins: [page.origin], isAgain: true }
    await expect(passkeys.verify(check)).resolves.toBeDefined()
    folder.open().remove(anna.credentialId)
    await expectRefusal(passkeys.verify(check), /^This passkey is not in the file/)
  })

  test('by a key that took the id of a pinned one', async () => {
    folder.write(pinned(anna, { ...page, person: 'anna' }))
    const forged = softwareKey('ES256', Buffer.from(anna.credentialId, 'base64url'))
    await expectRefusal(
      folder.open().verify({ assertion: forged.assert(asked), digest, origins: [page.origin] }),
      'The signature does not fit the public key of this passkey: sign again, and if this comes again, remove the passkey and add it anew.',
    )
  })

  test('by the key of another person', async () => {
    await expectRefusal(
      verify({}, { person: 'bob' }),
      'This passkey is not one of "bob": use a passkey of your own.',
    )
  })

  test('by the key of a person whose name differs by a capital', async () => {
    await expectRefusal(verify({}, { person: 'Anna' }), /^This passkey is not one of "Anna"/)
  })

  test.each([
    ['with another port', 'http://localhost:8771'],
    ['without the port', 'http://localhost'],
    ['of the address of loopback', 'http://127.0.0.1:8770'],
    ['of the other address of loopback', 'http://[::1]:8770'],
    ['with another scheme', 'https://localhost:8770'],
    ['of another host', 'https://evil.example.com'],
    ['with a blank after it', 'http://localhost:8770 '],
    ['with a slash after it', 'http://localhost:8770/'],
    ['that is none', 'null'],
  ])('made on a page %s', async (_what, origin) => {
    const error = (await refusal(verify({ origin }))) as InputError
    expect(error.message).toMatch(
      /^The passkey was used on the page at ".*", which is not the page of this server: /,
    )
    expect(error.message).toContain('open http://localhost:8770, with exactly this name and port.')
  })

  test('where the page of this server is not known', async () => {
    await expectRefusal(verify({}, { origins: [] }), /: open the link that the assistant gave\.$/)
  })

  test('with a hostile name of a page, which is shown safely', async () => {
    const error = (await refusal(verify({ origin: `\u001b[2J"\u202e${'x'.repeat(2_000)}` }))) as InputError
    expect(error.message).toMatch(/^[ -~…]{100,400}$/)
  })

  test('made for another RP ID', async () => {
    await expectRefusal(
      verify({ rpId: 'example.com' }),
      'The passkey answered for another name than localhost: use a passkey that was made for localhost, on a page of that name.',
    )
  })

  test('on a page whose name is not the RP ID of the key', async () => {
    const other = { origin: 'https://qualys.example.com', rpId: 'qualys.example.com' }
    await expectRefusal(
      verify(other, { origins: [other.origin] }),
      /^The passkey answered for another name than localhost: /,
    )
  })

  test('on a page of a subdomain, whatever a browser may allow', async () => {
    const parent = softwareKey()
    folder.write(pinned(parent, { rpId: 'example.com', origin: 'https://example.com', person: 'anna' }))
    const origin = 'https://qualys.example.com'
    await expectRefusal(
      folder.open().verify({
        assertion: parent.assert({ ...asked, origin, rpId: 'example.com' }),
        digest,
        origins: [origin],
      }),
      /^The passkey answered for another name than example\.com: /,
    )
  })

  test('without a check of the user', async () => {
    await expectRefusal(
      verify({ flags: flag.present }),
      'The passkey did not check who uses it, by PIN, fingerprint or face: set a PIN or a screen lock for it, and try again.',
    )
  })

  test.each([0, flag.verified])('without a user there: flags %d', async (flags) => {
    await expectRefusal(
      verify({ flags }),
      'The passkey answered without anybody there: touch the key when it asks.',
    )
  })

  test.each([{ crossOrigin: true }, { topOrigin: 'https://evil.example.com' }])(
    'made on a page within another one: %o',
    async (clientData) => {
      await expectRefusal(
        verify({ clientData }),
        'The passkey was used on a page within another page: open the link in a tab of its own.',
      )
    },
  )

  test.each(['webauthn.create', 'payment.get', 'WEBAUTHN.GET', '', 7])(
    'if it was made for something else: %s',
    async (type) => {
      await expectRefusal(verify({ clientData: { type } }), /^What came is no signature of a passkey: /)
    },
  )

  test('if its flags contradict each other', async () => {
    await expectRefusal(
      verify({ flags: flag.present | flag.verified | flag.backedUp }),
      /^The signature does not fit /,
    )
  })

  test('if the public key in the file is no key', async () => {
    folder.write({ ...pinned(anna, { ...page, person: 'anna' }), publicKey: 'oWFhYWI' })
    await expectRefusal(
      folder.open().verify({ assertion: anna.assert(asked), digest, origins: [page.origin] }),
      /^The signature does not fit /,
    )
  })
})

describe('what is no signature is refused before anything reads it', () => {
  const good = anna.assert(asked)
  const response = (more: object): object => ({ ...good, response: { ...good.response, ...more } })
  const long = 'A'.repeat(1_000_000)

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', JSON.stringify(good)],
    ['a list', [good]],
    ['an empty object', {}],
    ['no response', { ...good, response: undefined }],
    ['another id than the raw one', { ...good, rawId: softwareKey().credentialId }],
    ['an id that is a number', { ...good, id: 7, rawId: 7 }],
    ['an id that is a list', { ...good, id: [good.id], rawId: [good.id] }],
    ['an empty id', { ...good, id: '', rawId: '' }],
    ['a long id', { ...good, id: long, rawId: long }],
    ['another type', { ...good, type: 'password' }],
    ['client data that is an object', response({ clientDataJSON: { type: 'webauthn.get' } })],
    ['long client data', response({ clientDataJSON: long })],
    ['client data that is no JSON', response({ clientDataJSON: 'AAAA' })],
    ['client data that is null', response({ clientDataJSON: Buffer.from('null').toString('base64url') })],
    ['long authenticator data', response({ authenticatorData: long })],
    ['short authenticator data', response({ authenticatorData: Buffer.alloc(36).toString('base64url') })],
    ['a long signature', response({ signature: long })],
    ['an empty signature', response({ signature: '' })],
    ['base64 with padding', response({ signature: `${good.response.signature}==` })],
    ['base64 of the other alphabet', response({ signature: '+/+/' })],
  ])('%s', async (_what, assertion) => {
    folder.write(pinned(anna, { ...page, person: 'anna' }))
    await expectRefusal(
      folder.open().verify({ assertion, digest, origins: [page.origin] }),
      'What came is no signature of a passkey: press the button on the page again, in a current browser.',
    )
  })
})
