import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { type Cbor, cbor } from './cbor.ts'

// A software authenticator and the browser before it, in one: it answers a registration or signs a challenge with any
// flags, counter, origin and RP ID, so that every refusal is tested without a browser.
//
//   const key = softwareKey()
//   key.register({ challenge, origin, rpId })                          what navigator.credentials.create gives
//   key.assert({ challenge, origin, rpId, counter: 7 })                what navigator.credentials.get gives
//   key.assert({ challenge, origin, rpId, flags: flag.present })       without user verification
//   pinned(key, { person: 'anna', rpId, origin })                      the key as the file of passkeys holds it
//
// The challenge of a record is challengeOf(digest), from src/tools/effects/approval/page/passkeys/challenge.ts.

/** The bits of the flags of authenticator data (WebAuthn, 6.1), to be joined by `|`. */
export const flag = {
  present: 0x01,
  verified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
  extensions: 0x80,
} as const

/** What a key is asked for, and what it lies about. */
interface Ceremony {
  /** Base64url, as the options for the browser hold it. */
  readonly challenge: string
  /** The origin that the browser reports. */
  readonly origin: string
  readonly rpId: string
  /** Present and verified unless given; `attested` is added to a registration. */
  readonly flags?: number
  readonly counter?: number
  /** Further members of the client data, or other values of its own ones. */
  readonly clientData?: Readonly<Record<string, unknown>>
}

interface RegistrationCeremony extends Ceremony {
  readonly transports?: string[]
  /** The format of the attestation statement, which is empty. */
  readonly format?: string
}

/** A key that lives in memory. */
export interface SoftwareKey {
  readonly credentialId: string
  /** The public key as COSE, in base64url. */
  readonly publicKey: string
  /** PKCS #8, in base64: as a virtual authenticator takes it. */
  readonly privateKey: string
  readonly register: (ceremony: RegistrationCeremony) => RegistrationResponseJSON
  readonly assert: (ceremony: Ceremony) => AuthenticationResponseJSON
}

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256'

/** What a passkey file holds of a key besides the key itself. */
interface Pinning {
  readonly person: string
  readonly rpId: string
  readonly origin: string
  readonly label?: string
  readonly counter?: number
}

const member = (key: KeyObject, name: 'x' | 'y' | 'n' | 'e'): Buffer =>
  Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url')

/** A new key pair, and its public half as COSE (RFC 9053). */
function newKeys(algorithm: Algorithm): { readonly secret: KeyObject; readonly cose: Cbor } {
  if (algorithm === 'EdDSA') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const members: [number, Cbor][] = [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, member(publicKey, 'x')],
    ]
    return { secret: privateKey, cose: new Map(members) }
  }
  if (algorithm === 'RS256') {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const members: [number, Cbor][] = [
      [1, 3],
      [3, -257],
      [-1, member(publicKey, 'n')],
      [-2, member(publicKey, 'e')],
    ]
    return { secret: privateKey, cose: new Map(members) }
  }
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const members: [number, Cbor][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, member(publicKey, 'x')],
    [-3, member(publicKey, 'y')],
  ]
  return { secret: privateKey, cose: new Map(members) }
}

const hashOf = (content: string | Buffer): Buffer => createHash('sha256').update(content).digest()

function clientDataOf(type: string, { challenge, origin, clientData }: Ceremony): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData }))
}

/** Authenticator data: RP ID, flags, counter, and in a registration the new key (WebAuthn, 6.1). */
function authenticatorData({ rpId, flags, counter = 0 }: Ceremony, attested?: Buffer): Buffer {
  const bits = (flags ?? flag.present | flag.verified) | (attested ? flag.attested : 0)
  const head = Buffer.alloc(5)
  head.writeUInt8(bits, 0)
  head.writeUInt32BE(counter, 1)
  return Buffer.concat([hashOf(rpId), head, attested ?? Buffer.alloc(0)])
}

/** The new key in a registration: no AAGUID, its id, the public key (WebAuthn, 6.5.2). */
function attestedData(id: Buffer, publicKey: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(id.length)
  return Buffer.concat([Buffer.alloc(16), length, id, publicKey])
}

/** A new software key; `id`: its credential id, random bytes unless given. */
export function softwareKey(algorithm: Algorithm = 'ES256', id: Buffer = randomBytes(16)): SoftwareKey {
  const { secret, cose } = newKeys(algorithm)
  const publicKey = cbor(cose)
  const credentialId = id.toString('base64url')
  const credential = {
    id: credentialId,
    rawId: credentialId,
    type: 'public-key',
    clientExtensionResults: {},
  } as const
  return {
    credentialId,
    publicKey: publicKey.toString('base64url'),
    privateKey: secret.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    register: (ceremony) => {
      const { transports, format = 'none' } = ceremony
      const members: [string, Cbor][] = [
        ['fmt', format],
        ['attStmt', new Map()],
        ['authData', authenticatorData(ceremony, attestedData(id, publicKey))],
      ]
      return {
        ...credential,
        response: {
          clientDataJSON: clientDataOf('webauthn.create', ceremony).toString('base64url'),
          attestationObject: cbor(new Map(members)).toString('base64url'),
          ...(transports && { transports }),
        },
      }
    },
    assert: (ceremony) => {
      const clientData = clientDataOf('webauthn.get', ceremony)
      const data = authenticatorData(ceremony)
      const signed = Buffer.concat([data, hashOf(clientData)])
      const signature = sign(algorithm === 'EdDSA' ? null : 'sha256', signed, secret)
      return {
        ...credential,
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      }
    },
  }
}

/** A key as the file of passkeys holds it, without a registration. */
export function pinned({ credentialId, publicKey }: SoftwareKey, pinning: Pinning) {
  const { person, rpId, origin, label = 'test key', counter = 0 } = pinning
  const added = { addedAt: '2026-11-28T12:00:00.000Z', addedBy: 'test' }
  return { person, label, credentialId, publicKey, rpId, origin, counter, ...added }
}
