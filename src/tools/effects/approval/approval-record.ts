import { z } from 'zod'
import { randomBytes, sha256 } from '../../../shared/crypto.ts'
import { canonicalJson } from '../../../shared/json.ts'
import type { ApprovalRecord, ApprovalSubject } from '../../approvals.ts'

/** How long a record is good for (design 13). */
export const recordLifetimeMs = 10 * 60_000

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const time = z.iso.datetime({ precision: 3 })

/** The schema of a record. */
export const recordSchema: z.ZodType<ApprovalRecord> = z.strictObject({
  v: z.literal(1),
  server: z.string(),
  account: z.string(),
  platform: z.string(),
  caller: z.string(),
  tool: z.string().regex(/^[a-z0-9_]{1,64}$/),
  effect: z.string(),
  arguments: hash,
  preview: hash,
  id: z.string().regex(/^[0-9a-f]{32}$/),
  asked: time,
  until: time,
})

/** The hash of a value, whatever the order of its members. */
export const hashOfJson = (value: unknown): string => sha256(canonicalJson(value))

/** Names the waiting call, seals the question, and is the challenge of a passkey. */
export const digestOf = (record: ApprovalRecord): string => hashOfJson(record)

/** A new record; `now` in ms since 1970. */
export const newRecord = (subject: ApprovalSubject, now = Date.now()): ApprovalRecord => ({
  v: 1,
  ...subject,
  id: randomBytes(16).toString('hex'),
  asked: new Date(now).toISOString(),
  until: new Date(now + recordLifetimeMs).toISOString(),
})

/** Names a subject: two records with the same one are about identical calls. */
export function subjectKey(subject: ApprovalSubject): string {
  const { server, account, platform, caller, tool, effect, arguments: args, preview } = subject
  return canonicalJson([server, account, platform, caller, tool, effect, args, preview])
}

/** True while a record is good. Clocks can be set back: one from the future is also limited. */
export function isCurrent({ asked, until }: ApprovalRecord, now = Date.now()): boolean {
  return now < Date.parse(until) && Math.abs(now - Date.parse(asked)) < recordLifetimeMs
}
