import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { randomBytes, sha256 } from '../../../../../shared/crypto.ts'
import { authenticatorDataIn } from './check-assertion.ts'
import {
  belongsTo,
  labelSchema,
  maxLabelLength,
  type Passkey,
  passkeySchema,
  personSchema,
} from './passkey-schema.ts'
import { registrationRefusals as refusals } from './refusals.ts'
import { type ClientData, clientDataIn, registrationSchema } from './response-schemas.ts'

/** COSE algorithms: ES256, EdDSA, RS256. Every authenticator has one of them. */
const algorithms = [-7, -8, -257]

/** How long a browser waits for a person to find the key, in ms. */
export const ceremonyMs = 5 * 60_000

/** The answer of a browser to the options of a registration, and what it is checked against. */
export interface Registration {
  readonly person: string
  /** What its owner calls the key; by default the day on which it was made. */
  readonly label?: string | undefined
  /** Of the browser. */
  readonly response: unknown
  /** Of the options, in base64url. */
  readonly challenge: string
  readonly rpId: string
  readonly origin: string
  /** Who adds it; the person unless given. */
  readonly addedBy?: string | undefined
}

/** Options of a registration for the browser, and their challenge, which the server keeps. */
export interface RegistrationStart {
  readonly options: PublicKeyCredentialCreationOptionsJSON
  readonly challenge: string
}

/** The name of a person. Throws an InputError. */
function checkPerson(person: string): void {
  if (!personSchema.safeParse(person).success) throw refusals.badPerson()
}

/** Starts the registration of a key. `known`: the person's keys, of which the authenticator must hold none. */
export async function startRegistration(
  person: string,
  rpId: string,
  known: readonly Passkey[],
): Promise<RegistrationStart> {
  checkPerson(person)
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  const options = await generateRegistrationOptions({
    rpName: 'qualys-mcp',
    rpID: rpId,
    userName: person,
    userDisplayName: person,
    // Random each time: a key replaces the one that its authenticator holds for the same RP ID and user, and RP ID
    // localhost belongs to every local service.
    userID: Uint8Array.from(randomBytes(32)),
    challenge: Uint8Array.from(randomBytes(32)),
    timeout: ceremonyMs,
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    // Phones and password managers offer keys that they can list; a security key without room makes another one.
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  })
  return { options, challenge: options.challenge }
}

function checkClientData(client: ClientData | undefined, { challenge, origin }: Registration): void {
  if (client?.type !== 'webauthn.create') throw refusals.noRegistration()
  if (client.challenge !== challenge) throw refusals.otherChallenge()
  if (client.origin !== origin) throw refusals.otherOrigin(client.origin, [origin])
  if (client.crossOrigin === true || client.topOrigin !== undefined) throw refusals.embedded()
}

/**
 * The authenticator data of an attestation, and the attestation without its statement: it was not asked for, proves
 * nothing here, and the library would look for revoked certificates on the network. Undefined if it is none.
 */
async function withoutStatement(attestation: string) {
  const { decodeAttestationObject, isoCBOR } = await import('@simplewebauthn/server/helpers')
  try {
    const authData: unknown = decodeAttestationObject(
      Uint8Array.from(Buffer.from(attestation, 'base64url')),
    ).get('authData')
    if (!(authData instanceof Uint8Array)) return undefined
    const members = new Map<string, string | Map<string, never> | Uint8Array>([
      ['fmt', 'none'],
      ['attStmt', new Map<string, never>()],
      ['authData', authData],
    ])
    const bytes = Buffer.from(isoCBOR.encode(members))
    return { attestationObject: bytes.toString('base64url'), authData: Buffer.from(authData) }
  } catch {
    return undefined
  }
}

/** What the library reads from a registration; undefined if it refuses it. */
async function credentialIn(response: RegistrationResponseJSON, { challenge, rpId, origin }: Registration) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    })
    return registrationInfo?.credential
  } catch {
    return undefined
  }
}

function labelOf(label: string | undefined, addedAt: string): string {
  const text = label?.trim() || `made ${addedAt.slice(0, 10)}`
  if (!labelSchema.safeParse(text).success) throw refusals.badLabel(maxLabelLength)
  return text
}

/** The passkey that a browser made. It is not stored. Throws an InputError that says why it is not taken. */
export async function finishRegistration(registration: Registration, now: number): Promise<Passkey> {
  const { person, label, response, rpId, origin, addedBy = person } = registration
  checkPerson(person)
  const addedAt = new Date(now).toISOString()
  const ownLabel = labelOf(label, addedAt)
  const { data } = registrationSchema.safeParse(response)
  if (!data) throw refusals.noRegistration()
  checkClientData(clientDataIn(data.response.clientDataJSON), registration)
  const attestation = await withoutStatement(data.response.attestationObject)
  const head = attestation && authenticatorDataIn(attestation.authData)
  if (!head) throw refusals.noRegistration()
  if (!belongsTo(origin, rpId) || head.rpIdHash !== sha256(rpId)) throw refusals.otherRpId(rpId)
  if (!head.isUserPresent) throw refusals.notTouched()
  if (!head.isUserVerified) throw refusals.notVerified()
  const { attestationObject } = attestation
  const { clientDataJSON, transports } = data.response
  const credential = await credentialIn(
    { ...data, response: { clientDataJSON, attestationObject } },
    registration,
  )
  if (!credential || credential.id !== data.id) throw refusals.badKey()
  const passkey = {
    person,
    label: ownLabel,
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    rpId,
    origin,
    counter: credential.counter,
    addedAt,
    addedBy,
    ...(transports && transports.length > 0 && { transports }),
  }
  const checked = passkeySchema.safeParse(passkey)
  if (!checked.success) throw refusals.badKey()
  return checked.data
}
