import { z } from 'zod'
import { verifyOffline } from '../approval/page/passkeys/verify-offline.ts'

/** The part of a line about an approval that a passkey signed. */
const signedSchema = z.object({
  digest: z.string(),
  record: z.object({ asked: z.string(), until: z.string() }),
  approval: z.object({
    by: z.literal('passkey'),
    at: z.string(),
    person: z.string().optional(),
    passkey: z.object({
      person: z.string(),
      credentialId: z.string(),
      publicKey: z.string(),
      rpId: z.string(),
      origin: z.string(),
      assertion: z.unknown(),
    }),
  }),
})

const claimsPasskey = z.object({ approval: z.object({ by: z.literal('passkey') }) })

const keySchema = z.object({ credentialId: z.string(), publicKey: z.string(), person: z.string() })

/** A key that was added or removed, as the log tells it. */
interface LoggedKey {
  readonly publicKey: string
  readonly person: string
  readonly isRemoved: boolean
}

/** A key of the pinned file, which a log is compared with. */
export interface PinnedKey {
  readonly credentialId: string
  readonly publicKey: string
  readonly person: string
}

/**
 * Checks the signatures of approvals against the keys that the log names, in the order of its lines, and against the
 * pinned file if one is given.
 */
export class SignatureReview {
  readonly #pinned: ReadonlyMap<string, PinnedKey> | undefined
  readonly #logged = new Map<string, LoggedKey>()

  constructor(pinned?: readonly PinnedKey[]) {
    this.#pinned = pinned && new Map(pinned.map((key) => [key.credentialId, key]))
  }

  /** Notes a key that was added or removed. */
  addKey(event: string, facts: unknown): void {
    const key = keySchema.safeParse(facts).data
    if (!key || (event !== 'passkey added' && event !== 'passkey removed')) return
    const { credentialId, publicKey, person } = key
    this.#logged.set(credentialId, { publicKey, person, isRemoved: event === 'passkey removed' })
  }

  /** What is wrong with the signature of an approval, a clause each; none for one without a passkey. */
  async faults(facts: unknown): Promise<string[]> {
    if (!claimsPasskey.safeParse(facts).success) return []
    const signed = signedSchema.safeParse(facts).data
    if (!signed) return ['its signature is not whole']
    const { digest, record, approval } = signed
    const { assertion, publicKey, rpId, origin, credentialId, person } = approval.passkey
    const key = { credentialId, publicKey, person }
    const fault = await verifyOffline({ assertion, digest, publicKey, rpId, origin })
    const isInTime = record.asked <= approval.at && approval.at <= record.until
    return [
      ...(fault === undefined ? [] : [`its signature proves nothing: ${fault}`]),
      ...(isInTime ? [] : ['it was signed outside of the time of its record']),
      ...this.#loggedFaults(key),
      ...this.#pinnedFaults(key),
    ]
  }

  #loggedFaults({ credentialId, publicKey, person }: PinnedKey): string[] {
    const logged = this.#logged.get(credentialId)
    if (!logged) return []
    if (logged.publicKey !== publicKey || logged.person !== person)
      return ['its passkey is not the one that was added under this id']
    return logged.isRemoved ? ['its passkey was removed before'] : []
  }

  #pinnedFaults({ credentialId, publicKey, person }: PinnedKey): string[] {
    if (!this.#pinned) return []
    const pinned = this.#pinned.get(credentialId)
    if (!pinned) return ['the file of passkeys does not know its passkey']
    return pinned.publicKey === publicKey && pinned.person === person
      ? []
      : ['the file of passkeys has another key or person under the id of its passkey']
  }
}
