import { randomInt } from '../../../../shared/crypto.ts'
import type { ApprovalSubject } from '../../../approvals.ts'
import { subjectKey } from '../approval-record.ts'
import {
  findPendingFolder,
  isUsed,
  listAll,
  listPending,
  makePendingFolder,
  readCall,
  removeCall,
  withFileErrors,
  writeCall,
  writeUsed,
} from './pending-folder.ts'
import { type Approval, alphabet, type FoundCall, isOf, type StoredCall, type Waiter } from './stored-call.ts'
import { refuseOneTooMany } from './waiting.ts'

// Calls that wait for a person, and what became of them. The digest of its record names a call; the code is only for
// finding it.

export function generateCode(): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

const normalizeCode = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '')

/** A call that has to wait. */
export interface NewCall
  extends Pick<StoredCall, 'digest' | 'record' | 'preview' | 'ways' | 'person' | 'needsOther'> {
  readonly waiter: Waiter
  /** The address of the page that shows a code. */
  readonly linkOf?: ((code: string) => string) | undefined
}

/** Works in the folder; undefined if there is none. */
const inFolder = <T>(stateDir: string, work: (folder: string) => T): T | undefined =>
  withFileErrors(() => {
    const folder = findPendingFolder(stateDir)
    return folder === undefined ? undefined : work(folder)
  })

/**
 * Stores a call for approval and returns its code, which is the same for as long as the call waits. Throws a BusyError
 * if too many others wait: none of them is pushed out.
 */
export function savePending(
  stateDir: string,
  { waiter, linkOf, ...call }: NewCall,
  now = Date.now(),
): string {
  return withFileErrors(() => {
    const folder = makePendingFolder(stateDir)
    const others = listPending(folder, now).filter(({ digest }) => digest !== call.digest)
    // The same call with an older preview makes room, unless another server waits for that.
    const isReplaced = (other: StoredCall): boolean => isOf(other, waiter.key) && other.waiters.length === 1
    refuseOneTooMany(
      stateDir,
      others.filter((other) => !isReplaced(other)),
      waiter,
    )
    for (const { digest } of others.filter(isReplaced)) removeCall(folder, digest, 'pending')
    const waiting = readCall(folder, call.digest, 'pending', now)
    const otherWaiters = waiting?.waiters.filter(({ key }) => key !== waiter.key) ?? []
    const code = waiting?.code ?? generateCode()
    const link = linkOf?.(code) ?? waiting?.link
    const waiters = [...otherWaiters, waiter]
    writeCall(folder, call.digest, 'pending', {
      ...call,
      code,
      waiters,
      at: Date.parse(call.record.asked),
      ...(link !== undefined && { link }),
    })
    return code
  })
}

/** The calls with the same subject that wait or are approved, oldest first: approved ones before others. */
export function findSame(stateDir: string, subject: ApprovalSubject, now = Date.now()): FoundCall[] {
  const key = subjectKey(subject)
  const same = inFolder(stateDir, (folder) =>
    listAll(folder, now, ['pending', 'approved']).filter(({ record }) => subjectKey(record) === key),
  )
  const rank = ({ state }: FoundCall): number => (state === 'approved' ? 0 : 1)
  return (same ?? []).sort((a, b) => rank(a) - rank(b))
}

/** True if the record with this digest was used, or a person declined its call. */
export function hasEnded(stateDir: string, digest: string, now = Date.now()): boolean {
  const ended = inFolder(
    stateDir,
    (folder) =>
      isUsed(folder, digest) || listAll(folder, now, ['declined']).some((call) => call.digest === digest),
  )
  return ended === true
}

/** The call with this code, whatever became of it. */
export function findCall(stateDir: string, code: string, now = Date.now()): FoundCall | undefined {
  const wanted = normalizeCode(code)
  return inFolder(stateDir, (folder) =>
    listAll(folder, now).find((call) => normalizeCode(call.code) === wanted),
  )
}

/** The call that waits under this code. */
export function findPending(stateDir: string, code: string, now = Date.now()): StoredCall | undefined {
  const found = findCall(stateDir, code, now)
  return found?.state === 'pending' ? found : undefined
}

