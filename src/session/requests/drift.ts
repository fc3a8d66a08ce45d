import { type LeftOut, leftOutSentence, nothingLeftOut, sumOf } from './row-bounds.ts'

/** What of some rows is not as documented: fields, each with its operation, and what is left out of the rows. */
export class Drift extends Set<string> {
  #leftOut = nothingLeftOut

  leaveOut(leftOut: LeftOut): void {
    this.#leftOut = sumOf(this.#leftOut, leftOut)
  }

  /** The fields, and a sentence about what is left out. */
  list(): readonly string[] {
    const sentence = leftOutSentence(this.#leftOut)
    return sentence === undefined ? [...this] : [...this, sentence]
  }
}
