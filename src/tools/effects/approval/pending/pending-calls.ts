import { randomInt } from '../../../../shared/crypto.ts'
import {
  alphabet,
  findPendingFolder,
  isOf,
  listPending,
  makePendingFolder,
  readCall,
  removeCall,
  type StoredCall,
  type Waiter,
  withFileErrors,
  writeCall,
} from './pending-folder.ts'
import { refuseOneTooMany } from './waiting.ts'

// Pending calls: they wait for approval in a terminal if the client cannot ask a person. The digest identifies
// what a person is asked; the code is only for finding it.

/** A pending call. */
export type PendingCall = Omit<StoredCall, 'at'>

function generateCode(): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

const normalizeCode = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '')

/** A call that has to wait. */
export interface NewCall extends Pick<StoredCall, 'digest' | 'tool' | 'preview'> {
  readonly waiter: Waiter
}

/**
 * Stores a call for approval and returns its code, which is the same for as long as the call waits with this
 * preview. Throws a BusyError if too many others wait: none of them is pushed out.
 */
export function savePending(stateDir: string, { waiter, ...call }: NewCall, now = Date.now()): string {
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
    // Each repeated call starts the ten minutes again, as its error message says.
    writeCall(folder, call.digest, 'pending', { ...call, code, waiters: [...otherWaiters, waiter], at: now })
    return code
  })
}

/**
 * True once, if a person approved exactly this call within the last ten minutes. The approval is removed
 * first.
 */
export function takeApproval(stateDir: string, digest: string, now = Date.now()): boolean {
  return withFileErrors(() => {
    const folder = findPendingFolder(stateDir)
    const approved = folder !== undefined && readCall(folder, digest, 'approved', now) !== undefined
    return approved && removeCall(folder, digest, 'approved')
  })
}

/** Runs `work` on the pending call with this code; undefined if there is none. */
function withPending<T>(
  stateDir: string,
  code: string,
  now: number,
  work: (call: StoredCall, folder: string) => T,
): T | undefined {
  return withFileErrors(() => {
    const folder = findPendingFolder(stateDir)
    if (folder === undefined) return undefined
    const call = listPending(folder, now).find(
      (pendingCall) => normalizeCode(pendingCall.code) === normalizeCode(code),
    )
    return call && work(call, folder)
  })
}

/** The pending call with this code. */
export function findPending(stateDir: string, code: string, now = Date.now()): PendingCall | undefined {
  return withPending(stateDir, code, now, ({ at: _, ...call }) => call)
}

/** The number of calls that wait for a person. Throws a SetupError for a state folder that cannot be used. */
export function pendingCount(stateDir: string, now = Date.now()): number {
  return withFileErrors(() => {
    const folder = findPendingFolder(stateDir)
    return folder === undefined ? 0 : listPending(folder, now).length
  })
}

/** Approves the pending call with this code; false if there is none. */
export function approvePending(stateDir: string, code: string, now = Date.now()): boolean {
  const isApproved = withPending(stateDir, code, now, (call, folder) =>
    // The pending file is removed before the approval is written: two terminals give one approval.
    writeCall(folder, call.digest, 'approved', { ...call, at: now }, () =>
      removeCall(folder, call.digest, 'pending'),
    ),
  )
  return isApproved === true
}

/** Removes a pending call that a person declined, and leaves a mark of that; false if there is none. */
export function declinePending(stateDir: string, code: string, now = Date.now()): boolean {
  const isDeclined = withPending(stateDir, code, now, (call, folder) => {
    if (!removeCall(folder, call.digest, 'pending')) return false
    for (const { key } of call.waiters) writeCall(folder, key, 'declined', { ...call, at: now })
    return true
  })
  return isDeclined === true
}

/** When a person declined a call in a terminal, if that was within the last ten minutes. */
export function declinedAt(stateDir: string, key: string, now = Date.now()): number | undefined {
  return withFileErrors(() => {
    const folder = findPendingFolder(stateDir)
    return folder === undefined ? undefined : readCall(folder, key, 'declined', now)?.at
  })
}

/** Removes the mark of a decline. */
export function removeDecline(stateDir: string, key: string): void {
  withFileErrors(() => {
    const folder = findPendingFolder(stateDir)
    if (folder !== undefined) removeCall(folder, key, 'declined')
  })
}

/** Removes the pending call with this digest: a person approved it elsewhere. */
export function dropAnswered(stateDir: string, digest: string): void {
  withFileErrors(() => {
    const folder = findPendingFolder(stateDir)
    if (folder !== undefined) removeCall(folder, digest, 'pending')
  })
}
