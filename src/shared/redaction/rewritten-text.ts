/** A part of a text. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** A text in which parts of another one are replaced; it knows where each of its characters came from. */
export class RewrittenText {
  readonly text: string
  // Replacement k stands at starts[k] to ends[k] here, and its original at from[k] to to[k] there.
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []

  /** `pattern` is global and has no groups. `replace` returns the part itself if it stays. */
  constructor(original: string, pattern: RegExp, replace: (part: string) => string) {
    let shift = 0
    this.text = original.replace(pattern, (part: string, at: number) => {
      const replacement = replace(part)
      if (replacement === part) return part
      this.#starts.push(at + shift)
      this.#from.push(at)
      this.#to.push(at + part.length)
      shift += replacement.length - part.length
      this.#ends.push(at + part.length + shift)
      return replacement
    })
  }

  get isChanged(): boolean {
    return this.#starts.length > 0
  }

  /** The part of the original that became this part of the text. */
  originOf({ from, to }: Range): Range {
    return { from: this.#originOfCharacter(from).from, to: this.#originOfCharacter(to - 1).to }
  }

  /** What was left out of the original right before a character. */
  leftOutBefore(position: number): Range | undefined {
    const last = this.#lastUpTo(position)
    const found = [last, last - 1].find((k) => this.#starts[k] === position && this.#ends[k] === position)
    return found === undefined ? undefined : { from: this.#from[found] ?? 0, to: this.#to[found] ?? 0 }
  }

  #originOfCharacter(position: number): Range {
    const k = this.#lastUpTo(position)
    const { [k]: end = 0 } = this.#ends
    const { [k]: to = 0 } = this.#to
    if (position < end) return { from: this.#from[k] ?? 0, to }
    const from = to + position - end
    return { from, to: from + 1 }
  }

  /** The last replacement that begins at or before a character; -1 if there is none. */
  #lastUpTo(position: number): number {
    let low = -1
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#starts[middle] ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return low
  }
}
