import { Turns } from '../../../shared/turns/turns.ts'
import { cutLine, type Stretch } from '../../replies/slices/cut-line.ts'
import { LineIndex } from '../../replies/slices/line-index.ts'

/** A line of a text, as it is shown. */
export interface ShownLine {
  /** From 1. */
  readonly number: number
  readonly text: string
  readonly isMatch: boolean
  /** Present if a part of the line is shown: where it begins, and where the text that it is shown for ends. */
  readonly cut?: { readonly from: number; readonly textEnd: number }
}

/** How lines are shown. */
export interface LineForm {
  /** Number of lines around a line that holds the text. */
  readonly around: number
  /** Most characters of a line. */
  readonly width: number
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Finds a text as it is, in any case. An accent may be part of its letter or a mark behind it. */
function patternOf(text: string): RegExp {
  const spellings = new Set([text, text.normalize('NFC'), text.normalize('NFD')])
  return new RegExp([...spellings].map(escapeRegExp).join('|'), 'giu')
}

/** Characters to look through before other work has its turn. */
const blockLength = 131_072
/** A found text may be as many times as long as the text that is looked for, in another spelling. */
const maxSpellingRatio = 4

/** Where to look, and from where on to show what is found. */
export interface FindRange {
  /** The place from which on lines are shown. */
  readonly offset: number
  /** Only in so many lines of the end; absent: in all. */
  readonly fromEnd?: number
}

/** The place, or the next one if a letter of two code units is around it. */
const behindLetter = (text: string, place: number): number =>
  /[\udc00-\udfff]/.test(text.charAt(place)) ? place + 1 : place

/** Finds the lines of an output that hold a text. */
export async function findLines(
  output: string,
  text: string,
  { offset, fromEnd }: FindRange,
  signal?: AbortSignal,
): Promise<OutputMatches> {
  const index = new LineIndex(output)
  const first = fromEnd === undefined ? 1 : index.firstOfLast(fromEnd)
  const pattern = patternOf(text)
  const overlap = text.length * maxSpellingRatio
  const numbers: number[] = []
  const turns = new Turns(signal)
  for (let start = index.startOf(first); start < output.length; ) {
    const end = behindLetter(output, start + blockLength)
    const block = output.slice(start, end + overlap)
    let next = end
    pattern.lastIndex = 0
    for (let found = pattern.exec(block); found && start + found.index < end; found = pattern.exec(block)) {
      const number = index.lineAt(start + found.index)
      numbers.push(number)
      // Once for each line.
      const behind = index.startOf(number + 1)
      next = Math.max(end, behind)
      if (behind >= end) break
      pattern.lastIndex = behind - start
    }
    start = next
    await turns.next()
  }
  return new OutputMatches(index, pattern, offset, numbers, first)
}

/** The lines of an output that hold a text. */
export class OutputMatches {
  readonly #index: LineIndex
  readonly #pattern: RegExp
  readonly #offset: number
  /** The numbers of the lines, in order. */
  readonly numbers: readonly number[]
  /** The first line that is looked in. */
  readonly first: number

  constructor(index: LineIndex, pattern: RegExp, offset: number, numbers: readonly number[], first: number) {
    this.#index = index
    this.#pattern = pattern
    this.#offset = offset
    this.numbers = numbers
    this.first = first
  }

  /** How many lines the output has. */
  get lineCount(): number {
    return this.#index.count
  }

  /** Where a line begins in the output. */
  startOf(number: number): number {
    return this.#index.startOf(number)
  }

  /** How many of the lines hold the text before the offset alone. */
  get skipped(): number {
    const line = this.#index.lineAt(this.#offset)
    const first = this.numbers.findIndex(
      (number) => number > line || (number === line && this.#placeIn(number) !== undefined),
    )
    return first === -1 ? this.numbers.length : first
  }

  /** Where a line holds the text next, from a place on; undefined if it does not. */
  nextPlace(number: number, from: number): number | undefined {
    return this.#search(from, this.#endOf(number))?.[0]
  }

  /**
   * The lines from one of them up to another, with the lines around them, each once and in order. A line that holds
   * the text and is not among these is no line around them.
   */
  shown(from: number, to: number, { around, width }: LineForm): ShownLine[] {
    const numbers = new Set(this.numbers.slice(from, to))
    const first = (this.numbers[from - 1] ?? this.first - 1) + 1
    const last = (this.numbers[to] ?? this.lineCount + 1) - 1
    const lines = new Map<number, ShownLine>()
    for (const number of numbers) {
      const end = Math.min(last, number + around)
      for (let near = Math.max(first, number - around); near <= end; near++)
        if (!lines.has(near)) lines.set(near, this.#line(near, numbers.has(near), width))
    }
    return [...lines.values()]
  }

  /** A line, or a part of it: around the text that it holds, or its beginning. */
  #line(number: number, isMatch: boolean, width: number): ShownLine {
    const { text } = this.#index
    const [start, end] = [this.startOf(number), this.#endOf(number)]
    const place = (isMatch ? this.#placeIn(number) : undefined) ?? ([start, start] as const)
    const part = cutLine(text, [start, end], place, width)
    if (part === undefined) return { number, text: text.slice(start, end), isMatch }
    return { number, text: part.text, isMatch, cut: { from: part.from, textEnd: place[1] } }
  }

  #endOf(number: number): number {
    return this.startOf(number + 1) - this.#index.breakOf(number).length
  }

  /** Where the text is in a line, from the offset on. */
  #placeIn(number: number): Stretch | undefined {
    return this.#search(Math.max(this.startOf(number), this.#offset), this.#endOf(number))
  }

  /** Where the text is first between two places. */
  #search(from: number, to: number): Stretch | undefined {
    this.#pattern.lastIndex = 0
    const found = this.#pattern.exec(this.#index.text.slice(from, to))
    return found ? [from + found.index, from + this.#pattern.lastIndex] : undefined
  }
}

/** The lines as `grep -n` shows them: a colon after the number of a match, and a line between what is apart. */
export function grepText(lines: readonly ShownLine[]): string {
  return lines
    .flatMap(({ number, text, isMatch }, at) => {
      const isApart = at > 0 && lines[at - 1]?.number !== number - 1
      return [...(isApart ? ['--'] : []), `${number}${isMatch ? ':' : '-'} ${text}`]
    })
    .join('\n')
}
