import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  futimesSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { isObject, parseJson } from '../../shared/json.ts'
import { systemErrorCode } from '../../shared/own-folder.ts'

// The file `service.lock`: who uses a state folder, and, as the time of its last change, when they were last there.

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number
  /** The name of the machine or container. */
  readonly host: string
  /** ISO 8601. */
  readonly startedAt: string
  /** Random, one for each start. */
  readonly id: string
}

/** A lock as it lies in the folder. */
export interface FoundLock {
  /** Undefined if the file says something else: it is damaged, or is being written. */
  readonly holder: LockHolder | undefined
  /** Epoch, in ms. */
  readonly touchedAt: number
}

function holderIn(text: string): LockHolder | undefined {
  const value = parseJson(text)
  if (!isObject(value)) return undefined
  const { pid, host, startedAt, id } = value
  const isHolder =
    typeof pid === 'number' &&
    typeof host === 'string' &&
    typeof startedAt === 'string' &&
    typeof id === 'string'
  return isHolder ? { pid, host, startedAt, id } : undefined
}

/** Opens the lock, calls `work`, and closes it. Undefined if there is none. Throws for a symbolic link. */
function withLock<T>(path: string, flags: number, work: (fd: number) => T): T | undefined {
  const { O_NOFOLLOW, O_NONBLOCK } = constants
  let fd: number
  try {
    fd = openSync(path, flags | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    return work(fd)
  } finally {
    closeSync(fd)
  }
}

const foundIn = (fd: number): FoundLock => ({
  holder: holderIn(readFileSync(fd, 'utf8')),
  touchedAt: fstatSync(fd).mtimeMs,
})

/** The lock at this path; undefined if there is none. */
export const readLock = (path: string): FoundLock | undefined => withLock(path, constants.O_RDONLY, foundIn)

/** Creates the lock. False if there is one. */
export function createLock(path: string, holder: LockHolder, now: number): boolean {
  let fd: number
  try {
    fd = openSync(path, 'wx', 0o600)
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  }
  try {
    writeFileSync(fd, JSON.stringify(holder))
    futimesSync(fd, now / 1000, now / 1000)
    return true
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(fd)
  }
}

/** Touches the lock if it is still of this holder. False if it is of another one; undefined if there is none. */
export function touchLock(path: string, { id }: LockHolder, now: number): boolean | undefined {
  return withLock(path, constants.O_RDWR, (fd) => {
    if (foundIn(fd).holder?.id !== id) return false
    // By the file and not by its path, which may name another one by now.
    futimesSync(fd, now / 1000, now / 1000)
    return true
  })
}

/** Some file systems have no links; a rename must not replace a lock that was created meanwhile. */
function putBack(aside: string, path: string): void {
  try {
    linkSync(aside, path)
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST' && !existsSync(path)) renameSync(aside, path)
  }
}

/**
 * Removes a stale lock. Two services may find the same stale lock, and the slower one would remove the new lock of the
 * other: so the file is moved aside first, and put back if it is not the one that was found.
 */
export function removeLock(path: string, stale: FoundLock, by: LockHolder): void {
  const aside = `${path}.${by.id}.old`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return
    throw error
  }
  try {
    const moved = readLock(aside)
    // A lock that is being written has no id yet, and one that was touched is not stale.
    if (moved?.touchedAt !== stale.touchedAt || moved.holder?.id !== stale.holder?.id) putBack(aside, path)
  } finally {
    rmSync(aside, { force: true })
  }
}
