import type { Operation } from '../../../src/operations/operation.ts'
import type { RowTest } from '../../../src/operations/reads/local-filter.ts'
import type { Row } from '../../../src/session/answer.ts'
import type { Session } from '../../../src/session/session.ts'
import type { Redact } from '../../../src/shared/secrets.ts'
import { RowSelector } from '../../../src/tools/rows/row-selector.ts'

/** What of a selector a test may set. */
export interface SelectorParts {
  readonly tests?: readonly RowTest[]
  readonly redact?: Redact
  readonly signal?: AbortSignal
}

/** A selector of rows that are given: only this of a session is used. */
export function selectorOf(list: Operation, args: Row, parts: SelectorParts = {}): RowSelector {
  const { tests = [], redact = (text) => text, signal = new AbortController().signal } = parts
  return new RowSelector(list, args, tests, { session: { redact } as Session, signal })
}

/** Which of these rows are kept; undefined if nothing is asked for. */
export async function keptOf(list: Operation, args: Row, rows: readonly Row[], parts: SelectorParts = {}) {
  const selector = selectorOf(list, args, parts)
  if (!selector.isFilter) return undefined
  return (await selector.choose(rows)).filter((row) => row !== undefined)
}
