import type { Operation } from '../../../operations/operation.ts'
import { mayHideWord } from '../../../operations/reads/row-words.ts'
import type { Deviations } from '../../../session/answer.ts'
import type { WalkBatch } from '../../../session/paging/walk.ts'
import { texts } from '../../../shared/format.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { hiddenWordNote } from '../../replies/headline.ts'
import { presentColumns } from '../../replies/unknown-column.ts'
import type { CountRequest } from './count-input.ts'
import type { Groups } from './groups.ts'
import { isJoined } from './joined.ts'
import { columnsOf } from './known-columns.ts'

/** Rows of one list have much the same fields. */
const maxRows = 20

/** The columns that the rows of a count have: what to go on with where they lack one that the count needs. */
export class PresentColumns {
  readonly #operation: Operation
  readonly #redact: Redact
  /** The columns of the rows that are counted by. */
  readonly #needed: readonly string[]
  /** The row filters by which rows are counted or kept. */
  readonly #words: readonly string[]
  #first: WalkBatch | undefined
  #last: WalkBatch | undefined
  readonly #hidden = new Set<string>()

  constructor(operation: Operation, { keys, distinct, list }: CountRequest, redact: Redact) {
    this.#redact = redact
    const names = [...keys, ...(distinct ? [distinct] : [])].map(({ name }) => name)
    const words = Object.keys(operation.rowFilters ?? {})
    this.#operation = operation
    this.#words = words.filter((word) => names.includes(word) || list[word] !== undefined)
    this.#needed = names.filter((name) => !words.includes(name) && !isJoined(operation, name))
  }

  add(batch: WalkBatch): void {
    this.#first ??= batch
    this.#last = batch
    for (const name of this.#words) {
      const words = this.#operation.rowFilters?.[name]
      if (words && batch.rows.some((row) => mayHideWord(words, row))) this.#hidden.add(name)
    }
  }

  /** The columns that the rows have, if the count cannot rely on one; otherwise undefined. */
  note(groups: Groups, { drift }: Deviations): string | undefined {
    const lacking = [
      ...this.#hidden,
      ...this.#needed.filter((name) => groups.lacks(name) || this.#isDrifted(name, drift)),
    ]
    if (lacking.length === 0) return undefined
    const batches = [this.#first, this.#last].flatMap((batch) => batch ?? [])
    const rows = batches.flatMap(({ rows, sample }) => sample?.() ?? rows.slice(0, maxRows))
    return texts(
      [...this.#hidden].map(hiddenWordNote),
      `Columns of the rows: ${presentColumns(columnsOf(rows, this.#redact))}.`,
    ).join(' ')
  }

  /** True if a column, or the object it is in, is not as documented; one that was taken from another name is. */
  #isDrifted(name: string, drift: readonly string[]): boolean {
    const { fieldAliases } = this.#operation
    return drift.some((entry) => {
      const [, path = '', what = ''] = /^\w+: (\S+) \((.*)\)$/.exec(entry) ?? []
      if (path === '' || what.includes(', taken from ')) return false
      const shown = fieldAliases?.get(path) ?? path
      return name === shown || name.startsWith(`${shown}.`) || shown.startsWith(`${name}.`)
    })
  }
}
