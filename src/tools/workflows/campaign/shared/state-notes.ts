import { isKnown } from '../../../../operations/saq/columns/turns.ts'
import type { Row } from '../../../../session/answer.ts'
import type { WalkBatch } from '../../../../session/paging/walk.ts'
import { texts } from '../../../../shared/format.ts'
import { textOrEmpty } from '../../../../shared/json.ts'
import { redactJson } from '../../../../shared/secrets.ts'
import { quoteIfNeeded } from '../../../replies/cells.ts'
import { columnNames, flatten } from '../../../replies/columns.ts'
import { presentColumns } from '../../../replies/unknown-column.ts'

const maxExamples = 3
/** Rows of one list have much the same fields. */
const maxSample = 20

/** Notes on questionnaires of which no state tells whether they are open. Keeps a few examples. */
export class StateNotes {
  readonly #examples = new Set<string>()
  #sample: readonly Row[] | undefined
  #lacksState = false
  #hasState = false

  /** To be called for each batch of questionnaires. `redact`: leaves secrets out. */
  addBatch({ rows, sample }: WalkBatch, redact: (text: string) => string): void {
    if (rows.length > 0) this.#sample ??= redactJson((sample?.() ?? rows).slice(0, maxSample), redact)
  }

  /** To be called for each questionnaire that is counted. */
  add(row: Row): void {
    const state = textOrEmpty(row['state'])
    if (state === '') this.#lacksState = true
    else this.#hasState = true
    if (state !== '' && !isKnown(state) && this.#examples.size <= maxExamples) this.#examples.add(state)
  }

  get notes(): string[] {
    const examples = [...this.#examples].slice(0, maxExamples).map((state) => quoteIfNeeded(state, 30))
    const others = this.#examples.size > maxExamples ? ' and others' : ''
    return texts(
      examples.length > 0 &&
        `No page says whether state ${examples.join(', ')}${others} is open: such questionnaires count as unknown.`,
      this.#lacksState && this.#hasState && 'Questionnaires that show no state count as unknown.',
      this.#lacksState &&
        !this.#hasState &&
        `No questionnaire shows its state, so all count as unknown. Columns of the rows: ${presentColumns(columnNames((this.#sample ?? []).map(flatten)))}.`,
    )
  }
}
