import { counted } from '../../sentences.ts'

type Row = Readonly<Record<string, unknown>>

/** Counts the rows to which some sentence applies, each once, for the notes of a reply. */
export class RowTally {
  readonly #noun: string
  readonly #counts = new Map<string, { rows: WeakSet<Row>; count: number }>()

  constructor(noun: string) {
    this.#noun = noun
  }

  /** `clause` is what is true of the row, behind a colon. */
  add(row: Row, clause: string): void {
    const entry = this.#counts.get(clause) ?? { rows: new WeakSet<Row>(), count: 0 }
    this.#counts.set(clause, entry)
    if (entry.rows.has(row)) return
    entry.rows.add(row)
    entry.count++
  }

  get notes(): readonly string[] {
    return [...this.#counts].map(([clause, { count }]) => `${counted(count, this.#noun)}: ${clause}.`)
  }
}
