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
import { replaceFile } from '../../../../shared/atomic-file.ts'
import { InputError, SetupError } from '../../../../shared/errors.ts'
import { formatNumber } from '../../../../shared/format.ts'
import { parseJson } from '../../../../shared/json.ts'
import {
  othersMayWrite,
  systemErrorCode,
  systemReason,
  withSystemErrors,
} from '../../../../shared/own-folder.ts'
import { storedPreview } from '../../preview/stored-preview.ts'

// The files of pending calls in the state folder, each named by a SHA-256 and its state.

/** How long a call waits for its approval, an approval for its call, and how long a no holds. */
export const lifetimeMs = 10 * 60_000

/** A script of half a megabyte, and its difference to another one, take less. */
const maxFileBytes = 4_194_304

/** Without characters that look alike, and without U, so that codes form no words. */
export const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const sha256Pattern = /^[0-9a-f]{64}$/
const hash = z.string().regex(sha256Pattern)

/** Who waits for a call, and the key of the call: see call-key.ts. */
const waiterSchema = z.strictObject({ server: z.uuid(), caller: z.string(), key: hash })

export type Waiter = Readonly<z.output<typeof waiterSchema>>

/** The content of a file in the folder; `at` is the start of its lifetime. */
const storedCallSchema = z.strictObject({
  code: z.string().regex(new RegExp(`^[${alphabet}]{4}-[${alphabet}]{4}$`)),
  digest: hash,
  tool: z.string().regex(/^[a-z0-9_]{1,64}$/),
  preview: storedPreview,
  /** Several if servers that share the folder make the same call. */
  waiters: z.array(waiterSchema),
  at: z.number(),
})

export type StoredCall = Readonly<z.output<typeof storedCallSchema>>

const states = ['pending', 'approved', 'declined'] as const
export type State = (typeof states)[number]

const isState = (ending: string | undefined): ending is State => states.some((state) => state === ending)

export const isOf = ({ waiters }: StoredCall, key: string): boolean =>
  waiters.some((waiter) => waiter.key === key)

/** A no holds for the call, whatever its preview says; all else for what a person was shown. */
const bears = (call: StoredCall, name: string, state: State): boolean =>
  state === 'declined' ? isOf(call, name) : call.digest === name

function pathOf(folder: string, name: string, state: State): string {
  if (!sha256Pattern.test(name)) throw new Error('A call is named by its SHA-256, in hexadecimal.')
  return join(folder, `${name}.${state}`)
}

function stateFolderError(what: string): SetupError {
  return new SetupError(
    `The state folder (QUALYS_STATE_DIR) cannot be used: ${what}.`,
    'Ask the operator to name a folder of their own that nobody else may write; without it nothing can be approved in a terminal.',
  )
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: '"pending" in it is no folder',
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'a symbolic link in its path leads nowhere',
}

/** Runs file operations. A system error becomes a SetupError, which the operator can fix. */
export const withFileErrors = <T>(work: () => T): T =>
  withSystemErrors(work, (code) => stateFolderError(systemReason(code, reasons)))

/**
 * The folder of pending calls; undefined if there is none. Throws if other users can write to it, since they
 * could approve calls.
 */
export function findPendingFolder(stateDir: string): string | undefined {
  const folder = join(stateDir, 'pending')
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  if (!stats) return undefined
  if (!stats.isDirectory()) throw stateFolderError('"pending" in it is no folder')
  if (othersMayWrite(stats)) throw stateFolderError('somebody else may write the folder "pending" in it')
  return folder
}

/** The folder of pending calls, made if there is none. */
export function makePendingFolder(stateDir: string): string {
  mkdirSync(join(stateDir, 'pending'), { recursive: true, mode: 0o700 })
  const folder = findPendingFolder(stateDir)
  if (folder === undefined) throw stateFolderError('"pending" in it is gone')
  return folder
}

/** The call in a file; undefined if the file is missing, expired, or not a regular file with this name in it. */
export function readCall(folder: string, name: string, state: State, now: number): StoredCall | undefined {
  let fd: number
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    fd = openSync(pathOf(folder, name, state), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    // Removed in the meantime, or a symbolic link.
    if (['ENOENT', 'ELOOP', 'EMLINK'].includes(systemErrorCode(error) ?? '')) return undefined
    throw error
  }
  try {
    if (!fstatSync(fd).isFile()) return undefined
    const call = storedCallSchema.safeParse(parseJson(readFileSync(fd, 'utf8'))).data
    // Clocks can be set back: a time in the future is also limited.
    const isAlive = call !== undefined && Math.abs(now - call.at) < lifetimeMs
    return isAlive && bears(call, name, state) ? call : undefined
  } finally {
    closeSync(fd)
  }
}

/** Removes a file; false if another process did so first. */
export function removeCall(folder: string, name: string, state: State): boolean {
  try {
    unlinkSync(pathOf(folder, name, state))
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** Writes a call if `mayFinish` returns true, which is asked when its file is ready. Throws if it is too large. */
export function writeCall(
  folder: string,
  name: string,
  state: State,
  call: StoredCall,
  mayFinish: () => boolean = () => true,
): boolean {
  const text = JSON.stringify(call)
  const bytes = Buffer.byteLength(text)
  if (bytes > maxFileBytes)
    throw new InputError(
      `The preview of this call takes ${formatNumber(bytes)} bytes, and none of more than ${formatNumber(maxFileBytes)} is kept for approval.`,
      'Do less in one call, or pass shorter arguments.',
    )
  return replaceFile(pathOf(folder, name, state), text, mayFinish)
}

/** The pending calls, oldest first. Removes expired and half-written files. */
export function listPending(folder: string, now: number): StoredCall[] {
  const pending: StoredCall[] = []
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const [stem = '', ending] = name.split('.')
    const isCallFile = sha256Pattern.test(stem) && isState(ending)
    const call = isCallFile ? readCall(folder, stem, ending, now) : undefined
    if (call && ending === 'pending') pending.push(call)
    const writtenAt = ending === 'new' ? lstatSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined
    const isLeftOver = writtenAt !== undefined && now - writtenAt > lifetimeMs
    if (isLeftOver || (isCallFile && !call)) rmSync(path, { force: true, recursive: true })
  }
  return pending.sort((a, b) => a.at - b.at)
}
