import type { RowTest, unreadable } from '../../operations/reads/local-filter.ts'
import type { Row } from '../../session/answer.ts'
import { QualysError, VendorError } from '../../shared/errors.ts'

/** A test that reads more about rows. */
export type ExtendingTest = RowTest & Required<Pick<RowTest, 'extend'>>

/** Rows in their order, without those that are dropped. */
export type ChosenRows = readonly (Row | undefined)[]

type ExtendedRows = readonly (Row | typeof unreadable | undefined)[]

/** Rows about which more is read, up to the last one that was looked at. */
interface Extended {
  readonly rows: ExtendedRows
  /** Why the rows after them could not be read. */
  readonly failure?: QualysError
}

/** How far rows are read. */
interface ExtensionOptions {
  readonly wanted: number
  readonly signal: AbortSignal
  /** Called with the number of rows that are looked at. */
  readonly onLook: (looked: number) => void
}

/** The beginning of a list that holds this many rows, or all of it. */
export function firstWith(count: number, chosen: ChosenRows): ChosenRows {
  if (count === 0) return []
  let rows = 0
  const last = chosen.findIndex((row) => row !== undefined && ++rows === count)
  return last === -1 ? chosen : chosen.slice(0, last + 1)
}

/**
 * Reads more about the rows that passed all tests, a batch at a time, until enough are kept. What is read is not lost
 * if a later batch fails.
 */
export async function extendRows(
  { extend, dropsNone }: ExtendingTest,
  chosen: ChosenRows,
  { wanted, signal, onLook }: ExtensionOptions,
): Promise<Extended> {
  const rows: (Row | typeof unreadable | undefined)[] = []
  let answered = 0
  let kept = 0
  while (rows.length < chosen.length) {
    signal.throwIfAborted()
    const size = dropsNone ? Math.min(extend.batchSize, wanted - kept) : extend.batchSize
    const batch = firstWith(size, chosen.slice(rows.length))
    const passed = batch.filter((row) => row !== undefined)
    let answers: ExtendedRows = []
    try {
      if (passed.length > 0) answers = await extend.rows(passed, wanted !== Infinity)
      const refusal = extend.refusal?.()
      if (refusal) throw new VendorError(refusal.message, refusal.next)
    } catch (error) {
      signal.throwIfAborted()
      if (answered === 0 || !(error instanceof QualysError)) throw error
      return { rows, failure: error }
    }
    answered += answers.length
    let next = 0
    for (const row of batch) {
      if (row !== undefined && next === answers.length) return { rows }
      const answer = row === undefined ? undefined : answers[next++]
      if (typeof answer === 'object') kept++
      rows.push(answer)
      if (kept === wanted) return { rows }
    }
    onLook(rows.length)
  }
  return { rows }
}
