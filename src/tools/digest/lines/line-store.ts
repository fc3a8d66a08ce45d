import { runAtOnce, type Steps } from '../../../shared/turns/steps.ts'
import { headLength, isCompared, type Part, shrinkPart, splitOutput, tailLength } from './compared-part.ts'
import { addHashes, hashOf } from './hashes.ts'
import { LineTable } from './line-table.ts'
import { outputLines } from './output-lines.ts'

/** The lines of one output that are compared, in order. */
export interface ComparedLines extends Omit<Part, 'lines'> {
  readonly ids: Uint32Array
}

/** Of an output without lines. */
export const noLines: ComparedLines = { ids: new Uint32Array(), headCount: undefined, rest: undefined }

const maxLevel = 6

/** Bytes for the lines of all outputs. Above it, less of each output is compared, down to a 64th. */
const maxBytes = 48 * 1024 * 1024
/** What one occurrence takes here and in the comparison. */
const bytesPerOccurrence = 16

/** Every line of a run once, in bounded memory. */
export class LineStore {
  #table = new LineTable()
  #occurrences = 0
  /** How often the compared length of an output was halved. */
  #level = 0
  readonly #hosts: ComparedLines[] = []

  /** The compared lines of each output, in the order in which the outputs were added. */
  get hosts(): readonly ComparedLines[] {
    return this.#hosts
  }

  /** Characters of each output that are compared. */
  get comparedLength(): number {
    return (headLength + tailLength) >> this.#level
  }

  /** True if less of each output is compared, to save memory. */
  get isCut(): boolean {
    return this.#level > 0
  }

  /** The number of lines; their ids are below it. */
  get lineCount(): number {
    return this.#table.size
  }

  textOf(id: number): string {
    return this.#table.textOf(id)
  }

  /** A hash of the line without what may differ between hosts with the same result. */
  skeletonOf(id: number): number {
    return this.#table.skeletonOf(id)
  }

  /** Adds the lines of an output at once. */
  add(output: string, host: string | undefined): void {
    runAtOnce(this.adding(output, host))
  }

  /** Adds the lines of an output. To compare less of all outputs, once memory is full, takes a second and more. */
  *adding(output: string, host: string | undefined): Steps<void> {
    const { compared, middle } = splitOutput(output)
    const lines = outputLines(compared, host)
    const rest = middle === '' ? undefined : hashOf(middle)
    this.#hosts.push(this.#keep({ lines, headCount: undefined, rest }))
    while (this.#isFull && this.#level < maxLevel) yield* this.#shrink()
  }

  /** A hash of the forms of the lines that one host printed: the same for every order of them. */
  signatureOf({ ids }: ComparedLines): number {
    const skeletons = new Set(Array.from(ids, (id) => this.skeletonOf(id)))
    return [...skeletons].reduce(addHashes, skeletons.size)
  }

  get #isFull(): boolean {
    return this.#table.bytes + this.#occurrences * bytesPerOccurrence > maxBytes
  }

  /** Keeps what is compared of an output. */
  #keep(part: Part, older?: LineTable): ComparedLines {
    const { lines, headCount, rest } = shrinkPart(part, this.#level)
    this.#occurrences += lines.length
    return { ids: Uint32Array.from(lines, (line) => this.#table.idOf(line, older)), headCount, rest }
  }

  /** Halves the compared length, for the outputs that are here, too. */
  *#shrink(): Steps<void> {
    this.#level++
    const older = this.#table
    const partOf = ({ ids, ...others }: ComparedLines): Part => ({
      lines: Array.from(ids, (id) => older.textOf(id)),
      ...others,
    })
    let isUnchanged = true
    for (const host of this.#hosts) {
      yield
      isUnchanged &&= isCompared(partOf(host), this.#level)
      if (!isUnchanged) break
    }
    if (isUnchanged) return
    this.#table = new LineTable()
    this.#occurrences = 0
    for (const [at, host] of this.#hosts.entries()) {
      yield
      this.#hosts[at] = this.#keep(partOf(host), older)
    }
  }
}
