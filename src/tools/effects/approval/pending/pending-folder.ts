import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
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
import { recordLifetimeMs } from '../approval-record.ts'
import {
  bears,
  type CallState,
  type FoundCall,
  isAlive,
  isState,
  type StoredCall,
  sha256Pattern,
  storedCallSchema,
} from './stored-call.ts'

// The files of waiting calls in the state folder, each named by a SHA-256 and its state.

/** How long a no holds. */
export const lifetimeMs = recordLifetimeMs

/** A script of half a megabyte, and its difference to another one, take less. */
const maxFileBytes = 4_194_304

function pathOf(folder: string, name: string, state: CallState): string {
  if (!sha256Pattern.test(name)) throw new Error('A call is named by its SHA-256, in hexadecimal.')
  return join(folder, `${name}.${state}`)
}

function stateFolderError(what: string): SetupError {
  return new SetupError(
    `The state folder (QUALYS_STATE_DIR) cannot be used: ${what}.`,
    'Ask the operator to name a folder of their own that nobody else may write; without it nothing can be approved on the page or in a terminal.',
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

/** The result of work in the state folder; undefined where that cannot be used. */
export function ifUsable<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof SetupError) return undefined
    throw error
  }
}

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
export function readCall(
  folder: string,
  name: string,
  state: CallState,
  now: number,
): StoredCall | undefined {
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
    return call && isAlive(call, state, now) && bears(call, name, state) ? call : undefined
  } finally {
    closeSync(fd)
  }
}

/** Removes a file; false if another process did so first. */
export function removeCall(folder: string, name: string, state: CallState): boolean {
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
  state: CallState,
  call: StoredCall,
  mayFinish: () => boolean = () => true,
): boolean {
  const text = JSON.stringify(call)
  const bytes = Buffer.byteLength(text)
  // What is decided about a call has room beside its preview.
  if (state === 'pending' && bytes > maxFileBytes)
    throw new InputError(
      `The preview of this call takes ${formatNumber(bytes)} bytes, and none of more than ${formatNumber(maxFileBytes)} is kept for approval.`,
      'Do less in one call, or pass shorter arguments.',
    )
  return replaceFile(pathOf(folder, name, state), text, mayFinish)
}

/**
 * Writes the file of a call that is used; false if there is one, whatever is in it: a record is used once. The file
 * stays until the record is no longer good.
 */
export function writeUsed(folder: string, call: StoredCall): boolean {
  try {
    writeFileSync(pathOf(folder, call.digest, 'used'), JSON.stringify(call), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** True if the record with this digest was used, whatever is in the file that says so. */
export const isUsed = (folder: string, digest: string): boolean => existsSync(pathOf(folder, digest, 'used'))

/** True if the file was written longer ago than a record is good. */
function isExpired(path: string, now: number): boolean {
  const writtenAt = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs
  return writtenAt !== undefined && now - writtenAt > lifetimeMs
}

const allStates: readonly CallState[] = ['pending', 'approved', 'declined', 'used']

/**
 * The calls in these states, oldest first. Removes expired and half-written files. Those of other states are not read: of
 * calls that ran there may be many.
 */
export function listAll(folder: string, now: number, states = allStates): FoundCall[] {
  const calls: FoundCall[] = []
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const [stem = '', ending] = name.split('.')
    const state = sha256Pattern.test(stem) && isState(ending) ? ending : undefined
    const isWanted = state !== undefined && states.includes(state)
    const call = isWanted ? readCall(folder, stem, state, now) : undefined
    if (call && state) calls.push({ ...call, state })
    else if (state !== undefined || ending === 'new') {
      // What is being written stays, and a used record counts even where its file cannot be read.
      const staysAWhile = !isWanted || state === 'used'
      if (!staysAWhile || isExpired(path, now)) rmSync(path, { force: true, recursive: true })
    }
  }
  return calls.sort((a, b) => a.at - b.at)
}

/** The pending calls, oldest first. */
export const listPending = (folder: string, now: number): StoredCall[] => listAll(folder, now, ['pending'])
