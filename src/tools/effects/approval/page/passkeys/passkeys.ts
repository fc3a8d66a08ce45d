import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { InputError } from '../../../../../shared/errors.ts'
import { jsonLine } from '../../../../../shared/json.ts'
import type { AuditTrail } from '../../../../tool.ts'
import { assertionOptionsFor } from './assertion-options.ts'
import { checkAssertion, parseAssertion } from './check-assertion.ts'
import { PasskeyCounters } from './counters.ts'
import { keysOf, proofDigestOf, signersOf, withPasskey } from './new-passkey.ts'
import { belongsTo, type Passkey } from './passkey-schema.ts'
import { PasskeysFile } from './passkeys-file.ts'
import { registrationRefusals, signatureRefusals } from './refusals.ts'
import {
  finishRegistration,
  type Registration,
  type RegistrationStart,
  startRegistration,
} from './registration.ts'
import type { Assertion } from './response-schemas.ts'

/** The signature of a digest, and what it is checked against. */
export interface SignatureCheck {
  /** As the browser gave it. */
  readonly assertion: unknown
  /** Of what is signed, in hexadecimal: the challenge. */
  readonly digest: string
  /** The pages on which it may have been made, compared exactly, port included. */
  readonly origins: readonly string[]
  /** Only keys of this person count; absent for anybody's. */
  readonly person?: string | undefined
  /** True if the signature was verified and counted before: its counter is compared with the file of passkeys alone. */
  readonly isAgain?: boolean | undefined
}

/** A signature that counts. */
export interface VerifiedSignature {
  readonly passkey: Passkey
  /** What was verified, without anything else that the browser sent: to be stored and logged. */
  readonly assertion: Assertion
  /** The page on which it was made: `verifyOffline` needs it. The passkey's own is the page that made the key. */
  readonly origin: string
}

/** Who signs which digest. */
interface SignatureRequest {
  readonly digest: string
  readonly rpId: string
  readonly person?: string | undefined
}

/** The passkeys that count, and all that is done with them. */
export interface Passkeys {
  /** With the counters as they were seen last. Throws a SetupError if the file is damaged or others may change it. */
  readonly list: () => readonly Passkey[]
  /** True if this process may write the file: whatever its user runs may do so, too. */
  readonly mayWrite: () => boolean
  /** True if it may not write the file, but put another one in its place: then the file is as good as its own. */
  readonly mayReplace: () => boolean
  /** Options for the browser, and their challenge, which the server keeps for `register`. Throws an InputError. */
  readonly registration: (person: string, rpId: string, origin: string) => Promise<RegistrationStart>
  /** The passkey that a browser made. It is not stored. Throws an InputError. */
  readonly register: (registration: Registration) => Promise<Passkey>
  /**
   * Options with which an old key signs that a new one is added; undefined for a person's first key. Throws an
   * InputError if no old key works on this page.
   */
  readonly proofOptions: (passkey: Passkey) => Promise<PublicKeyCredentialRequestOptionsJSON | undefined>
  /**
   * Writes a new key into the file, after its line of the audit log. `proof`: the signature by an old key, as the browser
   * gave it. Throws an InputError or a SetupError; nothing is added then.
   */
  readonly add: (passkey: Passkey, proof?: unknown) => Promise<void>
  /** Takes a key out of the file, after its line of the audit log, and returns it. Throws an InputError or SetupError. */
  readonly remove: (credentialId: string) => Passkey
  /** The line to add to the list in the file by hand. */
  readonly lineFor: (passkey: Passkey) => string
  /** Options with which one of the keys signs a digest. Throws an InputError if there is none for this page. */
  readonly assertionOptions: (request: SignatureRequest) => Promise<PublicKeyCredentialRequestOptionsJSON>
  /** Verifies a signature with the keys of now. Throws an InputError, or a SetupError if no key counts at present. */
  readonly verify: (check: SignatureCheck) => Promise<VerifiedSignature>
}

