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
import { SetupError } from '../../session/errors.ts'
import type { Settings } from '../../settings.ts'
import { stateDirOf } from '../effects/safeguards.ts'
import { codeOf, othersMayWrite } from '../own-folder.ts'
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

/** All exports together, in times of the largest one. */
const mostTimes = 10
const mostFiles = 10_000

/** The folder of exports. Only files of our own names are ever looked at, none through a symbolic link. */
export class ExportFolder {
  readonly path: string
  readonly #days: number
  readonly #maxMb: number

  constructor(settings: Settings) {
    this.path = resolve(settings.exportDir ?? join(stateDirOf(settings), 'exports'))
    this.#days = settings.exportDays
    this.#maxMb = settings.exportMaxMb
  }

  /** Makes the folder unless there is one. */
  make(): void {
    this.#onDisk(() => mkdirSync(this.path, { recursive: true, mode: 0o700 }))
    this.#exists()
  }

  /** Every file of ours, the newest first. */
  names(): ExportName[] {
    if (!this.#exists()) return []
    const names = this.#onDisk(() => readdirSync(this.path)).flatMap((name) => readName(name) ?? [])
    return names.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.name < b.name ? -1 : 1))
  }

  /** What the system knows of a file; undefined where there is none, something else, or one whose days are over. */
  stats(name: string): Stats | undefined {
    const stats = this.#look(name)
    return stats && !this.#isOver(stats) ? stats : undefined
  }

  /** A new file, readable and writable by its user alone. */
  create(name: string): number {
    const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    return this.#onDisk(() => openSync(this.#place(name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  }

  /** A file that is there; undefined where it is none, or a symbolic link. */
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

  /** Bytes of an open file from a place on; fewer at its end. */
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

  /** Writes all of a text at a place of an open file, and says how many bytes it has. */
  writeAt(fd: number, text: string, place: number): number {
    const bytes = Buffer.from(text)
    // A disk that is nearly full takes a part; the next try then says why.
    for (let done = 0; done < bytes.length; )
      done += this.#onDisk(() => writeSync(fd, bytes, done, bytes.length - done, place + done))
    return bytes.length
  }

  /** Puts a small file in its place, whole or not at all. */
  replace(stem: string, ending: 'state', text: string): void {
    const [name, temporary] = [`${stem}.${ending}`, `${stem}.${ending}-new`]
    this.remove(temporary)
    this.#onDisk(() => writeFileSync(this.#place(temporary), text, { flag: 'wx', mode: 0o600 }))
    this.rename(temporary, name)
  }

  rename(from: string, to: string): void {
    this.#onDisk(() => renameSync(this.#place(from), this.#place(to)))
  }

  /** Removes a file, if it is there. */
  remove(name: string): void {
    this.#onDisk(() => rmSync(this.#place(name), { force: true }))
  }

  /** Says that somebody still works on a file. */
  touch(name: string, now = new Date()): void {
    this.#onDisk(() => utimesSync(this.#place(name), now, now))
  }

  /** Removes our files whose days are over. */
  removeOlder(): void {
    for (const { name } of this.names()) {
      const stats = this.#look(name)
      if (stats && this.#isOver(stats)) this.remove(name)
    }
  }

  /** Refuses a further file where ours, of whatever account and state, already take much. */
  checkRoom(): void {
    const sizes = this.names().map(({ name }) => this.#look(name)?.size ?? 0)
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1_000_000
    if (megabytes <= this.#maxMb * mostTimes && sizes.length <= mostFiles) return
    throw new SetupError(
      `The exports in ${this.path} take ${Math.round(megabytes).toLocaleString('en')} MB in ${sizes.length.toLocaleString('en')} files, more than ${mostTimes} times QUALYS_EXPORT_MAX_MB or ${mostFiles.toLocaleString('en')} files.`,
      'Ask the operator to remove some, to raise that setting, or to lower QUALYS_EXPORT_DAYS.',
    )
  }

  /** A setup error that says what is wrong with the folder. */
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

  /** Nobody touched it for so many days; 0 keeps all. */
  #isOver({ mtimeMs }: Stats): boolean {
    return this.#days > 0 && Date.now() - mtimeMs > this.#days * dayMs
  }

  #place(name: string): string {
    if (!readName(name)) throw new Error(`"${name}" is no name of an export.`)
    return join(this.path, name)
  }

  /** False where no folder is there yet; whoever else could write there could plant files: then it is not used. */
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
