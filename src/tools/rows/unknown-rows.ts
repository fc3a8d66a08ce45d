import type { Row } from '../../session/answer.ts'
import { formatNumber } from '../../shared/format.ts'

/** What a row does not show, and why: clauses that stand behind a colon. */
export interface Missing {
  readonly what: string
  readonly why?: readonly string[]
}

interface Count {
  rows: number
  /** Number of rows by the reason. */
  readonly reasons: Map<string, number>
}

/** Reasons that are told; one row may have several. */
const maxReasons = 5

function addTo(counts: Map<string, Count>, { what, why = [] }: Missing): void {
  const count = counts.get(what) ?? { rows: 0, reasons: new Map() }
  counts.set(what, count)
  count.rows++
  for (const reason of why) count.reasons.set(reason, (count.reasons.get(reason) ?? 0) + 1)
}

function reasonsOf({ rows, reasons }: Count): string {
  const sorted = [...reasons].sort(([, a], [, b]) => b - a).slice(0, maxReasons)
  const [[first = '', count = 0] = [], ...others] = sorted
  if (first === '') return ''
  if (others.length === 0 && count === rows) return ` Why: ${first}.`
  return ` Why: ${sorted.map(([reason, count]) => `${reason} (${formatNumber(count)})`).join('; ')}.`
}

/** Counts rows that do not show whether they are among what is asked for. */
export class UnknownRows {
  /** By what the rows do not show. */
  readonly #counts = new Map<string, Count>()
  /** For each row that is kept, the number of such rows before it, unless it is 0. */
  readonly #before = new WeakMap<Row, number>()
  #count = 0

  /** Takes the next row: what it does not show, or the row if it is kept. */
  add(missing: Missing | undefined, kept: Row | undefined): void {
    if (kept && this.#count > 0) this.#before.set(kept, this.#count)
    if (missing === undefined) return
    this.#count++
    addTo(this.#counts, missing)
  }

  get count(): number {
    return this.#count
  }

  countBefore(kept: Row): number {
    return this.#before.get(kept) ?? 0
  }

  /** What the rows do not show, one sentence each, and why. */
  get notes(): readonly string[] {
    return [...this.#counts].map(([what, count]) =>
      count.rows === 1
        ? `1 row does not show ${what}: whether it is among what you ask for is unknown.${reasonsOf(count)}`
        : `${formatNumber(count.rows)} rows do not show ${what}: whether they are among what you ask for is unknown.${reasonsOf(count)}`,
    )
  }
}
