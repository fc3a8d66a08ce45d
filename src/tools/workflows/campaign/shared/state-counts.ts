import { isOpen } from '../../../../operations/saq/columns/questionnaire-columns.ts'
import type { Row } from '../../../../session/answer.ts'

/** Questionnaires by what is left to do. `other`: canceled, or in a state of which that is unknown. */
export interface StateCounts {
  closed: number
  open: number
  other: number
}

export type StateKind = keyof StateCounts

export const noStates = (): StateCounts => ({ closed: 0, open: 0, other: 0 })

/** What counts a questionnaire. */
export function kindOf(row: Row): StateKind {
  if (isOpen(row)) return 'open'
  return row['state'] === 'CLOSED' ? 'closed' : 'other'
}

/** Adds one count to another. */
export function addStates(sum: StateCounts, { closed, open, other }: StateCounts): void {
  sum.closed += closed
  sum.open += open
  sum.other += other
}

/** The questionnaire with the due date of its campaign, if its own record shows none. */
export const dated = (row: Row, dueDate: unknown): Row =>
  row['dueDate'] === undefined && dueDate !== undefined ? { ...row, dueDate } : row
