import type { Role } from '../../config/service/parsers.ts'

/** How a caller of the service was known. */
export type KnownBy = 'callers file' | 'issuer' | 'sandbox'

/** A caller of the service: who a token belongs to, and what they may do. */
export interface ServiceCaller {
  /** Unique among the callers of one kind; at most 64 characters. */
  readonly name: string
  /** The person behind it; several callers may be of one person. */
  readonly person: string
  readonly knownBy: KnownBy
  readonly roles: ReadonlySet<Role>
  /** Only these toolsets; absent for all that the settings allow. */
  readonly toolsets?: readonly string[]
  /** Code may run only on hosts with one of these tags, besides what the settings demand. */
  readonly tags?: readonly string[]
  /** Most hosts of one run, where that is less than what the settings allow. */
  readonly maxAssetsPerRun?: number
  /** When its token ends: epoch, in ms. */
  readonly expiresAt?: number
}

/** Names a caller in approvals, budgets and exports. A name of the callers file has no colon, a subject may have any. */
export const callerId = ({ knownBy, name }: ServiceCaller): string =>
  `${knownBy === 'issuer' ? 'oidc' : 'http'}:${name}`
