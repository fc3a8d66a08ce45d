import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from '../../../shared/crypto.ts'
import { jsonLine } from '../../../shared/json.ts'
import { othersMayWrite, systemReason, withSystemErrors } from '../../../shared/own-folder.ts'
import { type Balance, balanceOf, hasSeal, linesIn, linesKept, sumOf, timeAfter } from './balance.ts'
import { budgetError } from './budget-error.ts'
import { budgetFileName, type Limit } from './budget-limits.ts'
import type { BudgetLine, ChargeLine } from './charge.ts'
import { networkFileSystemOf } from './network-folder.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link',
  ENOENT: 'a symbolic link in its path leads nowhere',
}

/** How often, and after how many milliseconds, a file that is being compacted is looked at again. */
const retries = { count: 40, pauseMs: 5 }

const pause = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

function readAll(fd: number): string {
  const bytes = Buffer.alloc(fstatSync(fd).size)
  let length = 0
  for (let read = -1; read !== 0 && length < bytes.length; length += read)
    read = readSync(fd, bytes, length, bytes.length - length, length)
  return bytes.toString('utf8', 0, length)
}

/** Writes a text at once, so that the lines of several processes never mix. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  if (writeSync(fd, bytes) < bytes.length) throw budgetError('its disk filled up in the middle of a line')
  fsyncSync(fd)
}

/** The text up to a line that was just appended. */
function textUpTo(line: string, all: string): string {
  const place = `\n${all}`.lastIndexOf(`\n${line}`)
  if (place < 0) throw budgetError('its last line is cut off')
  return all.slice(0, place + line.length)
}

const textOf = (line: BudgetLine): string => `${jsonLine(line)}\n`

/** A line without the time, which its place in the file decides. */
export type NewLine = Omit<ChargeLine, 'at'>

/**
 * The file of the budgets, which several servers share without a lock: the order of its lines decides. A charge is
 * appended, and stands only if all lines up to it are within the limit.
 */
export class BudgetFile {
  readonly path: string
  readonly #folder: string
  readonly #clock: () => number
  readonly #compactFrom: number

  /** `compactFrom`: the number of lines of no use at which they are left out. */
  constructor(folder: string, clock: () => number = Date.now, compactFrom = 1_000) {
    this.path = join(folder, budgetFileName)
    this.#folder = folder
    this.#clock = clock
    this.#compactFrom = compactFrom
  }

  /** What was spent so far. Makes no file. */
  balance(): Balance {
    return this.#withErrors(() => {
      const exists = statSync(this.#folder, { throwIfNoEntry: false }) !== undefined
      if (exists) this.#checkFolder()
      if (!lstatSync(this.path, { throwIfNoEntry: false })) return balanceOf([], this.#clock())
      const fd = this.#open(constants.O_RDONLY)
      try {
        return balanceOf(linesIn(readAll(fd)), this.#clock())
      } finally {
        closeSync(fd)
      }
    })
  }

  /** Takes a charge. Returns undefined if it fits; otherwise gives it back, and returns what is left. */
  take(charge: NewLine, { max, windowMs }: Limit, replaced: ReadonlySet<string>): number | undefined {
    const balance = balanceOf(this.append(charge), this.#clock())
    const over = sumOf(balance, charge, windowMs, replaced) - max
    if (over <= 0) return undefined
    this.append({ ...charge, n: -charge.n })
    return Math.max(0, charge.n - over)
  }

  /** Appends a line, and returns all lines up to it. */
  append(line: NewLine): readonly BudgetLine[] {
    return this.#withErrors(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      this.#checkFolder()
      for (let attempt = 0; attempt < retries.count; attempt++) {
        const lines = this.#tryAppend(line)
        if (lines) return lines
        pause(retries.pauseMs)
      }
      throw budgetError('another server has begun to compact it, and has not finished')
    })
  }

  /** The lines up to the new one; undefined if it does not count, since the file was sealed before it or replaced. */
  #tryAppend(line: NewLine): readonly BudgetLine[] | undefined {
    const { O_RDWR, O_APPEND, O_CREAT } = constants
    const fd = this.#open(O_RDWR | O_APPEND | O_CREAT)
    try {
      const before = linesIn(readAll(fd))
      if (hasSeal(before)) return undefined
      if (this.#isLong(before)) return this.#compact(fd, before)
      const text = textOf({ at: timeAfter(before, this.#clock()), ...line })
      writeWhole(fd, text)
      const lines = linesIn(textUpTo(text, readAll(fd)))
      if (hasSeal(lines)) return undefined
      // A seal below the line: it is in the new file as well.
      return this.#isReplaced(fd) && !hasSeal(linesIn(readAll(fd))) ? undefined : lines
    } finally {
      closeSync(fd)
    }
  }

  #isLong(lines: readonly BudgetLine[]): boolean {
    const count = lines.length
    // Windows replaces no file that another process has open.
    if (platform() === 'win32') return false
    return count >= this.#compactFrom && count - linesKept(lines, this.#clock()).length >= this.#compactFrom
  }

  /**
   * Replaces the file by one without lines of no use. A seal ends the old file: a line below it does not count, and
   * whoever wrote it appends it to the new file. Only the writer of the first seal makes that file. If it does not get
   * so far, the file stays sealed, and everything is refused.
   */
  #compact(fd: number, before: readonly BudgetLine[]): undefined {
    const seal = randomUUID()
    writeWhole(fd, textOf({ at: timeAfter(before, this.#clock()), seal }))
    const lines = linesIn(readAll(fd))
    const last = lines.at(-1)
    if (!last || !('seal' in last) || last.seal !== seal) return
    const temporary = `${this.path}.${seal}.new`
    try {
      const { O_WRONLY, O_CREAT, O_EXCL } = constants
      const copy = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600)
      try {
        writeWhole(copy, linesKept(lines, this.#clock()).map(textOf).join(''))
      } finally {
        closeSync(copy)
      }
      renameSync(temporary, this.path)
    } finally {
      rmSync(temporary, { force: true })
    }
  }

  /** True if another file, or none, is at the path now. */
  #isReplaced(fd: number): boolean {
    const there = lstatSync(this.path, { throwIfNoEntry: false })
    const own = fstatSync(fd)
    return there?.ino !== own.ino || there.dev !== own.dev
  }

  #checkFolder(): void {
    const network = networkFileSystemOf(this.#folder)
    if (network !== undefined)
      throw budgetError(`it lies on a network file system, ${network}, where lines can be lost`)
    if (othersMayWrite(statSync(this.#folder))) throw budgetError('somebody else may write its folder')
  }

  #open(flags: number): number {
    const { O_NOFOLLOW, O_NONBLOCK } = constants
    const fd = openSync(this.path, flags | O_NOFOLLOW | O_NONBLOCK, 0o600)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile()) throw budgetError('it is no regular file')
      if (othersMayWrite(stats)) throw budgetError('it belongs to somebody else, or others may write it')
      return fd
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  #withErrors<T>(work: () => T): T {
    return withSystemErrors(work, (code) => budgetError(systemReason(code, reasons)))
  }
}
