import { createHmac, timingSafeEqual } from '../../../shared/crypto.ts'
import { canonicalJson } from '../../../shared/json.ts'
import type { Approval } from './pending/stored-call.ts'

// In the service, a yes on the page counts because somebody was logged in. The seal shows that the page of this service
// wrote it, and no other program that can write the state folder.

function sealOf(key: Buffer, digest: string, { seal: _, ...approval }: Approval): string {
  return createHmac(key)
    .update(canonicalJson([digest, approval]))
    .digest('hex')
}

/** The approval with its seal. */
export const sealApproval = (key: Buffer, digest: string, approval: Approval): Approval => ({
  ...approval,
  seal: sealOf(key, digest, approval),
})

/** True if the approval was sealed with this key for the record with this digest. */
export function isSealed(key: Buffer, digest: string, approval: Approval): boolean {
  const given = Buffer.from(approval.seal ?? '', 'hex')
  const right = Buffer.from(sealOf(key, digest, approval), 'hex')
  return given.length === right.length && timingSafeEqual(given, right)
}
