import { dueTimeOf, overdueRange } from '../../../operations/saq/columns/overdue.ts'
import { turnOf } from '../../../operations/saq/columns/turns.ts'
import type { Row } from '../../../session/answer.ts'
import { dayMs } from '../../../shared/clock.ts'
import { textOrEmpty as text } from '../../../shared/json.ts'

/** A questionnaire that is past its due date and still open. */
export interface OverdueQuestionnaire {
  readonly id: string
  readonly title: string
  readonly state: string
  readonly dueDate: string
  /** Whole days past the due date. */
  readonly days: number
}

/** True if the first is more urgent: longer overdue, then waiting for its recipient. */
function isMoreUrgent(one: OverdueQuestionnaire, other: OverdueQuestionnaire): boolean {
  if (one.days !== other.days) return one.days > other.days
  return turnOf(one.state) === 'recipient' && turnOf(other.state) !== 'recipient'
}

/** Maximum number of distinct states and risks. Qualys uses a handful; further ones count as `other`. */
const maxWords = 50

function increment(counts: Map<string, number>, word: string): void {
  const key = counts.has(word) || counts.size < maxWords ? word : 'other'
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Counts the questionnaires of a campaign one by one. Keeps only the counts and the most overdue ones. */
export class CampaignTally {
  readonly #now: number
  readonly #maxListed: number
  readonly byState = new Map<string, number>()
  readonly byRisk = new Map<string, number>()
  readonly byOverdueRange = new Map<string, number>()
  /** Open and overdue questionnaires, by whose turn it is. */
  readonly openByTurn = new Map<string, number>()
  readonly overdueByTurn = new Map<string, number>()
  /** Longest overdue first; among equals, those that wait for their recipient. */
  readonly mostOverdue: OverdueQuestionnaire[] = []
  total = 0
  open = 0
  overdue = 0
  /** Open questionnaires without a due date: whether they are overdue is unknown. */
  undated = 0

  constructor(now: number, maxListed: number) {
    this.#now = now
    this.#maxListed = maxListed
  }

  add(row: Row): void {
    const state = text(row['state'])
    this.total++
    increment(this.byState, state)
    increment(this.byRisk, text(row['risk']))
    const turn = turnOf(state)
    if (turn === undefined) return
    this.open++
    increment(this.openByTurn, turn)
    const due = dueTimeOf(row)
    if (due === undefined) this.undated++
    else if (due < this.#now) this.#addOverdue(row, state, Math.floor((this.#now - due) / dayMs))
  }

  #addOverdue(row: Row, state: string, days: number): void {
    this.overdue++
    increment(this.overdueByTurn, turnOf(state) ?? '')
    increment(this.byOverdueRange, overdueRange(days))
    const questionnaire = {
      id: String(row['id']),
      title: text(row['title']),
      state,
      dueDate: text(row['dueDate']),
      days,
    }
    const position = this.mostOverdue.findIndex((other) => isMoreUrgent(questionnaire, other))
    if (position >= 0) this.mostOverdue.splice(position, 0, questionnaire)
    else if (this.mostOverdue.length < this.#maxListed) this.mostOverdue.push(questionnaire)
    if (this.mostOverdue.length > this.#maxListed) this.mostOverdue.pop()
  }
}
