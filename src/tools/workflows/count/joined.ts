import type { Operation } from '../../../operations/operation.ts'
import type { Joiner } from '../../../operations/reads/joined-columns.ts'
import type { Row } from '../../../session/answer.ts'
import type { Redact } from '../../../shared/secrets.ts'
import type { Lists } from '../../lists.ts'
import type { CountRequest } from './count-input.ts'
import type { GroupKey } from './group-key.ts'
import type { JoinedValue } from './group-values.ts'
import { rejectUnknownColumns, topLevelField } from './known-columns.ts'

/** True for a column that another list adds. */
export const isJoined = ({ joinedColumns }: Operation, name: string): boolean =>
  joinedColumns?.names.some((offered) =>
    offered.endsWith('.*') ? name.startsWith(offered.slice(0, -1)) : offered === name,
  ) ?? false

/** The columns of a count: it refuses those that no row has, and reads those of other lists. */
export class CountedColumns {
  readonly #operation: Operation
  readonly #own: readonly GroupKey[]
  readonly #joiner: Joiner | undefined
  readonly #redact: Redact
  #isFirst = true
  /** Columns of other lists of which nothing is read so far. */
  #unchecked: readonly GroupKey[]

  constructor(
    operation: Operation,
    columns: readonly GroupKey[],
    joiner: Joiner | undefined,
    redact: Redact,
  ) {
    this.#redact = redact
    this.#operation = operation
    this.#own = columns.filter(({ name }) => !isJoined(operation, name))
    this.#unchecked = columns.filter(({ name }) => isJoined(operation, name))
    this.#joiner = joiner
  }

  /** Reads what the values of these rows need. Throws an InputError for a column that nothing has. */
  async prepare(rows: readonly Row[], sample?: () => readonly Row[]): Promise<void> {
    if (this.#isFirst) rejectUnknownColumns(this.#operation, this.#own, rows, this.#redact, sample)
    this.#isFirst = false
    if (!this.#joiner) return
    await this.#joiner.prepare?.(rows)
    const samples = this.#joiner.samples?.() ?? []
    const isSampled = ({ name }: GroupKey): boolean =>
      samples.some((sample) => Object.hasOwn(sample, topLevelField(name)))
    const ready = this.#unchecked.filter(isSampled)
    if (ready.length > 0) rejectUnknownColumns(this.#operation, ready, [...rows, ...samples], this.#redact)
    this.#unchecked = this.#unchecked.filter((key) => !isSampled(key))
  }

  /** Reads a column of another list; undefined for a column of the row alone. */
  readonly joined = (name: string): JoinedValue | undefined =>
    this.#joiner && isJoined(this.#operation, name) ? this.#joiner.value : undefined

  get notes(): readonly string[] {
    return this.#joiner?.notes() ?? []
  }
}

/** The columns of a count, with what reads those of other lists. */
export async function columnsOfCount(
  operation: Operation,
  { keys, distinct, list }: CountRequest,
  lists: Lists,
  redact: Redact,
): Promise<CountedColumns> {
  const columns = distinct ? [...keys, distinct] : keys
  const names = [...new Set(columns.map(({ name }) => name))].filter((name) => isJoined(operation, name))
  const joiner = names.length > 0 ? await operation.joinedColumns?.load(names, lists, list) : undefined
  return new CountedColumns(operation, columns, joiner, redact)
}
