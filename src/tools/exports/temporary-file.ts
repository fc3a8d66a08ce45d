import { closeSync, constants, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportFolder } from './folder.ts'

/** Bytes to read, and characters to collect before they are written. */
const blockSize = 256 * 1024

/** A file that is being written. It becomes an export when it gets its final name. */
export class TemporaryFile {
  readonly #folder: ExportFolder
  readonly #path: string
  readonly #fd: number
  #pending = ''
  #size = 0

  /** Creates the file. Only its user can read and write it. */
  constructor(folder: ExportFolder, name: string) {
    const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    this.#folder = folder
    this.#path = join(folder.path, name)
    this.#fd = folder.wrapErrors(() => openSync(this.#path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  }

  /** Its size in bytes. */
  get size(): number {
    return this.#size
  }

  /** Appends a text. */
  write(text: string): void {
    this.#pending += text
    this.#size += Buffer.byteLength(text)
    if (this.#pending.length >= blockSize) this.#flush()
  }

  /** Some bytes from an offset on; none at the end of the file. */
  readBlock(offset: number): Buffer {
    this.#flush()
    const block = Buffer.alloc(blockSize)
    const length = this.#folder.wrapErrors(() => readSync(this.#fd, block, 0, blockSize, offset))
    return block.subarray(0, length)
  }

  /** Gives the file its final name. */
  finish(name: string): void {
    this.#flush()
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

  #flush(): void {
    const bytes = Buffer.from(this.#pending)
    this.#pending = ''
    // A disk that is nearly full accepts a part; the next write then reports the error.
    for (let done = 0; done < bytes.length; )
      done += this.#folder.wrapErrors(() => writeSync(this.#fd, bytes, done))
  }
}
