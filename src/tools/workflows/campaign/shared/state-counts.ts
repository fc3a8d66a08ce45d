import { isOpen } from '../../../../operations/saq/columns/questionnaire-columns.ts'
import type { Row } from '../../../../session/answer.ts'
import { formatNumber } from '../../../../shared/format.ts'

/** What is left to do of a questionnaire. `unknown`: no page says whether its state is open, or it shows none. */
export const stateKinds = ['closed', 'open', 'canceled', 'unknown'] as const

export type StateKind = (typeof stateKinds)[number]

/** Questionnaires by what is left to do. */
export type StateCounts = Record<StateKind, number>

export const noStates = (): StateCounts => ({ closed: 0, open: 0, canceled: 0, unknown: 0 })

/** What a questionnaire counts as. */
export function kindOf(row: Row): StateKind {
  const isStillOpen = isOpen(row)
  if (isStillOpen === undefined) return 'unknown'
  if (isStillOpen) return 'open'
  return row['state'] === 'CLOSED' ? 'closed' : 'canceled'
}

/** Adds one count to another. */
export function addStates(sum: StateCounts, states: StateCounts): void {
  for (const kind of stateKinds) sum[kind] += states[kind]
}

/** The end of a line of counts: how many are neither open nor closed, as far as is known. */
export const unknownText = ({ unknown }: Pick<StateCounts, 'unknown'>): string =>
  unknown > 0 ? `, ${formatNumber(unknown)} unknown` : ''

/** The questionnaire with the due date of its campaign, if its own record shows none. */
export const dated = (row: Row, dueDate: unknown): Row =>
  row['dueDate'] === undefined && dueDate !== undefined ? { ...row, dueDate } : row
