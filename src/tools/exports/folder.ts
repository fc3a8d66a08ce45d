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
import { codeOf, othersMayWrite } from '../../shared/own-folder.ts'
import { type ExportName, readName } from './names.ts'

const reasons: Readonly<Record<string, string>> = {
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

/** Limit for all exports together, in multiples of the largest one. */
const mostTimes = 10
const mostFiles = 10_000

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

  /** Creates the folder if it does not exist. */
  make(): void {
    this.#onDisk(() => mkdirSync(this.path, { recursive: true, mode: 0o700 }))
    this.#exists()
  }

  /** Every file of an export, newest first. */
  names(): ExportName[] {
    if (!this.#exists()) return []
    const names = this.#onDisk(() => readdirSync(this.path)).flatMap((name) => readName(name) ?? [])
    return names.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.name < b.name ? -1 : 1))
  }

  /** The file's stats; undefined if it is missing, not a regular file, or expired. */
  stats(name: string): Stats | undefined {
    const stats = this.#look(name)
    return stats && !this.#isOver(stats) ? stats : undefined
  }

  /** Creates a file that only its user can read and write. */
  create(name: string): number {
    const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    return this.#onDisk(() => openSync(this.#place(name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  }

  /** Opens an existing file; undefined if it is missing, not a regular file, or a symbolic link. */
  open(name: string, access: 'read' | 'write'): number | undefined {
    const { O_RDONLY, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants
    const flags = (access === 'read' ? O_RDONLY : O_RDWR) | O_NOFOLLOW | O_NONBLOCK
    return this.#onDisk(() => {
      try {
        const fd = openSync(this.#place(name), flags)
        if (fstatSync(fd).isFile()) return fd
        closeSync(fd)
      } catch (error) {
        if (!['ENOENT', 'ELOOP', 'EMLINK'].includes(codeOf(error) ?? '')) throw error
      }
      return undefined
    })
  }

  /** The text of a small file. */
  read(name: string): string | undefined {
    const fd = this.open(name, 'read')
    if (fd === undefined) return undefined
    try {
      return this.#onDisk(() => readFileSync(fd, 'utf8'))
    } finally {
      closeSync(fd)
    }
  }

  /** Bytes of an open file from a position on; fewer at its end. */
  readAt(fd: number, length: number, place: number): Buffer {
    const bytes = Buffer.alloc(length)
    let read = 0
    for (let more = true; more && read < length; ) {
      const part = this.#onDisk(() => readSync(fd, bytes, read, length - read, place + read))
      read += part
      more = part > 0
    }
    return bytes.subarray(0, read)
  }

  /** Writes a whole text at a position of an open file and returns its length in bytes. */
  writeAt(fd: number, text: string, place: number): number {
    const bytes = Buffer.from(text)
    // A disk that is nearly full accepts a part; the next write then reports the error.
    for (let done = 0; done < bytes.length; )
      done += this.#onDisk(() => writeSync(fd, bytes, done, bytes.length - done, place + done))
    return bytes.length
  }

  /** Writes a small file atomically: a temporary file, then a rename. */
  replace(stem: string, ending: 'state', text: string): void {
    const [name, temporary] = [`${stem}.${ending}`, `${stem}.${ending}-new`]
    this.remove(temporary)
    this.#onDisk(() => writeFileSync(this.#place(temporary), text, { flag: 'wx', mode: 0o600 }))
    this.rename(temporary, name)
  }

  rename(from: string, to: string): void {
    this.#onDisk(() => renameSync(this.#place(from), this.#place(to)))
  }

  /** Removes a file if it exists. */
  remove(name: string): void {
    this.#onDisk(() => rmSync(this.#place(name), { force: true }))
  }

  /** Sets the file's time, as a sign that it is still being written. */
  touch(name: string, now = new Date()): void {
    this.#onDisk(() => utimesSync(this.#place(name), now, now))
  }

  /** Removes expired export files. */
  removeOlder(): void {
    for (const { name } of this.names()) {
      const stats = this.#look(name)
      if (stats && this.#isOver(stats)) this.remove(name)
    }
  }

  /** Throws if the existing exports, of any account and state, leave no room for another file. */
  checkRoom(): void {
    const sizes = this.names().map(({ name }) => this.#look(name)?.size ?? 0)
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1_000_000
    if (megabytes <= this.#maxMb * mostTimes && sizes.length <= mostFiles) return
    throw new SetupError(
      `The exports in ${this.path} take ${Math.round(megabytes).toLocaleString('en')} MB in ${sizes.length.toLocaleString('en')} files, more than ${mostTimes} times QUALYS_EXPORT_MAX_MB or ${mostFiles.toLocaleString('en')} files.`,
      'Ask the operator to remove some, to raise that setting, or to lower QUALYS_EXPORT_DAYS.',
    )
  }

  /** The SetupError that says what is wrong with the folder. */
  refusal(what: string): SetupError {
    return new SetupError(
      `The folder of exports (QUALYS_EXPORT_DIR, ${this.path}) cannot be used: ${what}.`,
      'Ask the operator to make room there, or to name a folder of their own that nobody else may write.',
    )
  }

  #look(name: string): Stats | undefined {
    const stats = this.#onDisk(() => lstatSync(this.#place(name), { throwIfNoEntry: false }))
    return stats?.isFile() ? stats : undefined
  }

  /** True if the file is older than the number of days to keep; 0 keeps all. */
  #isOver({ mtimeMs }: Stats): boolean {
    return this.#days > 0 && Date.now() - mtimeMs > this.#days * dayMs
  }

  #place(name: string): string {
    if (!readName(name)) throw new Error(`"${name}" is no name of an export.`)
    return join(this.path, name)
  }

  /**
   * False if the folder does not exist yet. Throws if other users can write to it, since they could plant
   * files.
   */
  #exists(): boolean {
    const stats = this.#onDisk(() => lstatSync(this.path, { throwIfNoEntry: false }))
    if (!stats) return false
    if (!stats.isDirectory()) throw this.refusal('it is no folder')
    if (othersMayWrite(stats)) throw this.refusal('somebody else may write it')
    return true
  }

  #onDisk<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const code = codeOf(error)
      throw code === undefined ? error : this.refusal(reasons[code] ?? `the system says ${code}`)
    }
  }
}
