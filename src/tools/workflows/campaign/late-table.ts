import { turnOf } from '../../../operations/saq/columns/turns.ts'
import type { Row } from '../../../session/answer.ts'
import { formatNumber } from '../../../shared/format.ts'
import type { OverdueQuestionnaire } from '../../effects/targets/campaign-tally.ts'
import { cell, quoteIfNeeded } from '../../replies/cells.ts'
import { rowLine } from '../../replies/line-start.ts'
import type { Contact } from './contacts.ts'

/** An overdue questionnaire, and its recipient if the title names one. */
export interface LateQuestionnaire {
  readonly questionnaire: OverdueQuestionnaire
  readonly contact?: Contact
}

const columns = [
  'questionnaire',
  'name',
  'company',
  'emailAddress',
  'waitsFor',
  'dueDate',
  'daysOverdue',
] as const

const isAmbiguous = (contact: Contact | undefined): boolean => (contact?.ids?.length ?? 0) > 1

/** The row of an overdue questionnaire, with texts of at most `maxLength` characters. */
export function lateRow({ questionnaire, contact }: LateQuestionnaire, maxLength: number): Row {
  const { id, title, state, dueDate, days } = questionnaire
  return {
    kind: 'late',
    questionnaire: cell(id, maxLength),
    name: cell(contact?.name ?? title, maxLength),
    ...(contact?.company !== undefined && { company: cell(contact.company, maxLength) }),
    ...(contact?.emailAddress !== undefined && { emailAddress: cell(contact.emailAddress, maxLength) }),
    ...(isAmbiguous(contact) && { ambiguous: cell(contact?.ids?.join(', '), maxLength) }),
    waitsFor: turnOf(state) ?? cell(state, maxLength),
    dueDate: cell(dueDate),
    daysOverdue: days,
  }
}

/** The cell of an overdue questionnaire in a column. */
function lateCell(row: Row, column: string): string {
  return column === 'company' && row['ambiguous'] !== undefined
    ? `ambiguous: users ${cell(row['ambiguous'])}`
    : cell(row[column])
}

/** The table of overdue questionnaires. Values that all of them share are in the line above it. */
export function lateTable(shown: readonly Row[], overdue: number): string[] {
  const [first] = shown
  if (!first) return []
  const shared = columns.filter(
    (column, index) =>
      index > 0 &&
      shown.length > 1 &&
      shown.every((row) => lateCell(row, column) === lateCell(first, column)),
  )
  const varying = columns.filter((column) => !shared.includes(column))
  const sharedValues = shared.flatMap((column) => {
    const value = lateCell(first, column)
    return value === '' ? [] : [`${column} ${quoteIfNeeded(value)}`]
  })
  const all = sharedValues.length > 0 ? `; all: ${sharedValues.join(', ')}` : ''
  return [
    `late, the longest first (${formatNumber(shown.length)} of ${formatNumber(overdue)}${all}):`,
    varying.join('\t'),
    ...shown.map((row) => rowLine(varying.map((column) => lateCell(row, column)).join('\t'))),
  ]
}
