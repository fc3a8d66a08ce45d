import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InputError } from '../../../src/shared/errors.ts'
import { openPasskeysFolder, page } from '../../support/passkeys/passkeys-folder.ts'
import { type Algorithm, flag, type SoftwareKey, softwareKey } from '../../support/passkeys/software-key.ts'

// What a browser is asked for when a key is made, and which answers are taken.

let folder: ReturnType<typeof openPasskeysFolder>
beforeEach(() => {
  folder = openPasskeysFolder()
})
afterEach(() => folder.remove())

const challenge = Buffer.alloc(32, 7).toString('base64url')
const asked = { ...page, challenge }
type Asked = Parameters<SoftwareKey['register']>[0]

const register = (more: Partial<Asked> = {}, given: object = {}, key = softwareKey()) =>
  folder.open({ now: () => Date.parse('2026-11-28T12:00:00Z') }).register({
    person: 'anna',
    response: key.register({ ...asked, ...more }),
    ...asked,
    ...given,
  })

async function expectRefusal(registered: Promise<unknown>, sentence: string | RegExp): Promise<void> {
  const error: unknown = await registered.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(InputError)
  expect((error as InputError).message).toMatch(sentence)
  expect((error as InputError).next).toBe('No passkey was added.')
}

describe('the options', () => {
  test('ask for a user who is verified, and for nothing that tells the make of the key', async () => {
    const { options, challenge: own } = await folder.open().registration('anna', page.rpId, page.origin)
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'qualys-mcp' },
      user: { name: 'anna', displayName: 'anna' },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ alg, type: 'public-key' })),
      attestation: 'none',
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
      challenge: own,
    })
    expect(Buffer.from(own, 'base64url')).toHaveLength(32)
  })

  test('have a user and a challenge of their own each time', async () => {
    const passkeys = folder.open()
    const [one, other] = [
      await passkeys.registration('anna', page.rpId, page.origin),
      await passkeys.registration('anna', page.rpId, page.origin),
    ]
    expect(one.challenge).not.toBe(other.challenge)
    expect(one.options.user.id).not.toBe(other.options.user.id)
    expect(Buffer.from(one.options.user.id, 'base64url')).toHaveLength(32)
  })

  test.each(['', ' anna', 'anna\n', 'x'.repeat(201)])('are not made for the name %j', async (person) => {
    await expectRefusal(
      folder.open().registration(person, page.rpId, page.origin),
      /^The name of a person has 1 to 200 characters/,
    )
  })

  test('are not made for a page whose name is not the RP ID', async () => {
    await expectRefusal(
      folder.open().registration('anna', 'localhost', 'http://127.0.0.1:8770'),
      /^The passkey answered for another name than localhost/,
    )
  })
})

describe('a registration', () => {
  test.each<Algorithm>(['ES256', 'EdDSA', 'RS256'])('of %s gives the key', async (algorithm) => {
    const key = softwareKey(algorithm)
    await expect(
      register({ counter: 5, transports: ['usb', 'nfc'] }, { label: ' blue ' }, key),
    ).resolves.toEqual({
      ...{ person: 'anna', label: 'blue', credentialId: key.credentialId, publicKey: key.publicKey, ...page },
      ...{ counter: 5, addedAt: '2026-11-28T12:00:00.000Z', addedBy: 'anna', transports: ['usb', 'nfc'] },
    })
  })

  test.each([undefined, '', '  '])('without a name for the key gets its day: %j', async (label) => {
    await expect(register({}, { label })).resolves.toMatchObject({ label: 'made 2026-11-28' })
  })

  test('says who adds it, if that is somebody else', async () => {
    await expect(register({}, { addedBy: 'root' })).resolves.toMatchObject({
      person: 'anna',
      addedBy: 'root',
    })
  })

  test('drops ways to reach the key that nobody can have meant', async () => {
    const passkey = await register({ transports: ['usb', 'x'.repeat(1_000)] })
    expect(passkey.transports).toBeUndefined()
  })

  test.each(['packed', 'fido-u2f', 'tpm', 'android-key', 'apple', 'made-up'])(
    'with an attestation of format %s is taken as one without, and nothing is looked up',
    async (format) => {
      await expect(register({ format })).resolves.toMatchObject({ person: 'anna' })
    },
  )
})

