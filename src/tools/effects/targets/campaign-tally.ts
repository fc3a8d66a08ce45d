import { dueTimeOf, overdueRange } from '../../../operations/saq/columns/overdue.ts'
import { isKnown, turnOf } from '../../../operations/saq/columns/turns.ts'
import type { Row } from '../../../session/answer.ts'
import { dayMs } from '../../../shared/clock.ts'
import { textOrEmpty as text } from '../../../shared/json.ts'

/** A questionnaire that is past its due date and still open. */
export interface OverdueQuestionnaire {
  readonly id: string
  readonly title: string
  readonly state: string
  readonly dueDate: string
  /** Epoch, in ms. */
  readonly dueTime: number
  /** Whole days past the due date. */
  readonly days: number
}

/** Maximum number of distinct states and risks. Qualys uses a handful; further ones count as `other`. */
const maxWords = 50

function increment(counts: Map<string, number>, word: string): void {
  const key = counts.has(word) || counts.size < maxWords ? word : 'other'
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Counts the questionnaires of a campaign one by one. Keeps only the counts. */
export class CampaignTally {
  readonly #now: number
  readonly byState = new Map<string, number>()
  readonly byRisk = new Map<string, number>()
  readonly byOverdueRange = new Map<string, number>()
  /** Open and overdue questionnaires, by whose turn it is. */
  readonly openByTurn = new Map<string, number>()
  readonly overdueByTurn = new Map<string, number>()
  total = 0
  open = 0
  overdue = 0
  /** Questionnaires in a state of which no page says whether it is open, or without one. */
  unknown = 0
  /** Open questionnaires without a due date: whether they are overdue is unknown. */
  undated = 0

  /** `now`: epoch, in ms. */
  constructor(now: number) {
    this.#now = now
  }

  /** Counts a questionnaire, and returns it if it is overdue. */
  add(row: Row): OverdueQuestionnaire | undefined {
    const state = text(row['state'])
    this.total++
    increment(this.byState, state)
    increment(this.byRisk, text(row['risk']))
    const turn = turnOf(state)
    if (!isKnown(state)) this.unknown++
    if (turn === undefined) return
    this.open++
    increment(this.openByTurn, turn)
    const dueTime = dueTimeOf(row)
    if (dueTime === undefined) this.undated++
    if (dueTime === undefined || dueTime >= this.#now) return
    const days = Math.floor((this.#now - dueTime) / dayMs)
    this.overdue++
    increment(this.overdueByTurn, turn)
    increment(this.byOverdueRange, overdueRange(days))
    return {
      id: String(row['id']),
      title: text(row['title']),
      state,
      dueDate: text(row['dueDate']),
      dueTime,
      days,
    }
  }
}
