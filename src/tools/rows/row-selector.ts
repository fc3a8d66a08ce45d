import { joinClauses } from '../../operations/fields.ts'
import type { Input, Operation } from '../../operations/operation.ts'
import { type RowTest, unreadable, type Verdict } from '../../operations/reads/local-filter.ts'
import type { RowWords } from '../../operations/reads/row-words.ts'
import { mayHideWord } from '../../operations/reads/row-words.ts'
import type { Row } from '../../session/answer.ts'
import type { RowSelection } from '../../session/paging/collect.ts'
import { QualysError } from '../../shared/errors.ts'
import { texts } from '../../shared/format.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { type Redact, redactJson } from '../../shared/secrets.ts'
import { Turns } from '../../shared/turns/turns.ts'
import { type ListContext, type Lists, listsOf } from '../lists.ts'
import { columnNames, replyRow } from '../replies/columns.ts'
import { presentColumns } from '../replies/unknown-column.ts'
import { type ChosenRows, type ExtendingTest, extendRows, firstWith } from './extension.ts'
import { hiddenText } from './hidden-text.ts'
import { Match } from './match.ts'
import { readsOf } from './reads.ts'
import { type Missing, UnknownRows } from './unknown-rows.ts'
import { emptyNotes } from './zero-notes.ts'

/** Rows of one list have much the same columns. */
const maxHidden = 20

/** A test, and the input that asks for it. */
interface NamedTest extends RowTest {
  readonly name?: string
}

/** A test by a word of a row filter: a row that belongs to no word does not show enough. */
function wordTest(name: string, words: RowWords, word: string): NamedTest {
  const isOfWord = words[word]
  if (!isOfWord) return {}
  const all = Object.values(words)
  return {
    name,
    needs: `their ${name}`,
    test: (row): Verdict => isOfWord(row) || (all.some((isOfOther) => isOfOther(row)) ? false : undefined),
  }
}

/** Keeps the rows that pass `match` and the other filters of a call, and counts those that do not show enough. */
export class RowSelector implements RowSelection {
  readonly #operation: Operation
  readonly #args: Input
  readonly #lists: Lists
  readonly #signal: AbortSignal
  readonly #redact: Redact
  readonly #match: Match
  /** Of the words of row filters, then of local filters. */
  readonly #tests: readonly NamedTest[]
  readonly #extending: readonly ExtendingTest[]
  readonly #unknown = new UnknownRows()
  /** What completing the rows has to say. */
  readonly #completionNotes = new Set<string>()
  readonly #hidden: Row[] = []
  #kept = 0
  #failure: QualysError | undefined
  readonly countsAll: boolean

  constructor(operation: Operation, args: Input, tests: readonly NamedTest[], context: ListContext) {
    const { session, signal } = context
    this.#operation = operation
    this.#args = args
    this.#lists = listsOf(context, (note) => this.#completionNotes.add(note))
    this.#signal = signal
    this.#redact = session.redact
    this.#match = new Match(String(args['match'] ?? ''), session.redact)
    const words = Object.entries(operation.rowFilters ?? {}).map(([name, byWord]) =>
      wordTest(name, byWord, String(args[name])),
    )
    this.#tests = [...words.filter(({ test }) => test !== undefined), ...tests]
    this.#extending = tests.filter((test): test is ExtendingTest => test.extend !== undefined)
    const isCheap = this.#extending.every(({ dropsNone }) => dropsNone) && !operation.hasLargeRows?.(args)
    this.countsAll = isCheap && this.isFilter && args['continuationToken'] === undefined
  }

  /** True if rows are dropped. */
  get isFilter(): boolean {
    return !this.#match.isEmpty || this.#tests.some(({ dropsNone }) => dropsNone !== true)
  }

