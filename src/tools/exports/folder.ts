import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { stateDirOf } from '../../config/state-dir.ts'
import { dayMs } from '../../shared/clock.ts'
import { SetupError } from '../../shared/errors.ts'
import { formatNumber } from '../../shared/format.ts'
import { othersMayWrite, systemReason, withSystemErrors } from '../../shared/own-folder.ts'
import { type ExportName, parseName } from './names.ts'

const failureReasons: Readonly<Record<string, string>> = {
  ENOENT: 'a file or folder of it is gone',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it, or a part of its path, is no folder',
  ELOOP: 'there is a symbolic link where a file belongs',
  EFBIG: 'the system allows no larger file',
}

/** A temporary file of this age belongs to a process that was killed. */
const temporaryDays = 1

/** Limit for all exports together, in multiples of the maximum size of one. */
const maxFolderMultiple = 10
const maxFiles = 10_000

/** A file in the folder of exports. */
export interface ExportFile extends ExportName {
  readonly size: number
  /** True if it is too old to be shown. */
  readonly isExpired: boolean
}

/**
 * The folder of exports. Only files with this program's names are used, and no symbolic links are followed.
 */
export class ExportFolder {
  readonly path: string
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.path = resolve(settings.exportDir ?? join(stateDirOf(settings), 'exports'))
    this.#settings = settings
  }

  /**
   * Creates the folder if it does not exist, and removes expired files. Throws a SetupError if other users can
   * write to the folder.
   */
  prepare(): void {
    this.wrapErrors(() => mkdirSync(this.path, { recursive: true, mode: 0o700 }))
    for (const { name } of this.files().filter(({ isExpired }) => isExpired))
      this.wrapErrors(() => rmSync(join(this.path, name), { force: true }))
  }

  /**
   * Every file, newest first. Throws a SetupError if other users can write to the folder, since they could plant
   * files.
   */
  files(): ExportFile[] {
    const stats = this.wrapErrors(() => lstatSync(this.path, { throwIfNoEntry: false }))
    if (!stats) return []
    if (!stats.isDirectory()) throw this.#folderError('it is no folder')
    if (othersMayWrite(stats)) throw this.#folderError('somebody else may write it')
    const names = this.wrapErrors(() => readdirSync(this.path)).sort()
    const files = names.flatMap((name) => this.find(name) ?? [])
    return files.sort((a, b) => b.startedAt.localeCompare(a.startedAt))
  }

  /** The file with this name; undefined if it is not the name of an export, or not of a regular file. */
  find(name: string): ExportFile | undefined {
    const parsed = parseName(name)
    if (!parsed) return undefined
    const stats = this.wrapErrors(() => lstatSync(join(this.path, name), { throwIfNoEntry: false }))
    if (!stats?.isFile()) return undefined
    // 0 keeps all exports.
    const days = parsed.format === undefined ? temporaryDays : this.#settings.exportDays
    const isExpired = days > 0 && Date.now() - stats.mtimeMs > days * dayMs
    return { ...parsed, size: stats.size, isExpired }
  }

  /** The text of a file. */
  read({ name }: ExportFile): string {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    return this.wrapErrors(() => {
      const fd = openSync(join(this.path, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      try {
        return readFileSync(fd, 'utf8')
      } finally {
        closeSync(fd)
      }
    })
  }

  /** Throws a SetupError if the existing files, of any account, leave no space for another one. */
  checkSpace(): void {
    const files = this.files()
    const megabytes = files.reduce((sum, { size }) => sum + size, 0) / 1_000_000
    if (megabytes <= this.#settings.exportMaxMb * maxFolderMultiple && files.length <= maxFiles) return
    throw new SetupError(
      `The exports in ${this.path} take ${formatNumber(Math.round(megabytes))} MB in ${formatNumber(files.length)} files, more than ${maxFolderMultiple} times QUALYS_EXPORT_MAX_MB or ${formatNumber(maxFiles)} files.`,
      'Ask the operator to remove some, to raise that setting, or to lower QUALYS_EXPORT_DAYS.',
    )
  }

  /** Runs a file operation; its errors are thrown as SetupErrors. */
  wrapErrors<T>(work: () => T): T {
    return withSystemErrors(work, (code) => this.#folderError(systemReason(code, failureReasons)))
  }

  /** The same for an operation that takes time. */
  async wrapAsyncErrors<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      return this.wrapErrors(() => {
        throw error
      })
    }
  }

  #folderError(problem: string): SetupError {
    return new SetupError(
      `The folder of exports (QUALYS_EXPORT_DIR, ${this.path}) cannot be used: ${problem}.`,
      'Ask the operator to make room there, or to name a folder of their own that nobody else may write.',
    )
  }
}
