import { randomInt } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../../shared/atomic-file.ts'
import { InputError, SetupError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { parseJson } from '../../../shared/json.ts'
import { othersMayWrite, systemErrorCode, withSystemErrors } from '../../../shared/own-folder.ts'
import { storedPreview } from '../preview/stored-preview.ts'

// Pending calls: they wait for approval in a terminal if the client cannot ask a person. The digest
// identifies a call; the code is only for finding it.

/** How long a call waits for its approval, and an approval for its call. */
const lifetimeMs = 10 * 60_000
const maxPending = 100

/** A script of half a megabyte, and its difference to another one, take less. */
const maxFileBytes = 4_194_304

/** Without characters that look alike, and without U, so that codes form no words. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const digestPattern = /^[0-9a-f]{64}$/

/** The content of a file in the folder; `at` is the start of its lifetime. */
const storedCallSchema = z.strictObject({
  code: z.string().regex(new RegExp(`^[${alphabet}]{4}-[${alphabet}]{4}$`)),
  digest: z.string().regex(digestPattern),
  tool: z.string().regex(/^[a-z0-9_]{1,64}$/),
  preview: storedPreview,
  at: z.number(),
})

type StoredCall = Readonly<z.output<typeof storedCallSchema>>

/** A pending call. The digest covers account, tool, arguments and preview. */
export type PendingCall = Omit<StoredCall, 'at'>

type State = 'pending' | 'approved'

/** The path of a call: its name is the digest and the state. */
function pathOf(folder: string, digest: string, state: State): string {
  if (!digestPattern.test(digest)) throw new Error('A call is named by its SHA-256, in hexadecimal.')
  return join(folder, `${digest}.${state}`)
}

function stateFolderError(what: string): SetupError {
  return new SetupError(
    `The state folder (QUALYS_STATE_DIR) cannot be used: ${what}.`,
    'Ask the operator to name a folder of their own that nobody else may write; without it nothing can be approved in a terminal.',
  )
}

/** Runs file operations. A system error becomes a SetupError, which the operator can fix. */
const withFileErrors = <T>(work: () => T): T =>
  withSystemErrors(work, (code) => stateFolderError(`the system says ${code}`))

/**
 * The folder of pending calls; undefined if there is none. Throws if other users can write to it, since they
 * could approve calls.
 */
function findPendingFolder(stateDir: string): string | undefined {
  const folder = join(stateDir, 'pending')
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  if (!stats) return undefined
  if (!stats.isDirectory()) throw stateFolderError('"pending" in it is no folder')
  if (othersMayWrite(stats)) throw stateFolderError('somebody else may write the folder "pending" in it')
  return folder
}

/** The call in a file; undefined if the file is missing, expired, or not a regular file with this digest. */
function readCall(folder: string, digest: string, state: State, now: number): StoredCall | undefined {
  let fd: number
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    fd = openSync(pathOf(folder, digest, state), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    // Removed in the meantime, or a symbolic link.
    if (['ENOENT', 'ELOOP', 'EMLINK'].includes(systemErrorCode(error) ?? '')) return undefined
    throw error
  }
  try {
    if (!fstatSync(fd).isFile()) return undefined
    const call = storedCallSchema.safeParse(parseJson(readFileSync(fd, 'utf8'))).data
    // Clocks can be set back: a time in the future is also limited.
    return call?.digest === digest && Math.abs(now - call.at) < lifetimeMs ? call : undefined
  } finally {
    closeSync(fd)
  }
}

/** Removes a file; false if another process did so first. */
function removeCall(folder: string, digest: string, state: State): boolean {
  try {
    unlinkSync(pathOf(folder, digest, state))
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** Throws for a call whose preview is too large to be kept. */
function refuseLarge(call: StoredCall): void {
  const bytes = Buffer.byteLength(JSON.stringify(call))
  if (bytes <= maxFileBytes) return
  throw new InputError(
    `The preview of this call takes ${formatNumber(bytes)} bytes, and none of more than ${formatNumber(maxFileBytes)} is kept for approval.`,
    'Do less in one call, or pass shorter arguments.',
  )
}

/** Writes a call if `mayFinish` returns true, which is asked when its file is ready. */
const writeCall = (folder: string, call: StoredCall, state: State, mayFinish: () => boolean): boolean =>
  replaceFile(pathOf(folder, call.digest, state), JSON.stringify(call), mayFinish)

/** The pending calls, oldest first. Removes expired and half-written files. */
function listPending(folder: string, now: number): StoredCall[] {
  const pending: StoredCall[] = []
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const [stem = '', ending] = name.split('.')
    const isCallFile = digestPattern.test(stem) && (ending === 'pending' || ending === 'approved')
    const call = isCallFile ? readCall(folder, stem, ending, now) : undefined
    if (call && ending === 'pending') pending.push(call)
    const writtenAt = ending === 'new' ? lstatSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined
    const isLeftOver = writtenAt !== undefined && now - writtenAt > lifetimeMs
    if (isLeftOver || (isCallFile && !call)) rmSync(path, { force: true, recursive: true })
  }
  return pending.sort((a, b) => a.at - b.at)
}

function generateCode(): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

const normalizeCode = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '')

/** Stores a call for approval and returns its code, which is the same for as long as the call waits. */
export function savePending(stateDir: string, call: Omit<PendingCall, 'code'>, now = Date.now()): string {
  const { digest, tool, preview } = call
  return withFileErrors(() => {
    mkdirSync(join(stateDir, 'pending'), { recursive: true, mode: 0o700 })
    const folder = findPendingFolder(stateDir)
    if (folder === undefined) throw stateFolderError('"pending" in it is gone')
    const others = listPending(folder, now).filter((other) => other.digest !== digest)
    for (const oldest of others.slice(0, Math.max(0, others.length - maxPending + 1)))
      removeCall(folder, oldest.digest, 'pending')
    // Each repeated call starts the ten minutes again, as its error message says.
    const code = readCall(folder, digest, 'pending', now)?.code ?? generateCode()
    const pending = { code, digest, tool, preview, at: now }
    refuseLarge(pending)
    writeCall(folder, pending, 'pending', () => true)
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

/** Approves the pending call with this code; false if there is none. */
export function approvePending(stateDir: string, code: string, now = Date.now()): boolean {
  const isApproved = withPending(stateDir, code, now, (call, folder) =>
    // The pending file is removed before the approval is written: two terminals give one approval.
    writeCall(folder, { ...call, at: now }, 'approved', () => removeCall(folder, call.digest, 'pending')),
  )
  return isApproved === true
}

/** Removes a pending call that a person declined. */
export function dropPending(stateDir: string, code: string, now = Date.now()): void {
  withPending(stateDir, code, now, (call, folder) => removeCall(folder, call.digest, 'pending'))
}

/** Removes the pending call with this digest: a person approved it elsewhere. */
export function dropAnswered(stateDir: string, digest: string): void {
  withFileErrors(() => {
    const folder = findPendingFolder(stateDir)
    if (folder !== undefined) removeCall(folder, digest, 'pending')
  })
}
