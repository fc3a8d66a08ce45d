import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { stateDirOf } from '../../config/state-dir.ts'
import { SetupError } from '../../shared/errors.ts'
import { formatNumber } from '../../shared/format.ts'
import { othersMayWrite, systemErrorCode } from '../../shared/own-folder.ts'
import { type ExportName, parseName } from './names.ts'

const failureReasons: Readonly<Record<string, string>> = {
  ENOENT: 'a file or folder of it is gone',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it, or a part of its path, is no folder',
  ELOOP: 'there is a symbolic link where a file belongs',
  EACCES: 'this user may not write it',
  EPERM: 'this user may not write it',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk is full',
  EFBIG: 'the system allows no larger file',
}

const dayMs = 86_400_000

/** Limit for all exports together, in multiples of the maximum size of one. */
const maxFolderMultiple = 10
const maxFiles = 10_000

/**
 * The folder of exports. Only files with this program's names are used, and no symbolic links are followed.
 */
export class ExportFolder {
  readonly path: string
  readonly #days: number
  readonly #maxMb: number

  constructor(settings: Settings) {
    this.path = resolve(settings.exportDir ?? join(stateDirOf(settings), 'exports'))
    this.#days = settings.exportDays
    this.#maxMb = settings.exportMaxMb
  }

  /** Creates the folder if it does not exist. Throws a SetupError if other users can write to it. */
  ensure(): void {
    this.#wrapErrors(() => mkdirSync(this.path, { recursive: true, mode: 0o700 }))
    this.#exists()
  }

  /** Every file of an export, newest first. */
  names(): ExportName[] {
    if (!this.#exists()) return []
    const names = this.#wrapErrors(() => readdirSync(this.path)).flatMap((name) => parseName(name) ?? [])
    return names.sort((a, b) =>
      a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : a.name < b.name ? -1 : 1,
    )
  }

  /** The file's stats; undefined if it is missing, not a regular file, or expired. */
  stats(name: string): Stats | undefined {
    const stats = this.#fileStats(name)
    return stats && !this.#isExpired(stats) ? stats : undefined
  }

  /** Creates a file that only its user can read and write. */
  create(name: string): number {
    const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    return this.#wrapErrors(() => openSync(this.#pathOf(name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  }

  /** Opens an existing file; undefined if it is missing, not a regular file, or a symbolic link. */
  open(name: string, access: 'read' | 'write'): number | undefined {
    const { O_RDONLY, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants
    const flags = (access === 'read' ? O_RDONLY : O_RDWR) | O_NOFOLLOW | O_NONBLOCK
    return this.#wrapErrors(() => {
      try {
        const fd = openSync(this.#pathOf(name), flags)
        if (fstatSync(fd).isFile()) return fd
        closeSync(fd)
      } catch (error) {
        if (!['ENOENT', 'ELOOP', 'EMLINK'].includes(systemErrorCode(error) ?? '')) throw error
      }
      return undefined
    })
  }

  /** The text of a small file. */
  read(name: string): string | undefined {
    const fd = this.open(name, 'read')
    if (fd === undefined) return undefined
    try {
      return this.#wrapErrors(() => readFileSync(fd, 'utf8'))
    } finally {
      closeSync(fd)
    }
  }

  /** Bytes of an open file from a position on; fewer at its end. */
  readAt(fd: number, length: number, position: number): Buffer {
    const bytes = Buffer.alloc(length)
    let read = 0
    for (let hasMore = true; hasMore && read < length; ) {
      const part = this.#wrapErrors(() => readSync(fd, bytes, read, length - read, position + read))
      read += part
      hasMore = part > 0
    }
    return bytes.subarray(0, read)
  }

  /** Writes a whole text at a position of an open file and returns its length in bytes. */
  writeAt(fd: number, text: string, position: number): number {
    const bytes = Buffer.from(text)
    // A disk that is nearly full accepts a part; the next write then reports the error.
    for (let done = 0; done < bytes.length; )
      done += this.#wrapErrors(() => writeSync(fd, bytes, done, bytes.length - done, position + done))
    return bytes.length
  }

  /** Writes a small file atomically: a temporary file, then a rename. */
  replace(stem: string, extension: 'state', text: string): void {
    const [name, temporary] = [`${stem}.${extension}`, `${stem}.${extension}-new`]
    this.remove(temporary)
    this.#wrapErrors(() => writeFileSync(this.#pathOf(temporary), text, { flag: 'wx', mode: 0o600 }))
    this.rename(temporary, name)
  }

  rename(from: string, to: string): void {
    this.#wrapErrors(() => renameSync(this.#pathOf(from), this.#pathOf(to)))
  }

  /** Removes a file if it exists. */
  remove(name: string): void {
    this.#wrapErrors(() => rmSync(this.#pathOf(name), { force: true }))
  }

  /** Sets the file's time, which shows that it is still being written. */
  touch(name: string, now = new Date()): void {
    this.#wrapErrors(() => utimesSync(this.#pathOf(name), now, now))
  }

  /** Removes expired export files. */
  removeExpired(): void {
    for (const { name } of this.names()) {
      const stats = this.#fileStats(name)
      if (stats && this.#isExpired(stats)) this.remove(name)
    }
  }

  /** Throws a SetupError if the existing exports, of any account and state, leave no space for another file. */
  checkSpace(): void {
    const sizes = this.names().map(({ name }) => this.#fileStats(name)?.size ?? 0)
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1_000_000
    if (megabytes <= this.#maxMb * maxFolderMultiple && sizes.length <= maxFiles) return
    throw new SetupError(
      `The exports in ${this.path} take ${formatNumber(Math.round(megabytes))} MB in ${formatNumber(sizes.length)} files, more than ${maxFolderMultiple} times QUALYS_EXPORT_MAX_MB or ${formatNumber(maxFiles)} files.`,
      'Ask the operator to remove some, to raise that setting, or to lower QUALYS_EXPORT_DAYS.',
    )
  }

  /** The SetupError that says what is wrong with the folder. */
  folderError(problem: string): SetupError {
    return new SetupError(
      `The folder of exports (QUALYS_EXPORT_DIR, ${this.path}) cannot be used: ${problem}.`,
      'Ask the operator to make room there, or to name a folder of their own that nobody else may write.',
    )
  }

  #fileStats(name: string): Stats | undefined {
    const stats = this.#wrapErrors(() => lstatSync(this.#pathOf(name), { throwIfNoEntry: false }))
    return stats?.isFile() ? stats : undefined
  }

  /** True if the file is older than the number of days to keep; 0 keeps all. */
  #isExpired({ mtimeMs }: Stats): boolean {
    return this.#days > 0 && Date.now() - mtimeMs > this.#days * dayMs
  }

  #pathOf(name: string): string {
    if (!parseName(name)) throw new Error(`"${name}" is no name of an export.`)
    return join(this.path, name)
  }

  /**
   * False if the folder does not exist yet. Throws a SetupError if other users can write to it, since they could
   * plant files.
   */
  #exists(): boolean {
    const stats = this.#wrapErrors(() => lstatSync(this.path, { throwIfNoEntry: false }))
    if (!stats) return false
    if (!stats.isDirectory()) throw this.folderError('it is no folder')
    if (othersMayWrite(stats)) throw this.folderError('somebody else may write it')
    return true
  }

  /** Runs a file operation; its errors are thrown as SetupErrors. */
  #wrapErrors<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const code = systemErrorCode(error)
      throw code === undefined ? error : this.folderError(failureReasons[code] ?? `the system says ${code}`)
    }
  }
}