describe('a registration is refused', () => {
  test('for another challenge', async () => {
    await expectRefusal(
      register({ challenge: Buffer.alloc(32, 8).toString('base64url') }),
      'The passkey was made for another attempt than this one: press the button on the page again.',
    )
  })

  test.each(['http://localhost:8771', 'http://127.0.0.1:8770', 'https://localhost:8770', 'http://localhost'])(
    'from the page %s',
    async (origin) => {
      const response = softwareKey().register({ ...asked, origin })
      await expectRefusal(
        register({}, { response }),
        `The passkey was used on the page at "${origin}", which is not the page of this server: open http://localhost:8770, with exactly this name and port.`,
      )
    },
  )

  test('for another RP ID', async () => {
    await expectRefusal(
      register({ rpId: 'example.com' }),
      /^The passkey answered for another name than localhost: /,
    )
  })

  test('from a page within another one', async () => {
    await expectRefusal(
      register({ clientData: { crossOrigin: true } }),
      /^The passkey was used on a page within /,
    )
  })

  test('without a check of the user', async () => {
    await expectRefusal(register({ flags: flag.present }), /^The passkey did not check who uses it, /)
    await expectRefusal(register({ flags: 0 }), /^The passkey answered without anybody there: /)
  })

  test('with a signature in place of a new key', async () => {
    const { response, ...rest } = softwareKey().assert(asked)
    await expectRefusal(
      register(
        {},
        { response: { ...rest, response: { ...response, attestationObject: response.signature } } },
      ),
      /^What came is no new passkey: /,
    )
  })

  test('if its id is not that of its new key', async () => {
    const { credentialId } = softwareKey()
    const response = { ...softwareKey().register(asked), id: credentialId, rawId: credentialId }
    await expectRefusal(
      register({}, { response }),
      /^The new passkey cannot be read, or uses another algorithm /,
    )
  })

  test('if its id is longer than any', async () => {
    await expectRefusal(
      register({}, {}, softwareKey('ES256', Buffer.alloc(1_024, 1))),
      /^What came is no new passkey/,
    )
  })

  test.each(['x'.repeat(61), 'a\nb', 'a\u202eb'])('with the label %j', async (label) => {
    await expectRefusal(register({}, { label }), /^The name of a passkey has at most 60 characters/)
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'AAAA'],
    ['an empty object', {}],
    ['no attestation', { ...softwareKey().register(asked), response: { clientDataJSON: 'AAAA' } }],
  ])('if it is %s', async (_what, response) => {
    await expectRefusal(register({}, { response }), /^What came is no new passkey: /)
  })

  test.each<[string, Buffer]>([
    ['no CBOR', Buffer.from('no CBOR at all')],
    ['a number', Buffer.from([0x07])],
    ['an empty map', Buffer.from([0xa0])],
    ['nested without end', Buffer.alloc(10_000, 0x81)],
    ['of a length that is not there', Buffer.from([0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ])('if its attestation is %s', async (_what, bytes) => {
    const response = softwareKey().register(asked)
    const attestationObject = bytes.toString('base64url')
    await expectRefusal(
      register({}, { response: { ...response, response: { ...response.response, attestationObject } } }),
      /^What came is no new passkey: /,
    )
  })

  test('for an algorithm that is not offered', async () => {
    const key = softwareKey()
    const response = key.register(asked)
    const bytes = Buffer.from(response.response.attestationObject, 'base64url')
    // The algorithm of the COSE key: -7, as CBOR, becomes -11.
    const at = bytes.indexOf(Buffer.from([0x03, 0x26])) + 1
    bytes.writeUInt8(0x2a, at)
    const changed = { ...response.response, attestationObject: bytes.toString('base64url') }
    await expectRefusal(
      register({}, { response: { ...response, response: changed } }),
      /^The new passkey cannot be read/,
    )
  })
})
