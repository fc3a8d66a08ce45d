import { hashOf } from './hashes.ts'
import { holdsDigit, tokenSpans } from './line-tokens.ts'
import { fieldsOf, recordMark } from './records.ts'

const bytesPerLine = 120

/** A copy, so that a line does not keep a batch of answers in memory. */
const copyText = (text: string): string => Buffer.from(text).toString()

const sizeOf = (line: string): number => bytesPerLine + line.length * (/[^\0-\xff]/.test(line) ? 2 : 1)

/** The line without what may differ between hosts with the same result. */
function skeletonOf(line: string): string {
  if (line.startsWith(recordMark))
    return fieldsOf(line)
      .map(([path]) => path)
      .join('\n')
  const spans = tokenSpans(line)
  let skeleton = ''
  let from = 0
  for (let at = 0; at < spans.length; at += 2) {
    const [start = 0, end = 0] = [spans[at], spans[at + 1]]
    const token = line.slice(start, end)
    skeleton += line.slice(from, start) + (holdsDigit(token) ? '\0' : token)
    from = end
  }
  return skeleton + line.slice(from)
}

/** Different lines by their ids. */
export class LineTable {
  readonly #ids = new Map<string, number>()
  readonly #texts: string[] = []
  readonly #skeletons: number[] = []
  #bytes = 0

  /** The number of lines; their ids are below it. */
  get size(): number {
    return this.#texts.length
  }

  /** The memory that the lines take. */
  get bytes(): number {
    return this.#bytes
  }

  textOf(id: number): string {
    return this.#texts[id] ?? ''
  }

  /** A hash of the line without what may differ between hosts with the same result. */
  skeletonOf(id: number): number {
    return this.#skeletons[id] ?? 0
  }

  /** The id of a line, also of a new one. `older`: a table that may hold it. */
  idOf(line: string, older?: LineTable): number {
    const known = this.#ids.get(line)
    if (known !== undefined) return known
    const before = older === undefined ? undefined : older.#ids.get(line)
    const text = before === undefined ? copyText(line) : line
    const id = this.#texts.length
    this.#ids.set(text, id)
    this.#texts.push(text)
    this.#skeletons.push(before === undefined ? hashOf(skeletonOf(text)) : (older?.skeletonOf(before) ?? 0))
    this.#bytes += sizeOf(text)
    return id
  }
}
