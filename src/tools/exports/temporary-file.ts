import { closeSync, constants, openSync, renameSync, rmSync, write } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ExportFolder } from './folder.ts'

/** Characters that are collected before they are written. */
const blockSize = 256 * 1024

const writeBytes = promisify(write)

/** A file that is being written. It becomes an export when it gets its final name. */
export class TemporaryFile {
  readonly #folder: ExportFolder
  readonly #path: string
  readonly #fd: number
  #pending = ''
  /** Size in bytes of what is pending, and of all. */
  #pendingSize = 0
  #size = 0

  /** Creates the file. Only its user can read and write it. */
  constructor(folder: ExportFolder, name: string) {
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    this.#folder = folder
    this.#path = join(folder.path, name)
    this.#fd = folder.wrapErrors(() => openSync(this.#path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  }

  /** Its size in bytes, with what is not written yet. */
  get size(): number {
    return this.#size
  }

  /** True if a block is to be flushed before more is appended: the disk sets the pace. */
  get needsFlush(): boolean {
    return this.#pending.length >= blockSize
  }

  /** Appends a text of this many bytes. */
  append(text: string, bytes = Buffer.byteLength(text)): void {
    this.#pending += text
    this.#pendingSize += bytes
    this.#size += bytes
  }

  /** Writes what was appended. Other work has its turn meanwhile. */
  async flush(): Promise<void> {
    // ASCII is copied as it is, in half of the time.
    const isAscii = this.#pendingSize === this.#pending.length
    const bytes = Buffer.from(this.#pending, isAscii ? 'latin1' : 'utf8')
    this.#pending = ''
    this.#pendingSize = 0
    await this.#folder.wrapAsyncErrors(async () => {
      // A disk that is nearly full accepts a part; the next write then reports the error.
      for (let done = 0; done < bytes.length; )
        done += (await writeBytes(this.#fd, bytes, done, bytes.length - done)).bytesWritten
    })
  }

  /** Gives the file its final name. */
  async finish(name: string): Promise<void> {
    await this.flush()
    this.#folder.wrapErrors(() => renameSync(this.#path, join(this.#folder.path, name)))
  }

  /** Closes the file, and removes it unless it has its final name. */
  close(): void {
    try {
      closeSync(this.#fd)
      rmSync(this.#path, { force: true })
    } catch {
      // It is removed when it is old. An error here must not replace the one that ended the export.
    }
  }
}
