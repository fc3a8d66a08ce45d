import { dueTimeOf } from '../columns/overdue.ts'
import { isOpen } from '../columns/questionnaire-columns.ts'
import { isKnown, turnOf } from '../columns/turns.ts'
import { agreedValue, type RecipientEntry } from '../people/recipient-entries.ts'

type Row = Readonly<Record<string, unknown>>

/** The state of a recipient to whom no questionnaire was sent: a word of ours. */
export const notSent = 'NOT_SENT'
/** What stands where it is not known. */
export const unknown = 'unknown'

/** What rows show of a recipient's questionnaire. */
export interface Standing {
  /** A word of Qualys, NOT_SENT or unknown. */
  readonly state: string
  /** recipient, reviewer, approver, nobody or unknown. */
  readonly turn: string
  readonly questionnaireId?: string
  readonly dueDate?: string
  /** Whole days past the due date of an open questionnaire; absent if it is not late. */
  readonly daysOverdue?: number | typeof unknown
}

export const nothingSent: Standing = { state: notSent, turn: 'nobody' }
export const nothingKnown: Standing = { state: unknown, turn: unknown, daysOverdue: unknown }

const dayMs = 24 * 3_600_000
const ourWords: readonly string[] = [notSent, unknown.toUpperCase()]

/** The state of a questionnaire. A word of Qualys that reads like one of ours stands in quotes. */
export function stateOf({ state }: Row): string {
  const word = typeof state === 'string' ? state.trim() : ''
  if (word === '') return unknown
  return ourWords.includes(word.toUpperCase()) ? JSON.stringify(word) : word
}

function roleOf(row: Row): string {
  const state = stateOf(row)
  return turnOf(state) ?? (isKnown(state) ? 'nobody' : unknown)
}

/** Whole days past the due date; undefined if it is not late. */
function daysLate(row: Row, now: number): number | typeof unknown | undefined {
  const isStillOpen = isOpen(row)
  if (isStillOpen === false) return undefined
  const due = dueTimeOf(row)
  if (isStillOpen === undefined || due === undefined) return unknown
  return due < now ? Math.floor((now - due) / dayMs) : undefined
}

/** A recipient's questionnaire. Of several, of one person or of namesakes, what holds for all of them. */
export function standingOf(entry: RecipientEntry, now: number): Standing {
  const { questionnaires, namesakes } = entry
  // All that bear a name which only one person has are of that person.
  const counted = namesakes === 1 ? { ...entry, namesakes: questionnaires.length } : entry
  const agreed = <Value>(read: (row: Row) => Value): Value | undefined => agreedValue(counted, read)
  const days = agreed((row) => daysLate(row, now) ?? 'not late')
  const dueDate = agreed(({ dueDate }) => dueDate)
  const [sole] = questionnaires.length === 1 && namesakes === 1 ? questionnaires : []
  return {
    state: agreed(stateOf) ?? unknown,
    turn: agreed(roleOf) ?? unknown,
    ...(sole?.['id'] !== undefined && { questionnaireId: String(sole['id']) }),
    ...(typeof dueDate === 'string' && { dueDate }),
    ...(days !== 'not late' && { daysOverdue: days ?? unknown }),
  }
}
