import type { ApprovalPage, PasskeyVerifier, SignatureCheck } from '../../../src/tools/approvals.ts'
import type { Approval } from '../../../src/tools/effects/approval/pending/stored-call.ts'

// An approval page and passkeys that are not there.

/** The address of a code on the page of a test. */
export const linkOf = (code: string): string => `http://localhost:47110/approve/${code}`

/** A page at that address. `more`: what else it can do. */
export const pageOf = (more: Partial<ApprovalPage> = {}): ApprovalPage => ({
  start: async () => linkOf,
  origins: () => ['http://localhost:47110'],
  ...more,
})

/** A yes with the passkey of a person. */
export const withPasskey = (person: string, at = Date.now()): Approval => ({
  way: 'page',
  by: 'passkey',
  person,
  at,
  passkey: { credentialId: 'AAAA', assertion: { id: 'AAAA', signature: 'BBBB' } },
})

export interface FakePasskeys extends PasskeyVerifier {
  /** What was to be verified. */
  readonly checks: SignatureCheck[]
}

const passkeyOf = (person: string) => ({
  person,
  credentialId: 'AAAA',
  publicKey: 'PPPP',
  rpId: 'localhost',
})

/** Passkeys that say that a person signed, or throw an error instead. */
export function passkeysOf(signer: string | Error): FakePasskeys {
  const checks: SignatureCheck[] = []
  return {
    checks,
    list: () => (signer instanceof Error ? [] : [passkeyOf(signer)]),
    verify: async (check) => {
      checks.push(check)
      if (signer instanceof Error) throw signer
      return { passkey: passkeyOf(signer), assertion: check.assertion, origin: check.origins[0] ?? '' }
    },
  }
}
