/**
 * LF, CR LF or CR; empty for a last line without one. The last line break of a text ends its last line and begins none:
 * `a` and `a` with a line break have one line each, and a second line break makes a second line, which is empty.
 */
export type LineBreak = '\n' | '\r\n' | '\r' | ''

const [lineFeed, carriageReturn] = [10, 13]

/** The lines of a text, counted from 1. */
export interface Lines {
  readonly count: number
  /** A line with its line break; empty if there is none such. */
  line(number: number): string
}

/** Where the lines of a text are. No line is copied before it is asked for: a script may have half a million. */
export class LineIndex implements Lines {
  readonly text: string
  readonly count: number
  /** Where each line begins, and the end of the text. */
  readonly #starts: Uint32Array

  constructor(text: string) {
    const starts = new Uint32Array(text.length + 1)
    let count = 0
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      const isBreak = unit === lineFeed || (unit === carriageReturn && text.charCodeAt(at + 1) !== lineFeed)
      if (isBreak) starts[++count] = at + 1
    }
    if ((starts[count] ?? 0) < text.length) starts[++count] = text.length
    this.text = text
    this.count = count
    this.#starts = starts.subarray(0, count + 1)
  }

  /** Where a line begins. The one behind the last line begins at the end of the text. */
  startOf(number: number): number {
    return this.#starts[number - 1] ?? this.text.length
  }

  line(number: number): string {
    return this.text.slice(this.startOf(number), this.startOf(number + 1))
  }

  breakOf(number: number): LineBreak {
    const end = this.startOf(number + 1)
    const unit = this.text.charCodeAt(end - 1)
    if (unit === carriageReturn) return '\r'
    if (unit !== lineFeed) return ''
    return this.text.charCodeAt(end - 2) === carriageReturn ? '\r\n' : '\n'
  }

  /** The first of so many lines of the end: 1 if there are no more. */
  firstOfLast(lines: number): number {
    return Math.max(1, this.count - lines + 1)
  }

  /** The line of a place in the text. */
  lineAt(place: number): number {
    let [low, high] = [0, this.count]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= place) low = middle
      else high = middle
    }
    return high
  }

  /** The lines of some places, each once. */
  linesAt(places: Iterable<number>): number[] {
    return [...new Set(Array.from(places, (place) => this.lineAt(place)))]
  }
}
