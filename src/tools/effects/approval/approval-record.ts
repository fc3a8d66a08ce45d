import { sha256 } from '../../../shared/crypto.ts'
import { canonicalJson } from '../../../shared/json.ts'

/**
 * What one approval is for (design 13). Long parts are hashes, so that the record fits into a line of the audit log, and
 * whoever has the parts can check it.
 */
export interface ApprovalRecord {
  readonly v: 1
  /** Who acts at Qualys, and on which host. */
  readonly account: string
  /** Who asks: an approval for one caller is none for another. */
  readonly caller: string
  readonly tool: string
  readonly effect: string
  /** SHA-256 of the arguments as they were passed. */
  readonly arguments: string
  /** SHA-256 of what an approval is bound to besides the preview. */
  readonly fingerprint: string
  /** SHA-256 of the facts of the preview. */
  readonly preview: string
}

/** The hash of a value, whatever the order of its members. */
export const hashOfJson = (value: unknown): string => sha256(canonicalJson(value))

/** What names the waiting call and seals the question. */
export const digestOf = (record: ApprovalRecord): string => hashOfJson(record)
