import { turnOf } from '../../../operations/saq/questionnaires.ts'
import type { Row } from '../../../session/answer.ts'

const dayMs = 24 * 3_600_000

/** A questionnaire that is past its due date and still open. */
export interface Late {
  readonly id: string
  readonly title: string
  readonly state: string
  readonly dueDate: string
  /** Whole days past the due date. */
  readonly days: number
}

/** Days past the due date, as the answer groups them. */
export const spans = [
  ['up to 7 days', 7],
  ['8-30 days', 30],
  ['31-90 days', 90],
  ['more than 90 days', Infinity],
] as const

/** True if the first is more urgent: longer overdue, then waiting for its recipient. */
function isBefore(one: Late, other: Late): boolean {
  if (one.days !== other.days) return one.days > other.days
  return turnOf(one.state) === 'recipient' && turnOf(other.state) !== 'recipient'
}

/** Qualys uses a handful of each; further words count as `other`. */
const mostWords = 50

function bump(counts: Map<string, number>, word: string): void {
  const kept = counts.has(word) || counts.size < mostWords ? word : 'other'
  counts.set(kept, (counts.get(kept) ?? 0) + 1)
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Counts the questionnaires of a campaign one by one. Memory holds the counts and the most overdue ones. */
export class CampaignTally {
  readonly #now: number
  readonly #most: number
  readonly byState = new Map<string, number>()
  readonly byRisk = new Map<string, number>()
  readonly bySpan = new Map<string, number>()
  /** Open and overdue questionnaires, by whose turn it is. */
  readonly openBy = new Map<string, number>()
  readonly overdueBy = new Map<string, number>()
  /** Longest overdue first; among equals, those that wait for their recipient. */
  readonly late: Late[] = []
  all = 0
  open = 0
  overdue = 0
  /** Open questionnaires without a due date: whether they are overdue is unknown. */
  undated = 0

  constructor(now: number, mostLate: number) {
    this.#now = now
    this.#most = mostLate
  }

  add(row: Row): void {
    const state = text(row['state'])
    this.all++
    bump(this.byState, state)
    bump(this.byRisk, text(row['risk']))
    const turn = turnOf(state)
    if (turn === undefined) return
    this.open++
    bump(this.openBy, turn)
    const due = Date.parse(text(row['dueDate']))
    if (Number.isNaN(due)) this.undated++
    else if (due < this.#now) this.#addLate(row, state, Math.floor((this.#now - due) / dayMs))
  }

  #addLate(row: Row, state: string, days: number): void {
    this.overdue++
    bump(this.overdueBy, turnOf(state) ?? '')
    bump(this.bySpan, spans.find(([, most]) => days <= most)?.[0] ?? '')
    const late = {
      id: String(row['id']),
      title: text(row['title']),
      state,
      dueDate: text(row['dueDate']),
      days,
    }
    const place = this.late.findIndex((other) => isBefore(late, other))
    if (place >= 0) this.late.splice(place, 0, late)
    else if (this.late.length < this.#most) this.late.push(late)
    if (this.late.length > this.#most) this.late.pop()
  }
}
