import { mayBeDone, outcomeOf, outcomes } from '../../../operations/car/outcomes.ts'
import { mayHideWord, unknownWord } from '../../../operations/reads/row-words.ts'
import type { Deviations, Row } from '../../../session/answer.ts'
import { formatNumber } from '../../../shared/format.ts'
import { type Redact, redactJson } from '../../../shared/secrets.ts'
import { columnNames, replyRow } from '../../replies/columns.ts'

/** The columns of rows that do not show their outcome or output: as many as a sentence may name. */
const maxColumns = 100

/** True for an asset job that is not done. */
export const isOpen = (outcome: string): boolean => outcome === 'open'

/** Counts the hosts of a run by outcome. */
export class Tally {
  readonly #counts = new Map<string, number>()
  #hosts = 0
  #undecided = 0
  readonly #redact: Redact
  readonly #columns = new Set<string>()
  /** Why there may be more hosts than Qualys lists; undefined if it lists all. */
  resultLimit: string | undefined
  /** How the results differ from their documentation. */
  deviations: Deviations = { drift: [] }

  constructor(redact: Redact) {
    this.#redact = redact
  }

  add(row: Row): void {
    const outcome = outcomeOf(row)
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1)
    this.#hosts++
    if (mayBeDone(row)) this.#undecided++
    if (mayHideWord(outcomes, row)) this.noteColumns(row)
  }

  /** Keeps the columns of a row that does not show what is asked of it. */
  noteColumns(row: Row): void {
    if (this.#columns.size >= maxColumns) return
    for (const name of columnNames([replyRow(redactJson(row, this.#redact))])) this.#columns.add(name)
  }

  /** Hosts whose results do not show whether they are done. */
  get undecided(): number {
    return this.#undecided
  }

  /** The columns of hosts whose outcome or output another name may hold. */
  get columns(): readonly string[] {
    return [...this.#columns]
  }

  get hosts(): number {
    return this.#hosts
  }

  get open(): number {
    return this.#counts.get('open') ?? 0
  }

  get done(): number {
    return this.#hosts - this.open - this.#undecided
  }

  /** `9 succeeded, 3 failed`: the outcomes that occur, in a fixed order. */
  toString(): string {
    return [...Object.keys(outcomes), unknownWord]
      .flatMap((word) => {
        const count = this.#counts.get(word)
        return count === undefined ? [] : [`${formatNumber(count)} ${word}`]
      })
      .join(', ')
  }
}
