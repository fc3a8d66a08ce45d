import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { platform } from 'node:os'
import { othersMayWrite, systemErrorCode } from '../../../shared/own-folder.ts'

/** What is at a path. */
export interface Entry {
  readonly kind: 'folder' | 'file' | 'other'
  /** True if it belongs to somebody else, or others may write it. */
  readonly isOpenToOthers: boolean
  /** Epoch, in ms. */
  readonly writtenAt: number
}

/** The bytes of a file, or why they are not read, as the end of a clause. */
export type Content = { readonly bytes: Buffer } | { readonly fault: string }

/**
 * What the journals need of a file system. Paths are whole ones. Each throws the error of the system, with its code; a
 * test puts a disk in its place that forgets what was not flushed.
 */
export interface Disk {
  /** What is at a path itself; undefined if nothing is. */
  readonly find: (path: string) => Entry | undefined
  /** Makes a folder of this user; true if it was not there. */
  readonly makeFolder: (path: string) => boolean
  /** The names in a folder. */
  readonly list: (folder: string) => readonly string[]
  /** Reads a regular file of at most so many bytes. */
  readonly read: (path: string, maxBytes: number) => Content
  /** Writes a new file that only this user may read, and flushes its content. */
  readonly write: (path: string, text: string) => void
  /** Gives a file a second name; false if there is something of that name. */
  readonly link: (from: string, to: string) => boolean
  readonly rename: (from: string, to: string) => void
  /** Removes a file, if it is there. */
  readonly remove: (path: string) => void
  /** Flushes the names in a folder. */
  readonly flushFolder: (folder: string) => void
}

/** True unless the work failed with one of these codes. */
function succeeds(work: () => void, ...codes: readonly string[]): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (codes.includes(systemErrorCode(error) ?? '')) return false
    throw error
  }
}

const kindOf = (stats: Stats): Entry['kind'] =>
  stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other'

function find(path: string): Entry | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats && { kind: kindOf(stats), isOpenToOthers: othersMayWrite(stats), writtenAt: stats.mtimeMs }
}

const noFile = { fault: 'is no regular file' } as const

function readOpen(fd: number, maxBytes: number): Content {
  const stats = fstatSync(fd)
  if (!stats.isFile()) return noFile
  if (othersMayWrite(stats)) return { fault: 'belongs to somebody else, or others may write it' }
  if (stats.size > maxBytes) return { fault: `is larger than ${maxBytes / 1_048_576} MiB` }
  return { bytes: readFileSync(fd) }
}

function read(path: string, maxBytes: number): Content {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  let fd = -1
  const isThere = succeeds(() => {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  }, 'ENOENT')
  if (!isThere) return { fault: 'is missing' }
  try {
    return readOpen(fd, maxBytes)
  } finally {
    closeSync(fd)
  }
}

function write(path: string, text: string): void {
  const fd = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Windows cannot flush a folder: NTFS keeps names in a journal of its own. Some file systems refuse it. */
function flushFolder(folder: string): void {
  if (platform() === 'win32') return
  succeeds(
    () => {
      const fd = openSync(folder, constants.O_RDONLY)
      try {
        fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
    },
    'EINVAL',
    'EPERM',
    'EISDIR',
    // A folder above the state folder may be one that this user cannot read, or on a disk that nobody can write.
    'EACCES',
    'EROFS',
  )
}

/** The file system of this machine. */
export const ownDisk: Disk = {
  find,
  makeFolder: (path) => succeeds(() => mkdirSync(path, { mode: 0o700 }), 'EEXIST'),
  list: (folder) => readdirSync(folder),
  // The codes for a symbolic link, a socket and a folder, which differ between systems.
  read: (path, maxBytes) => {
    try {
      return read(path, maxBytes)
    } catch (error) {
      if (['ELOOP', 'EMLINK', 'ENXIO', 'EISDIR'].includes(systemErrorCode(error) ?? '')) return noFile
      throw error
    }
  },
  write,
  link: (from, to) => succeeds(() => linkSync(from, to), 'EEXIST'),
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
  flushFolder,
}
