import type { Row } from '../../session/answer.ts'
import { formatNumber } from '../../shared/format.ts'

/** Counts rows that do not show whether they are among what is asked for. */
export class UnknownRows {
  /** By what the rows do not show. */
  readonly #counts = new Map<string, number>()
  /** For each row that is kept, the number of such rows before it, unless it is 0. */
  readonly #before = new WeakMap<Row, number>()
  #count = 0

  /** Takes the next row: what it does not show, or the row if it is kept. */
  add(missing: string | undefined, kept: Row | undefined): void {
    if (kept && this.#count > 0) this.#before.set(kept, this.#count)
    if (missing === undefined) return
    this.#count++
    this.#counts.set(missing, (this.#counts.get(missing) ?? 0) + 1)
  }

  get count(): number {
    return this.#count
  }

  countBefore(kept: Row): number {
    return this.#before.get(kept) ?? 0
  }

  /** What the rows do not show, one sentence each. */
  get notes(): readonly string[] {
    return [...this.#counts].map(([missing, count]) =>
      count === 1
        ? `1 row does not show ${missing}: whether it is among what you ask for is unknown.`
        : `${formatNumber(count)} rows do not show ${missing}: whether they are among what you ask for is unknown.`,
    )
  }
}