interface PasskeysOptions {
  /** The file of passkeys. */
  readonly path: string
  readonly stateDir: string
  /** Gets a line for each key that is added or removed. */
  readonly audit?: AuditTrail | undefined
  /** The time of day, in ms since 1970. */
  readonly now?: () => number
}

/** The passkeys of a file. Nothing is read before it is needed. */
export function openPasskeys({ path, stateDir, audit, now = Date.now }: PasskeysOptions): Passkeys {
  const file = new PasskeysFile(path, stateDir)
  const counters = new PasskeyCounters(stateDir)

  const verify = async (check: SignatureCheck): Promise<VerifiedSignature> => {
    const assertion = parseAssertion(check.assertion)
    const passkey = file.list().find(({ credentialId }) => credentialId === assertion.id)
    if (!passkey) throw signatureRefusals.notPinned()
    if (check.person !== undefined && check.person !== passkey.person)
      throw signatureRefusals.otherPerson(check.person)
    const { counter, origin } = await checkAssertion(assertion, { ...check, ...passkey })
    if (check.isAgain !== true) await counters.take(assertion.id, counter, passkey.counter)
    // Only who has the file of passkeys can change that one: it holds whoever wrote the approval.
    else if (passkey.counter > 0 && counter <= passkey.counter)
      throw signatureRefusals.counterBack(counter, passkey.counter)
    return { passkey, assertion, origin }
  }

  /** The id of the old key that signed; undefined without a signature. */
  const signerOf = async (passkey: Passkey, proof: unknown): Promise<string | undefined> => {
    if (proof === undefined) return undefined
    const digest = proofDigestOf(passkey)
    const { passkey: old } = await verify({ assertion: proof, digest, origins: [passkey.origin] })
    return old.credentialId
  }

  return {
    list: () => {
      const passkeys = file.list()
      if (passkeys.length === 0) return passkeys
      const seen = counters.all()
      return passkeys.map((passkey) => ({
        ...passkey,
        counter: Math.max(passkey.counter, seen[passkey.credentialId] ?? 0),
      }))
    },
    mayWrite: () => file.mayWrite(),
    mayReplace: () => file.mayReplace(),
    registration: async (person, rpId, origin) => {
      if (!belongsTo(origin, rpId)) throw registrationRefusals.otherRpId(rpId)
      const known = keysOf(file.list(), person).filter((passkey) => passkey.rpId === rpId)
      return startRegistration(person, rpId, known)
    },
    register: (registration) => finishRegistration(registration, now()),
    proofOptions: async (passkey) => {
      const signers = signersOf(file.list(), passkey)
      if (signers.length === 0) return undefined
      return assertionOptionsFor(proofDigestOf(passkey), passkey.rpId, signers)
    },
    add: async (passkey, proof) => {
      const signedBy = await signerOf(passkey, proof)
      file.change(
        (passkeys) => withPasskey(passkeys, passkey, signedBy, now()),
        () => audit?.record('passkey added', { ...passkey, ...(signedBy !== undefined && { signedBy }) }, {}),
      )
    },
    remove: (credentialId) => {
      const isIt = (passkey: Passkey): boolean => passkey.credentialId === credentialId
      const removed = file.list().find(isIt)
      if (!removed)
        throw new InputError(
          'There is no passkey with this id: it may have been removed before.',
          'Look at the list of passkeys.',
        )
      file.change(
        (passkeys) => passkeys.filter((passkey) => !isIt(passkey)),
        () => audit?.record('passkey removed', { ...removed }, {}),
      )
      return removed
    },
    lineFor: (passkey) => jsonLine(passkey),
    assertionOptions: async ({ digest, rpId, person }) => {
      const passkeys = file
        .list()
        .filter((passkey) => passkey.rpId === rpId && (person === undefined || passkey.person === person))
      if (passkeys.length === 0) throw signatureRefusals.noneFor(rpId, person)
      return assertionOptionsFor(digest, rpId, passkeys)
    },
    verify,
  }
}