/** All calls of the last minutes, newest first. A call that several servers made is one. */
export function listCalls(stateDir: string, now = Date.now()): FoundCall[] {
  const calls = inFolder(stateDir, (folder) => listAll(folder, now)) ?? []
  return [...new Map(calls.map((call) => [call.digest, call])).values()].reverse()
}

/** What became of the call with this digest; undefined if nobody decided. */
export function decisionOn(
  stateDir: string,
  digest: string,
  key: string,
  now = Date.now(),
): FoundCall | undefined {
  return inFolder(stateDir, (folder) => {
    for (const [name, state] of [
      [digest, 'approved'],
      [digest, 'used'],
      [key, 'declined'],
    ] as const) {
      const call = readCall(folder, name, state, now)
      if (call?.digest === digest) return { ...call, state }
    }
    return undefined
  })
}

/** The number of calls that wait for a person. Throws a SetupError for a state folder that cannot be used. */
export const pendingCount = (stateDir: string, now = Date.now()): number =>
  inFolder(stateDir, (folder) => listPending(folder, now).length) ?? 0

/** Approves a pending call; false if it waits no longer. */
export function approveCall(stateDir: string, digest: string, approval: Approval, now = Date.now()): boolean {
  const isApproved = inFolder(stateDir, (folder) => {
    const call = readCall(folder, digest, 'pending', now)
    // The pending file is removed before the approval is written: of two yeses, or a yes and a no, one counts.
    return (
      call !== undefined &&
      writeCall(folder, digest, 'approved', { ...call, approval, at: now }, () =>
        removeCall(folder, digest, 'pending'),
      )
    )
  })
  return isApproved === true
}

/** Lets a call wait again, with its code, whose approval does not count. */
export function reopenCall(stateDir: string, digest: string, now = Date.now()): void {
  inFolder(stateDir, (folder) => {
    const call = readCall(folder, digest, 'approved', now)
    if (!call || !removeCall(folder, digest, 'approved')) return
    const { approval: _, ...waiting } = call
    writeCall(folder, digest, 'pending', { ...waiting, at: Date.parse(call.record.asked) })
  })
}

/** Removes a pending call that a person declined, and leaves a mark of that; false if it waits no longer. */
export function declineCall(
  stateDir: string,
  digest: string,
  declined: NonNullable<StoredCall['declined']>,
  now = Date.now(),
): boolean {
  const isDeclined = inFolder(stateDir, (folder) => {
    const call = readCall(folder, digest, 'pending', now)
    if (!call || !removeCall(folder, digest, 'pending')) return false
    for (const { key } of call.waiters) writeCall(folder, key, 'declined', { ...call, declined, at: now })
    return true
  })
  return isDeclined === true
}

/** Marks a record as used for good; false if it was used before. What waits under it waits no longer. */
export function useRecord(stateDir: string, call: StoredCall): boolean {
  const isFirst = inFolder(stateDir, (folder) => {
    const known =
      readCall(folder, call.digest, 'approved', call.at) ?? readCall(folder, call.digest, 'pending', call.at)
    const isWritten = writeUsed(folder, known ? { ...known, at: call.at } : call)
    for (const state of ['pending', 'approved'] as const) removeCall(folder, call.digest, state)
    return isWritten
  })
  return isFirst !== false
}

/** Notes what became of a call that ran, in one sentence. */
export function noteOutcome(stateDir: string, digest: string, outcome: string, now = Date.now()): void {
  inFolder(stateDir, (folder) => {
    const call = readCall(folder, digest, 'used', now)
    if (call) writeCall(folder, digest, 'used', { ...call, outcome })
  })
}

/** The call with this key that a person declined elsewhere, if that was within the last ten minutes. */
export const declinedCall = (stateDir: string, key: string, now = Date.now()): StoredCall | undefined =>
  inFolder(stateDir, (folder) => readCall(folder, key, 'declined', now))

/** When a person declined a call elsewhere, if that was within the last ten minutes. */
export function declinedAt(stateDir: string, key: string, now = Date.now()): number | undefined {
  return inFolder(stateDir, (folder) => readCall(folder, key, 'declined', now)?.at)
}

/** Removes the mark of a decline. */
export function removeDecline(stateDir: string, key: string): void {
  inFolder(stateDir, (folder) => removeCall(folder, key, 'declined'))
}
