import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/shared/crypto.ts'
import { InputError } from '../../../src/shared/errors.ts'
import { challengeOf } from '../../../src/tools/effects/approval/page/passkeys/challenge.ts'
import type {
  Passkeys,
  VerifiedSignature,
} from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import { openPasskeysFolder, page } from '../../support/passkeys/passkeys-folder.ts'
import { type Algorithm, pinned, softwareKey } from '../../support/passkeys/software-key.ts'

// Whatever is changed about a signature or a registration on its way, it is refused, and nothing but a refusal is thrown.

let folder: ReturnType<typeof openPasskeysFolder>
let passkeys: Passkeys
beforeAll(() => {
  folder = openPasskeysFolder()
  folder.write(...Object.values(keys).map((key) => pinned(key, { ...page, person: 'anna' })))
  passkeys = folder.open()
})
afterAll(() => folder.remove())

const digest = sha256('a record')
const asked = { ...page, challenge: challengeOf(digest) }
const keys = { ES256: softwareKey(), EdDSA: softwareKey('EdDSA'), RS256: softwareKey('RS256') }
const parts = ['clientDataJSON', 'authenticatorData', 'signature'] as const

const verify = (assertion: unknown): Promise<VerifiedSignature> =>
  passkeys.verify({ assertion, digest, origins: [page.origin], isAgain: true })

/** Some bytes changed, cut off, put in or put after the others: never the same. */
const changed = (bytes: Buffer): fc.Arbitrary<Buffer> => {
  const at = fc.nat({ max: bytes.length - 1 })
  const some = fc.uint8Array({ minLength: 1, maxLength: 8 })
  return fc
    .oneof(
      fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([place, by]) => {
        const copy = Buffer.from(bytes)
        copy.writeUInt8(copy.readUInt8(place) ^ by, place)
        return copy
      }),
      at.map((length) => bytes.subarray(0, length)),
      some.map((more) => Buffer.concat([bytes, more])),
      some.map((more) => Buffer.concat([more, bytes])),
      fc
        .tuple(at, some)
        .map(([place, more]) => Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)])),
    )
    .filter((copy) => !copy.equals(bytes))
}

describe.each<Algorithm>(['ES256', 'EdDSA', 'RS256'])('a signature of %s', (algorithm) => {
  const assertion = keys[algorithm].assert(asked)

  test('is good as it is', async () => {
    await expect(verify(assertion)).resolves.toMatchObject({ origin: page.origin })
  })

  test.each(parts)('is refused with any change of its %s', async (part) => {
    const bytes = Buffer.from(assertion.response[part], 'base64url')
    await fc.assert(
      fc.asyncProperty(changed(bytes), async (copy) => {
        const response = { ...assertion.response, [part]: copy.toString('base64url') }
        await expect(verify({ ...assertion, response })).rejects.toBeInstanceOf(InputError)
      }),
      { numRuns: 150 },
    )
  })

  test.each(parts)('is refused with any other way to write its %s', async (part) => {
    const text = assertion.response[part]
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: text.length }),
        fc.constantFrom('=', ' ', '\n', '\0', '.', '+', '/', 'A', '-'),
        async (at, more) => {
          const other = text.slice(0, at) + more + text.slice(at)
          const response = { ...assertion.response, [part]: other }
          await expect(verify({ ...assertion, response })).rejects.toBeInstanceOf(InputError)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('is refused with any other id', async () => {
    await fc.assert(
      fc.asyncProperty(changed(Buffer.from(assertion.id, 'base64url')), async (copy) => {
        const id = copy.toString('base64url')
        await expect(verify({ ...assertion, id, rawId: id })).rejects.toBeInstanceOf(InputError)
        await expect(verify({ ...assertion, id })).rejects.toBeInstanceOf(InputError)
      }),
      { numRuns: 50 },
    )
  })
})

test('no value at all is a signature, or more than refused', async () => {
  const good = keys.ES256.assert(asked)
  const value = fc.oneof(
    fc.anything(),
    fc.record({ ...fcOf(good), response: fc.anything() }),
    fc.record({ ...fcOf(good), response: fc.dictionary(fc.constantFrom(...parts), fc.anything()) }),
    fc.record({
      ...fcOf(good),
      response: fc.record({
        clientDataJSON: fc.json().map((text) => Buffer.from(text).toString('base64url')),
        authenticatorData: fc
          .uint8Array({ maxLength: 80 })
          .map((bytes) => Buffer.from(bytes).toString('base64url')),
        signature: fc.constant(good.response.signature),
      }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(value, async (assertion) => {
      await expect(verify(assertion)).rejects.toBeInstanceOf(InputError)
    }),
    { numRuns: 400 },
  )
})

function fcOf({ id, rawId, type }: { readonly id: string; readonly rawId: string; readonly type: string }) {
  return { id: fc.constant(id), rawId: fc.constant(rawId), type: fc.constant(type) }
}

test('a registration with any change gives no other key than it says, or is refused', async () => {
  const key = softwareKey()
  const response = key.register(asked)
  const { clientDataJSON, attestationObject } = response.response
  const register = (change: object) =>
    passkeys.register({
      person: 'bob',
      ...asked,
      response: { ...response, response: { ...response.response, ...change } },
    })
  // Nothing is signed in a registration: what is refused is what cannot be one of this page.
  const isRefusedOrTheSame = (part: string, text: string) =>
    fc.assert(
      fc.asyncProperty(changed(Buffer.from(text, 'base64url')), async (copy) => {
        const made: unknown = await register({ [part]: copy.toString('base64url') }).catch(
          (error: unknown) => error,
        )
        if (made instanceof InputError) return
        expect(made).toMatchObject({ person: 'bob', credentialId: key.credentialId, ...page })
      }),
      { numRuns: 200 },
    )
  await isRefusedOrTheSame('clientDataJSON', clientDataJSON)
  await isRefusedOrTheSame('attestationObject', attestationObject)
})
