import { z } from 'zod'
import { storedPreview } from '../../preview/stored-preview.ts'
import { digestOf, isCurrent, recordLifetimeMs, recordSchema } from '../approval-record.ts'

/** Without characters that look alike, and without U, so that codes form no words. */
export const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
export const sha256Pattern = /^[0-9a-f]{64}$/
const hash = z.string().regex(sha256Pattern)
const code = z.string().regex(new RegExp(`^[${alphabet}]{4}-[${alphabet}]{4}$`))

/** Who waits for a call, and the key of the call: see call-key.ts. */
const waiterSchema = z.strictObject({ server: z.uuid(), caller: z.string(), key: hash })

export type Waiter = Readonly<z.output<typeof waiterSchema>>

/** A way in which a process takes a yes; `passkey`: on the page, with a passkey and in no other way. */
const waySchema = z.enum(['client', 'page', 'terminal', 'passkey'])

export type Way = z.output<typeof waySchema>

/** What an authenticator answered, as the browser gives it: checked where it is verified. */
const assertionSchema = z.record(z.string().max(64), z.unknown())

/** The schema of a yes. */
export const approvalSchema = z
  .strictObject({
    way: z.enum(['page', 'terminal']),
    /** What shows that a person said it. */
    by: z.enum(['terminal', 'page key', 'login', 'passkey']),
    /** Who was logged in, or whose passkey it is. */
    person: z.string().max(200).optional(),
    passkey: z.strictObject({ credentialId: z.string().max(1_500), assertion: assertionSchema }).optional(),
    /** Epoch, in ms. */
    at: z.number(),
    /** Shows that the page of this service wrote it: see approval-seal.ts. */
    seal: hash.optional(),
  })
  // Nothing is logged in at a terminal, and what the page writes needs the seal of the page.
  .refine(({ way, by }) => (way === 'terminal') === (by === 'terminal'))

/** A yes as it was given. Whoever sends verifies it again. */
export type Approval = Readonly<z.output<typeof approvalSchema>>

/** The content of a file in the folder of waiting calls. */
export const storedCallSchema = z.strictObject({
  code,
  digest: hash,
  record: recordSchema,
  preview: storedPreview,
  /** Several if servers that share the folder make the same call. */
  waiters: z.array(waiterSchema),
  /** What the process that asks takes as a yes. */
  ways: z.array(waySchema),
  /** The person who asks, if the caller has one. */
  person: z.string().optional(),
  /** True if another person than that one has to approve. */
  needsOther: z.literal(true).optional(),
  /** The page of the process that asks. */
  link: z
    .string()
    .regex(/^https?:\/\/[!-~]+$/)
    .optional(),
  /** When its state began: epoch, in ms. */
  at: z.number(),
  approval: approvalSchema.optional(),
  /** Who declined it, and where. */
  declined: z.strictObject({ way: z.enum(['page', 'terminal']), person: z.string().optional() }).optional(),
  /** What became of it, in one sentence. */
  outcome: z.string().optional(),
})

export type StoredCall = Readonly<z.output<typeof storedCallSchema>>

const states = ['pending', 'approved', 'declined', 'used'] as const

/** Waiting; approved and not run yet; declined; run, or about to be. */
export type CallState = (typeof states)[number]

export const isState = (ending: string | undefined): ending is CallState =>
  states.some((state) => state === ending)

/** A call with what became of it. */
export interface FoundCall extends StoredCall {
  readonly state: CallState
}

export const isOf = ({ waiters }: StoredCall, key: string): boolean =>
  waiters.some((waiter) => waiter.key === key)

/** True if the file of this name may hold the call. A no holds for the call, whatever its preview says. */
export const bears = (call: StoredCall, name: string, state: CallState): boolean =>
  state === 'declined' ? isOf(call, name) : call.digest === name && digestOf(call.record) === name

/** True while the file counts. A call that ran or was declined is kept, so that it is neither asked nor run again. */
export function isAlive({ record, at }: StoredCall, state: CallState, now: number): boolean {
  if (state === 'pending' || state === 'approved') return isCurrent(record, now)
  return Math.abs(now - at) < recordLifetimeMs
}
