import { addHashes, hashOf } from './hashes.ts'
import { holdsDigit, tokenSpans } from './line-tokens.ts'
import { fieldsOf, outputLines, recordMark } from './output-lines.ts'

/** The lines of one output that are compared, in order, and a hash of the rest. */
export interface ComparedLines {
  readonly ids: Uint32Array
  /** Undefined if the whole output is compared. */
  readonly rest: number | undefined
}

/** Characters of each output that are compared, from its beginning and from its end. */
const headLength = 65_536
const tailLength = 16_384
const maxLevel = 6

/** Bytes for the lines of all outputs. Above it, less of each output is compared, down to a 64th. */
const maxBytes = 56 * 1024 * 1024
const bytesPerLine = 120
/** What one occurrence takes here and in the comparison. */
const bytesPerOccurrence = 16

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

/** Cuts the middle out of a long output, at line breaks where there are some. */
function splitOutput(output: string): { readonly compared: string; readonly middle: string } {
  if (output.length <= headLength + tailLength) return { compared: output, middle: '' }
  const lastBreak = output.lastIndexOf('\n', headLength)
  const end = lastBreak > headLength / 2 ? lastBreak : headLength
  const firstBreak = output.indexOf('\n', output.length - tailLength)
  const start =
    firstBreak >= 0 && firstBreak < output.length - tailLength / 2 ? firstBreak : output.length - tailLength
  return { compared: `${output.slice(0, end)}\n${output.slice(start)}`, middle: output.slice(end, start) }
}

/** Every line of a run once, in bounded memory. */
export class LineStore {
  #ids = new Map<string, number>()
  #texts: string[] = []
  #skeletons: number[] = []
  #bytes = 0
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

  textOf(id: number): string {
    return this.#texts[id] ?? ''
  }

  /** A hash of the line without what may differ between hosts with the same result. */
  skeletonOf(id: number): number {
    return this.#skeletons[id] ?? 0
  }

  add(output: string, host: string | undefined): void {
    const { compared, middle } = splitOutput(output)
    const ids = Uint32Array.from(outputLines(compared, host), (line) => this.#idOf(line))
    const rest = middle === '' ? undefined : hashOf(middle)
    this.#bytes += ids.length * bytesPerOccurrence
    this.#hosts.push(this.#window({ ids, rest }))
    while (this.#bytes > maxBytes && this.#level < maxLevel) this.#shrink()
  }

  /** A hash of the forms of the lines that one host printed: the same for every order of them. */
  signatureOf({ ids }: ComparedLines): number {
    const skeletons = new Set(Array.from(ids, (id) => this.#skeletons[id] ?? 0))
    return [...skeletons].reduce(addHashes, skeletons.size)
  }

  #idOf(line: string): number {
    const known = this.#ids.get(line)
    if (known !== undefined) return known
    const id = this.#texts.length
    const text = copyText(line)
    this.#ids.set(text, id)
    this.#texts.push(text)
    this.#skeletons.push(hashOf(skeletonOf(text)))
    this.#bytes += sizeOf(text)
    return id
  }

  /** The lines within the compared length; the others go into the hash of the rest. */
  #window({ ids, rest }: ComparedLines): ComparedLines {
    if (this.#level === 0) return { ids, rest }
    const lengths = Array.from(ids, (id) => this.textOf(id).length + 1)
    const total = lengths.reduce((sum, length) => sum + length, 0)
    // What was cut once is cut at every level.
    if (total <= this.comparedLength && rest === undefined) return { ids, rest }
    const countWithin = (list: readonly number[], max: number): number => {
      let used = 0
      const over = list.findIndex((length) => {
        used += length
        return used > max
      })
      return over < 0 ? list.length : over
    }
    const head = Math.max(1, countWithin(lengths, headLength >> this.#level))
    const tail = countWithin(lengths.slice(head).reverse(), tailLength >> this.#level)
    const dropped = ids.subarray(head, ids.length - tail)
    const hash = Array.from(dropped, (id) => hashOf(this.textOf(id))).reduce(addHashes, rest ?? 0)
    return {
      ids: Uint32Array.from([...ids.subarray(0, head), ...ids.subarray(ids.length - tail)]),
      rest: dropped.length > 0 ? hash : rest,
    }
  }

  /** Halves the compared length, for the outputs that are here, too: so their order makes no difference. */
  #shrink(): void {
    this.#level++
    const texts = this.#texts
    const hosts = this.#hosts.map((lines) => this.#window(lines))
    this.#ids = new Map()
    this.#texts = []
    this.#skeletons = []
    this.#bytes = 0
    for (const [at, { ids, rest }] of hosts.entries()) {
      this.#hosts[at] = { ids: ids.map((id) => this.#idOf(texts[id] ?? '')), rest }
      this.#bytes += ids.length * bytesPerOccurrence
    }
  }
}
