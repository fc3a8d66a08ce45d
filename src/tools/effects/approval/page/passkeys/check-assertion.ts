import { sha256 } from '../../../../../shared/crypto.ts'
import { challengeOf } from './challenge.ts'
import { belongsTo } from './passkey-schema.ts'
import { signatureRefusals as refusals } from './refusals.ts'
import { type Assertion, assertionSchema, type ClientData, clientDataIn } from './response-schemas.ts'

/** What the signature of a passkey is checked against. */
export interface Expected {
  /** Of what is signed, in hexadecimal. */
  readonly digest: string
  /** The pages on which it may have been made, compared exactly. */
  readonly origins: readonly string[]
  readonly rpId: string
  /** As COSE, in base64url. */
  readonly publicKey: string
}

/** What a good signature says. */
export interface SignedFacts {
  readonly counter: number
  /** The page on which it was made. */
  readonly origin: string
}

/** Authenticator data (WebAuthn, 6.1), as far as it is needed. */
interface AuthenticatorData {
  /** SHA-256 of the RP ID, in hexadecimal. */
  readonly rpIdHash: string
  readonly isUserPresent: boolean
  readonly isUserVerified: boolean
  readonly counter: number
}

/** The head of authenticator data; undefined for bytes that are too short for it. */
export function authenticatorDataIn(bytes: Buffer): AuthenticatorData | undefined {
  if (bytes.length < 37) return undefined
  const flags = bytes.readUInt8(32)
  return {
    rpIdHash: bytes.subarray(0, 32).toString('hex'),
    isUserPresent: (flags & 0x01) !== 0,
    isUserVerified: (flags & 0x04) !== 0,
    counter: bytes.readUInt32BE(33),
  }
}

/** The parts of a signature that are used. Throws an InputError for everything else. */
export function parseAssertion(value: unknown): Assertion {
  const { data } = assertionSchema.safeParse(value)
  if (!data) throw refusals.noSignature()
  return data
}

function checkClientData(client: ClientData | undefined, { digest, origins }: Expected): ClientData {
  if (client?.type !== 'webauthn.get') throw refusals.noSignature()
  if (client.challenge !== challengeOf(digest)) throw refusals.otherDigest()
  if (!origins.includes(client.origin)) throw refusals.otherOrigin(client.origin, origins)
  if (client.crossOrigin === true || client.topOrigin !== undefined) throw refusals.embedded()
  return client
}

/** Where a positive integer of DER ends that begins here, written in the one way there is (X.690, 8.3 and 10.1). */
function endOfInteger(bytes: Buffer, start: number): number | undefined {
  const [tag, length = 0, first = 0x80, second = 0x80] = bytes.subarray(start, start + 4)
  const isMinimal = length === 1 || first !== 0 || second >= 0x80
  return tag === 0x02 && length > 0 && length < 0x80 && first < 0x80 && isMinimal
    ? start + 2 + length
    : undefined
}

/** True for two integers in DER and nothing after them. The library takes other ways to write them, too. */
function isDerSignature(bytes: Buffer): boolean {
  const end = endOfInteger(bytes, 2)
  return (
    bytes[0] === 0x30 &&
    bytes[1] === bytes.length - 2 &&
    end !== undefined &&
    endOfInteger(bytes, end) === bytes.length
  )
}

/** Signatures of elliptic curves are in DER (WebAuthn, 6.5.5). */
async function isWellFormed(signature: string, publicKey: Buffer): Promise<boolean> {
  const { cose, decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers')
  const key = decodeCredentialPublicKey(Uint8Array.from(publicKey))
  return !cose.isCOSEPublicKeyEC2(key) || isDerSignature(Buffer.from(signature, 'base64url'))
}

/** True if the key made the signature. The library checks all the rest again; the counter is compared elsewhere. */
async function isSignedBy(assertion: Assertion, origin: string, expected: Expected): Promise<boolean> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const publicKey = Buffer.from(expected.publicKey, 'base64url')
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: assertion,
      expectedChallenge: challengeOf(expected.digest),
      expectedOrigin: origin,
      expectedRPID: expected.rpId,
      requireUserVerification: true,
      credential: { id: assertion.id, publicKey: Uint8Array.from(publicKey), counter: 0 },
    })
    return verified && (await isWellFormed(assertion.response.signature, publicKey))
  } catch {
    return false
  }
}

/** Checks a signature, all but its counter. Throws an InputError that says what is wrong with it. */
export async function checkAssertion(assertion: Assertion, expected: Expected): Promise<SignedFacts> {
  const { clientDataJSON, authenticatorData } = assertion.response
  const { origin } = checkClientData(clientDataIn(clientDataJSON), expected)
  const data = authenticatorDataIn(Buffer.from(authenticatorData, 'base64url'))
  if (!data) throw refusals.noSignature()
  const { rpId } = expected
  // The page has another name, or the key is one of another name.
  if (!belongsTo(origin, rpId) || data.rpIdHash !== sha256(rpId)) throw refusals.otherRpId(rpId)
  if (!data.isUserPresent) throw refusals.notTouched()
  if (!data.isUserVerified) throw refusals.notVerified()
  if (!(await isSignedBy(assertion, origin, expected))) throw refusals.badSignature()
  return { counter: data.counter, origin }
}
