import { addHashes, hashOf } from './hashes.ts'
import { fieldsOf, recordLine, recordMark } from './records.ts'

// How much of an output is compared. What is left out is known by a hash, which is the same whether it was left out at
// once or in several steps: so the order in which outputs come makes no difference.

/** Characters of each output that are compared, from its beginning and from its end; both are powers of two. */
export const headLength = 65_536
export const tailLength = 16_384

/** Lines of one output, and a hash of what is left out. */
export interface Part {
  readonly lines: readonly string[]
  /** How many lines stand before what is left out; undefined while no line is. */
  readonly headCount: number | undefined
  /** Undefined if nothing is left out. */
  readonly rest: number | undefined
}

/** Cuts the middle out of a long output, at line breaks where there are some. */
export function splitOutput(output: string): { readonly compared: string; readonly middle: string } {
  if (output.length <= headLength + tailLength) return { compared: output, middle: '' }
  const lastBreak = output.lastIndexOf('\n', headLength)
  const end = lastBreak > headLength / 2 ? lastBreak : headLength
  const firstBreak = output.indexOf('\n', output.length - tailLength)
  const start =
    firstBreak >= 0 && firstBreak < output.length - tailLength / 2 ? firstBreak : output.length - tailLength
  return { compared: `${output.slice(0, end)}\n${output.slice(start)}`, middle: output.slice(end, start) }
}

/** How many of the texts fit, one after the other. */
function countWithin(texts: readonly string[], max: number): number {
  let used = 0
  const over = texts.findIndex(({ length }) => {
    used += length + 1
    return used > max
  })
  return over < 0 ? texts.length : over
}

const sumOf = (texts: readonly string[], start: number): number => texts.map(hashOf).reduce(addHashes, start)

/** The beginning of a line, and the hash of the rest of it. */
function clipLine(line: string, max: number): { readonly text: string; readonly hash: number } {
  if (line.length <= max) return { text: line, hash: 0 }
  if (line.startsWith(recordMark)) {
    const fields = fieldsOf(line)
    const texts = fields.map((field) => JSON.stringify(field))
    const count = countWithin(texts, max)
    return { text: recordLine(fields.slice(0, count)), hash: sumOf(texts.slice(count), 0) }
  }
  // In pieces that end at powers of two, as every maximum does.
  let hash = 0
  for (let from = max; from < line.length; from *= 2)
    hash = addHashes(hash, hashOf(line.slice(from, from * 2)))
  return { text: line.slice(0, max), hash }
}

/** True if the whole part is compared at this number of halvings. */
export function isCompared({ lines, rest }: Part, halvings: number): boolean {
  // What was cut once is cut at every level.
  if (halvings === 0) return true
  const total = lines.reduce((sum, { length }) => sum + length + 1, 0)
  return rest === undefined && total <= (headLength + tailLength) >> halvings
}

/** The part with at most a half, a quarter, an eighth of the compared length. */
export function shrinkPart(part: Part, halvings: number): Part {
  if (isCompared(part, halvings)) return part
  const { lines, headCount = lines.length, rest = 0 } = part
  const [maxHead, maxTail] = [headLength >> halvings, tailLength >> halvings]
  const head = Math.max(1, countWithin(lines.slice(0, headCount), maxHead))
  const behind = lines.slice(part.headCount ?? head)
  const tail = countWithin(behind.toReversed(), maxTail)
  const dropped = lines.slice(head, lines.length - tail)
  const [line = ''] = lines
  const first = clipLine(line, maxHead)
  if (dropped.length === 0 && first.text === line) return part
  return {
    lines: [first.text, ...lines.slice(1, head), ...lines.slice(lines.length - tail)],
    headCount: head,
    rest: sumOf(dropped, addHashes(rest, first.hash)),
  }
}