  /** True if rows are dropped, or more is read about them. */
  get isNeeded(): boolean {
    return !this.#match.isEmpty || this.#tests.length > 0
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

  /** The columns that the local filters add to the usual ones. */
  get addedColumns(): readonly string[] {
    const all = this.#tests.flatMap(({ columns = [], moreColumns = [] }) => [...columns, ...moreColumns])
    return all.filter((name) => !this.#operation.columns.includes(name))
  }

  /** The rows with what follows from other lists. */
  async complete(rows: readonly Row[]): Promise<readonly Row[]> {
    const { complete } = this.#operation
    return complete && rows.length > 0 ? complete(rows, this.#lists) : rows
  }

  /**
   * For each row what is kept of it, as it is shown. Shorter than `rows` if no further row was looked at: `wanted` are
   * kept and `countsAll` is false, or the rows after these cannot be read now. `onLook` is called with the number of
   * rows that are looked at.
   */
  async choose(
    rows: readonly Row[],
    wanted = Infinity,
    onLook: (looked: number) => void = () => undefined,
  ): Promise<ChosenRows> {
    const completed = await this.complete(rows)
    if (!this.isNeeded) return completed.length > wanted ? completed.slice(0, wanted) : completed
    const { passed, missing } = await this.#test(completed, this.countsAll ? Infinity : wanted)
    const chosen = await this.#extend(passed, missing, wanted, onLook)
    for (const [at, row] of chosen.entries()) {
      this.#unknown.add(missing[at], row)
      if (row) this.#kept++
    }
    return chosen
  }

  /** The rows that pass all tests, and for each row what it does not show. */
  async #test(rows: readonly Row[], wanted: number) {
    const passed: (Row | undefined)[] = []
    const missing: (Missing | undefined)[] = []
    let kept = 0
    const turns = new Turns(this.#signal)
    for (const row of rows) {
      const verdict = this.#verdictOn(row)
      passed.push(verdict === true ? row : undefined)
      missing.push(typeof verdict === 'object' ? verdict : undefined)
      if (verdict === true) kept++
      else if (typeof verdict === 'object') this.#noteHidden(row)
      // An extension may drop some.
      if (kept === wanted && this.#extending.length === 0) break
      if (turns.isOver) await turns.next()
    }
    return { passed, missing }
  }

  /** Keeps a row that may show the word of a filter in a column that is not known. */
  #noteHidden(row: Row): void {
    if (this.#hidden.length === maxHidden) return
    const filters = Object.entries(this.#operation.rowFilters ?? {})
    const hidesWord = filters.some(
      ([name, words]) => this.#args[name] !== undefined && mayHideWord(words, row),
    )
    if (hidesWord || this.#hiddenText(row) !== undefined) this.#hidden.push(row)
  }

  /** The column of the long text that `match` looks in, if the row does not show it. */
  #hiddenText(row: Row): string | undefined {
    return this.#match.isEmpty ? undefined : hiddenText(this.#operation, this.#args, row)
  }

  /** Whether a row passes, or what it does not show. */
  #verdictOn(row: Row): boolean | Missing {
    let missing: Missing | undefined
    for (const { test, needs = 'enough', why } of this.#tests) {
      const verdict = test ? test(row) : true
      if (verdict === false) return false
      if (verdict === undefined) missing ??= { what: needs, ...(why && { why: why(row) }) }
    }
    if (this.#match.isEmpty || this.#match.holds(row)) return missing ?? true
    const column = this.#hiddenText(row)
    return column === undefined ? false : (missing ?? { what: `their ${column}` })
  }

  /** Reads more about the rows that passed. Adds to `missing` what cannot be read. */
  async #extend(
    passed: ChosenRows,
    missing: (Missing | undefined)[],
    wanted: number,
    onLook: (looked: number) => void,
  ): Promise<ChosenRows> {
    let rows = this.countsAll ? firstWith(wanted, passed) : passed
    // They are counted, and not shown.
    const others = passed.slice(rows.length)
    for (const test of this.#extending) {
      const looked = rows.length
      const extended = await extendRows(test, rows, { wanted, signal: this.#signal, onLook })
      this.#failure ??= extended.failure
      rows = extended.rows.map((row, at) => {
        if (row !== unreadable) return row
        missing[at] = { what: test.needs ?? 'enough' }
        return undefined
      })
      if (rows.length < looked) return rows
    }
    return [...rows, ...others]
  }

  /** What the reply must say: rows that do not show enough, and what was looked in if nothing is kept. */
  get notes(): readonly string[] {
    return texts(
      this.#operation.listNote?.(this.#args),
      [...this.#completionNotes],
      this.#unknown.notes,
      this.#tests.flatMap(({ notes }) => notes?.() ?? []),
      this.#kept === 0 && this.isFilter && this.#emptyNotes,
    )
  }

  get #emptyNotes(): readonly string[] {
    const ours = this.#tests.filter(({ dropsNone }) => !dropsNone).flatMap(({ name }) => name ?? [])
    return emptyNotes(this.#operation, this.#args, this.#match, ours)
  }

  /** The notes of a page, which goes on after the last row that was looked at. */
  get pageNotes(): readonly string[] {
    const failure = this.#failure && `The rows after these were not looked at: ${this.stopReason}`
    const names = columnNames(redactJson(this.#hidden, this.#redact).map(replyRow))
    const there = names.length > 0 && `Columns of these rows: ${presentColumns(names)}.`
    return texts(this.notes, there, failure)
  }

  /** Why the last rows of a batch were not looked at. */
  get stopReason(): string {
    const { message = 'one call looks at no more rows.', next = '' } = this.#failure ?? {}
    return oneLine(`${message} ${next}`, 600)
  }

  /** Number of rows that do not show enough. */
  get unknown(): number {
    return this.#unknown.count
  }

  /** Number of rows that do not show enough before one that is kept. */
  unknownBefore(kept: Row): number {
    return this.#unknown.countBefore(kept)
  }

  /** The same up to each row of a page of kept ones; the last: of all rows looked at. */
  unknownUpTo(kept: readonly Row[]): readonly number[] {
    return [0, ...kept.map((row) => this.unknownBefore(row))].with(kept.length, this.unknown)
  }
}

/** Says in an error which input needs what cannot be read: the user asked for another list. */
async function naming<T>(input: string, prepare: () => T | Promise<T>): Promise<T> {
  try {
    return await prepare()
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    throw error.withMessage(`${input} needs another list. ${error.message}`)
  }
}

/** The selector of a call. Reads what its local filters must know first. */
export async function rowSelector(
  operation: Operation,
  args: Input,
  context: ListContext,
): Promise<RowSelector> {
  const reads = readsOf(context)
  const tests: NamedTest[] = []
  for (const [name, { prepare }] of Object.entries(operation.localFilters ?? {})) {
    const value = args[name]
    if (value !== undefined)
      tests.push({ ...(await naming(name, () => prepare(value as never, reads, args))), name })
  }
  return new RowSelector(operation, args, tests, context)
}
