import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { joinClauses } from '../../operations/fields.ts'
import type { RowTest } from '../../operations/local-filter.ts'
import type { Input, Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import type { RowSelection } from '../../session/paging/collect.ts'
import { formatNumber, texts } from '../../shared/format.ts'
import type { ToolContext } from '../tool.ts'
import { type Lists, listsOf } from './lists.ts'
import { Match } from './match.ts'

type SelectorContext = Pick<ToolContext, 'session' | 'signal'>

/** Rows to test before other work has its turn. */
const rowsPerTurn = 500

/** Keeps the rows that pass `match` and the local filters of a call, and counts those that do not show enough. */
export class RowSelector implements RowSelection {
  readonly #operation: Operation
  readonly #lists: Lists
  readonly #signal: AbortSignal
  readonly #match: Match
  readonly #tests: readonly RowTest[]
  readonly #words: readonly ((row: Row) => boolean)[]
  /** By what they do not show: the number of rows that may or may not pass. */
  readonly #unknown = new Map<string, number>()
  #kept = 0
  readonly countsAll: boolean

  constructor(operation: Operation, args: Input, tests: readonly RowTest[], context: SelectorContext) {
    const { session, signal } = context
    this.#operation = operation
    this.#lists = listsOf(context)
    this.#signal = signal
    this.#match = new Match(String(args['match'] ?? ''), session.redact)
    this.#tests = tests
    this.#words = Object.entries(operation.rowFilters ?? {}).flatMap(
      ([name, byWord]) => byWord[String(args[name])] ?? [],
    )
    const isCheap = tests.every(({ extend }) => extend === undefined) && !operation.hasLargeRows?.(args)
    this.countsAll = isCheap && this.isFilter && args['continuationToken'] === undefined
  }

  /** True if rows are dropped. */
  get isFilter(): boolean {
    return (
      !this.#match.isEmpty ||
      this.#words.length > 0 ||
      this.#tests.some(({ dropsNone }) => dropsNone !== true)
    )
  }

  /** True if rows are dropped, or more is read about them. */
  get isNeeded(): boolean {
    return this.isFilter || this.#tests.length > 0
  }

  /** The input with what Qualys can keep itself. */
  readonly narrowed = (input: Input): Input => {
    const clause = joinClauses(...this.#tests.map(({ clause }) => clause))
    return clause === undefined ? input : { ...input, filter: joinClauses(input['filter'] as string, clause) }
  }

  /** The operation with the columns that the local filters ask for. */
  get shownOperation(): Operation {
    const { columns } = this.#tests.find(({ columns }) => columns !== undefined) ?? this.#operation
    const more = this.#tests.flatMap(({ moreColumns = [] }) => moreColumns)
    return { ...this.#operation, columns: [...(columns ?? []), ...more] }
  }

  /** The rows that are kept, as they are shown; shorter than `rows` if `wanted` are found before the end. */
  async choose(rows: readonly Row[], wanted = Infinity): Promise<(Row | undefined)[]> {
    const { complete } = this.#operation
    const completed = complete && rows.length > 0 ? await complete(rows, this.#lists) : rows
    const chosen: (Row | undefined)[] = []
    for (const [at, row] of completed.entries()) {
      chosen.push(this.#passes(row) ? row : undefined)
      if (at % rowsPerTurn !== rowsPerTurn - 1) continue
      await yieldToEventLoop()
      this.#signal.throwIfAborted()
    }
    const extended = await this.#extend(chosen, wanted)
    this.#kept += extended.filter((row) => row !== undefined).length
    return extended
  }

  #passes(row: Row): boolean {
    if (!this.#words.every((isOfWord) => isOfWord(row))) return false
    const missing: string[] = []
    for (const { test, needs = 'enough' } of this.#tests) {
      const verdict = test ? test(row) : true
      if (verdict === false) return false
      if (verdict === undefined) missing.push(needs)
    }
    if (!this.#match.isEmpty && !this.#match.holds(row)) return false
    const [first] = missing
    if (first === undefined) return true
    this.#unknown.set(first, (this.#unknown.get(first) ?? 0) + 1)
    return false
  }

  /** Reads more about the rows that passed, until enough are kept. */
  async #extend(chosen: readonly (Row | undefined)[], wanted: number): Promise<(Row | undefined)[]> {
    let rows = [...chosen]
    for (const { extend } of this.#tests) if (extend) rows = await this.#extendBy(extend, rows, wanted)
    return rows
  }

  async #extendBy(
    { batchSize, rows: read }: NonNullable<RowTest['extend']>,
    chosen: readonly (Row | undefined)[],
    wanted: number,
  ): Promise<(Row | undefined)[]> {
    const result: (Row | undefined)[] = []
    let kept = 0
    while (result.length < chosen.length && kept < wanted) {
      const batch = firstWith(batchSize, chosen.slice(result.length))
      const passed = batch.filter((row) => row !== undefined)
      const answers = passed.length === 0 ? [] : await read(passed)
      this.#signal.throwIfAborted()
      let next = 0
      for (const row of batch) {
        if (row !== undefined && next === answers.length) return result
        const answer = row === undefined ? undefined : answers[next++]
        if (answer !== undefined) kept++
        result.push(answer)
      }
    }
    return result
  }

  /** What the reply must say: rows that do not show enough, and what was looked in if nothing was found. */
  get notes(): readonly string[] {
    const unknown = [...this.#unknown].map(
      ([needs, count]) =>
        `${formatNumber(count)} ${count === 1 ? 'row does' : 'rows do'} not show ${needs}: whether ${count === 1 ? 'it is' : 'they are'} among what you ask for is unknown.`,
    )
    return texts(
      unknown,
      this.#tests.flatMap(({ notes }) => notes?.() ?? []),
      this.#kept === 0 && this.#match.note,
    )
  }

  /** Number of rows that do not show enough. */
  get unknown(): number {
    return [...this.#unknown.values()].reduce((sum, count) => sum + count, 0)
  }
}

/** The beginning of a list that holds this many rows, or all of it. */
function firstWith(count: number, chosen: readonly (Row | undefined)[]): readonly (Row | undefined)[] {
  let rows = 0
  const last = chosen.findIndex((row) => row !== undefined && ++rows === count)
  return last === -1 ? chosen : chosen.slice(0, last + 1)
}

/** The selector of a call. Reads what its local filters must know first. */
export async function rowSelector(
  operation: Operation,
  args: Input,
  context: SelectorContext,
): Promise<RowSelector> {
  const lists = listsOf(context)
  const tests: RowTest[] = []
  for (const [name, { prepare }] of Object.entries(operation.localFilters ?? {})) {
    const value = args[name]
    if (value !== undefined) tests.push(await prepare(value as never, lists, args))
  }
  return new RowSelector(operation, args, tests, context)
}
