import type { Input, Operation } from '../../operations/operation.ts'
import { mayHide } from '../../operations/reads/moved-fields.ts'
import type { Row } from '../../session/answer.ts'
import { columnNames, replyRow } from '../replies/columns.ts'
import { presentColumns } from '../replies/unknown-column.ts'

/** The column of a long text that was asked for, if a row lacks it and may have it in one that is not known. */
export function hiddenText(
  { matchedLines, hasLargeRows }: Operation,
  args: Input,
  row: Row,
): string | undefined {
  if (matchedLines === undefined || !hasLargeRows?.(args)) return undefined
  return mayHide(row, matchedLines) ? matchedLines : undefined
}

/** What is said of a page of such rows: a text that is not shown is not absent. */
export function hiddenTextNote(operation: Operation, args: Input, rows: readonly Row[]): string | undefined {
  const hiding = rows.filter((row) => hiddenText(operation, args, row) !== undefined)
  if (hiding.length === 0) return undefined
  const there = presentColumns(columnNames(hiding.map(replyRow)))
  return `Rows without ${operation.matchedLines} may have it in a column that is not known. Columns of these rows: ${there}.`
}
