import { sha256 } from '../../../../../shared/crypto.ts'
import { canonicalJson } from '../../../../../shared/json.ts'
import { comparableName } from '../../../../../shared/safe-text.ts'
import type { Passkey } from './passkey-schema.ts'
import { registrationRefusals as refusals } from './refusals.ts'

// The rule for a person's second key: an old one signs that it is added. Otherwise whoever reaches the page once would
// add a key of their own.

/** How long after its registration a key can be added, in ms: a proof is then of no use any more. */
const addableMs = 10 * 60_000

/** The keys of a person. A name that looks the same is the same person here: the rule must not depend on a capital. */
export const keysOf = (passkeys: readonly Passkey[], person: string): Passkey[] =>
  passkeys.filter((passkey) => comparableName(passkey.person) === comparableName(person))

/** What an old key signs when a new one is added, as SHA-256 in hexadecimal. */
export const proofDigestOf = ({ person, credentialId, publicKey, rpId, addedAt }: Passkey): string =>
  sha256(canonicalJson({ v: 1, addPasskey: { person, credentialId, publicKey, rpId, addedAt } }))

/** The old keys of which one has to sign; none if this is the person's first key. Throws an InputError. */
export function signersOf(passkeys: readonly Passkey[], { person, rpId }: Passkey): readonly Passkey[] {
  const old = keysOf(passkeys, person)
  const signers = old.filter((passkey) => passkey.rpId === rpId)
  if (old.length > 0 && signers.length === 0) throw refusals.noOldOnPage(person, rpId)
  return signers
}

/**
 * The list with a new key. `signedBy`: the old key that signed, by its id. Throws an InputError if the key may not be
 * added.
 */
export function withPasskey(
  passkeys: readonly Passkey[],
  passkey: Passkey,
  signedBy: string | undefined,
  now: number,
): readonly Passkey[] {
  const { credentialId, person, addedAt } = passkey
  if (passkeys.some((other) => other.credentialId === credentialId)) throw refusals.alreadyAdded()
  if (Math.abs(now - Date.parse(addedAt)) > addableMs) throw refusals.tooOld()
  const signers = signersOf(passkeys, passkey)
  if (signers.length > 0 && !signers.some((old) => old.credentialId === signedBy))
    throw refusals.needsOld(person)
  return [...passkeys, passkey]
}
