import { turnOf } from '../../../../operations/saq/columns/turns.ts'
import type { Row } from '../../../../session/answer.ts'
import type { OverdueQuestionnaire } from '../../../effects/targets/campaign-tally.ts'
import { cell, quoteIfNeeded } from '../../../replies/cells.ts'
import { rowLine } from '../../../replies/line-start.ts'
import type { Contact } from '../shared/contact.ts'
import { idText, type Place } from '../shared/places.ts'

/** An overdue questionnaire, and its recipient if the title names one. */
export interface LateQuestionnaire {
  readonly questionnaire: OverdueQuestionnaire
  readonly place: Place
  readonly contact?: Contact
}

/**
 * The place of an overdue questionnaire: the longest overdue first, then by id. Whose turn it is plays no part, since
 * that changes between pages.
 */
export const placeOf = ({ dueTime, id }: OverdueQuestionnaire): Place => ({
  numbers: [dueTime],
  text: idText(id),
})

const columns = [
  'questionnaire',
  'name',
  'company',
  'emailAddress',
  'waitsFor',
  'dueDate',
  'daysOverdue',
] as const

const withoutIds = 'people of this name'

/** The ids of namesakes, or how many they are. */
function ambiguityOf({ bearers, ids }: Contact): string | undefined {
  if (bearers < 2) return undefined
  return ids.length > 1 ? ids.join(', ') : `${bearers} ${withoutIds}`
}

/** The row of an overdue questionnaire, with texts of at most `maxLength` characters. */
export function lateRow({ questionnaire, contact }: LateQuestionnaire, maxLength: number): Row {
  const { id, title, state, dueDate, days } = questionnaire
  const ambiguity = contact && ambiguityOf(contact)
  return {
    kind: 'late',
    questionnaire: cell(id, maxLength),
    name: cell(contact?.name ?? title, maxLength),
    ...(contact?.company !== undefined && { company: cell(contact.company, maxLength) }),
    ...(contact?.emailAddress !== undefined && { emailAddress: cell(contact.emailAddress, maxLength) }),
    ...(ambiguity !== undefined && { ambiguous: cell(ambiguity, maxLength) }),
    waitsFor: turnOf(state) ?? cell(state, maxLength),
    dueDate: cell(dueDate),
    daysOverdue: days,
  }
}

/** The cell of an overdue questionnaire in a column. */
function lateCell(row: Row, column: string): string {
  const ambiguity = row['ambiguous']
  if (column !== 'company' || ambiguity === undefined) return cell(row[column])
  return `ambiguous: ${String(ambiguity).endsWith(withoutIds) ? '' : 'users '}${cell(ambiguity)}`
}

/** A table whose shared values stand in the line above it. */
interface FoldedTable {
  /** The values that all rows share, as the end of a headline; empty if there are none. */
  readonly shared: string
  readonly lines: readonly string[]
}

/** The table of overdue questionnaires. */
export function lateTable(shown: readonly Row[]): FoldedTable {
  const [first] = shown
  if (!first) return { shared: '', lines: [] }
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
  return {
    shared: sharedValues.length > 0 ? `; all: ${sharedValues.join(', ')}` : '',
    lines: [
      varying.join('\t'),
      ...shown.map((row) => rowLine(varying.map((column) => lateCell(row, column)).join('\t'))),
    ],
  }
}
