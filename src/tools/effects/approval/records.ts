import { DeclinedError } from '../../../shared/errors.ts'
import type { ApprovalRecord, ApprovalRecords, ApprovalSubject, KnownRecord } from '../../approvals.ts'
import type { Safeguards } from '../../tool.ts'
import { digestOf, isCurrent, newRecord, recordLifetimeMs, subjectKey } from './approval-record.ts'
import { findSame, generateCode, hasEnded, noteOutcome, useRecord } from './pending/pending-calls.ts'
import { ifUsable } from './pending/pending-folder.ts'
import type { FoundCall, StoredCall } from './pending/stored-call.ts'

/** See `ApprovalRecords`: in memory, so that it works without a state folder. */
export class Records implements ApprovalRecords {
  readonly #now: () => number
  readonly #open = new Map<string, ApprovalRecord>()
  /** Records that ended, by digest, and when: epoch, in ms. */
  readonly #ended = new Map<string, number>()

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  recordFor(subject: ApprovalSubject, known: readonly KnownRecord[]): ApprovalRecord {
    const now = this.#now()
    this.#forgetOld(now)
    const key = subjectKey(subject)
    const approved = known.find(({ isApproved }) => isApproved)
    const record = approved?.record ?? this.#open.get(key) ?? known[0]?.record ?? newRecord(subject, now)
    this.#open.set(key, record)
    return record
  }

  end(digest: string): boolean {
    if (this.#ended.has(digest)) return false
    this.#ended.set(digest, this.#now())
    for (const [key, record] of this.#open) if (digestOf(record) === digest) this.#open.delete(key)
    return true
  }

  hasEnded(digest: string): boolean {
    return this.#ended.has(digest)
  }

  #forgetOld(now: number): void {
    for (const [key, record] of this.#open) if (!isCurrent(record, now)) this.#open.delete(key)
    // A record that says it was asked in ten minutes is good for twice as long.
    for (const [digest, at] of this.#ended)
      if (Math.abs(now - at) > 2 * recordLifetimeMs) this.#ended.delete(digest)
  }
}

type Store = Pick<Safeguards, 'stateDir' | 'approvals'>

/** The identical calls that wait in the state folder, approved ones first. */
export function sameCalls(subject: ApprovalSubject, { stateDir, approvals }: Store): FoundCall[] {
  const same = ifUsable(() => findSame(stateDir, subject)) ?? []
  return same.filter(({ digest }) => !approvals.records.hasEnded(digest))
}

/** The record of a call that a person approves: an identical call finds it again, unless it was used or declined. */
export function recordOf(subject: ApprovalSubject, store: Store): ApprovalRecord {
  const { stateDir, approvals } = store
  const known = sameCalls(subject, store).map(({ record, digest, state }) => ({
    record,
    digest,
    isApproved: state === 'approved',
  }))
  const record = approvals.records.recordFor(subject, known)
  const digest = digestOf(record)
  // By another process, such as a terminal.
  if (ifUsable(() => hasEnded(stateDir, digest)) !== true) return record
  approvals.records.end(digest)
  return approvals.records.recordFor(
    subject,
    known.filter((one) => one.digest !== digest),
  )
}

/** A call whose record is used. */
type ApprovedCall = Pick<StoredCall, 'digest' | 'record' | 'preview'>

/** Uses a record up, for good, in this process and in the state folder; false if it was used before. */
export function useUp({ digest, record, preview }: ApprovedCall, { stateDir, approvals }: Store): boolean {
  if (!approvals.records.end(digest)) return false
  const call = { digest, record, preview, code: generateCode(), waiters: [], ways: [], at: Date.now() }
  return ifUsable(() => useRecord(stateDir, call)) !== false
}

/** Uses the record of an approved call when its request is sent. Throws a DeclinedError if another call used it. */
export function useOnce(call: ApprovedCall, store: Store): () => void {
  let isUsed = false
  return () => {
    // A request whose login was refused is sent again: that is still the same call.
    if (isUsed) return
    isUsed = useUp(call, store)
    if (!isUsed)
      throw new DeclinedError(
        'The approval was used by another call meanwhile; nothing was sent.',
        'Make the call again to ask for another one.',
      )
  }
}

/** Notes what became of a call whose record was used, in one sentence. */
export function recordOutcome({ digest }: ApprovedCall, { stateDir }: Store, outcome: string): void {
  ifUsable(() => noteOutcome(stateDir, digest, outcome))
}
