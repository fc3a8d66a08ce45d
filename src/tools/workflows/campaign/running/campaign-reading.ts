import { dueTimeOf } from '../../../../operations/saq/columns/overdue.ts'
import { campaignOf } from '../../../../operations/saq/columns/questionnaire-columns.ts'
import { normalizedName } from '../../../../operations/saq/people/names.ts'
import type { People } from '../../../../operations/saq/people/people.ts'
import type { Person } from '../../../../operations/saq/people/person.ts'
import { recipientNameOf } from '../../../../operations/saq/people/recipient-entries.ts'
import type { Row } from '../../../../session/answer.ts'
import { dayMs } from '../../../../shared/clock.ts'
import { Namesakes } from '../shared/namesakes.ts'
import { dated, kindOf, type StateCounts } from '../shared/state-counts.ts'
import type { StateNotes } from '../shared/state-notes.ts'
import type { RunningCampaign } from './campaigns.ts'

/** Why the numbers of a campaign are not whole. `unread`: there are none; `cut`: there are more. */
interface Problem {
  readonly kind: 'unread' | 'cut'
  readonly reason: string
}

/** What all readings have in common. */
export interface ReadingContext {
  readonly people: People
  /** Epoch, in ms. */
  readonly now: number
  /** Who is late, by key. */
  readonly late: Map<string, Person>
  readonly states: StateNotes
  /** How many people of campaigns may still be kept. */
  readonly room: { left: number }
}

const byName = 'by name '

/** The key of a person whose id no record shows. Ids of Qualys are digits. */
const nameKey = (name: string): string => `${byName}${normalizedName(name)}`

/** The normalized name in a key; undefined for the key of a person with an id. */
export const nameInKey = (key: string): string | undefined =>
  key.startsWith(byName) ? key.slice(byName.length) : undefined

const keyOf = (person: Person | undefined, name: string): string =>
  person === undefined || person.id === '' ? nameKey(name) : person.id

/** The questionnaires of one campaign that runs, counted one by one. Keeps who is late, and only counts of the rest. */
export class CampaignReading implements StateCounts {
  readonly campaign: RunningCampaign
  readonly #context: ReadingContext
  /** Whether each questionnaire of people of one name is late. */
  readonly #namesakes: Namesakes<boolean>
  /** Keys of the people who are late, and of those who may be: namesakes of whom not all are. */
  readonly late = new Set<string>()
  readonly perhaps = new Set<string>()
  closed = 0
  open = 0
  canceled = 0
  unknown = 0
  overdue = 0
  /** Open questionnaires without a due date: whether they are overdue is unknown. */
  undated = 0
  /** Overdue questionnaires whose titles name nobody. */
  untitled = 0
  /** Whole days that the longest overdue questionnaire is past its due date. */
  longest = 0
  /** True if there was no room for further people. */
  isFull = false
  problem: Problem | undefined

  constructor(campaign: RunningCampaign, context: ReadingContext) {
    this.campaign = campaign
    this.#context = context
    this.#namesakes = new Namesakes(context.people)
  }

  get questionnaires(): number {
    return this.closed + this.open + this.canceled + this.unknown
  }

  add(row: Row): void {
    const kind = kindOf(row)
    this[kind]++
    this.#context.states.add(row)
    const isLate = kind === 'open' && this.#addOpen(row)
    const name = recipientNameOf(row, this.campaign.name || campaignOf(row).name)
    if (name === undefined) {
      if (isLate) this.untitled++
      return
    }
    const bearers = this.#context.people.find(this.campaign.id, name)
    if (bearers.people.length > 1) this.#namesakes.add(name, bearers, isLate)
    else if (isLate) this.#keep(this.late, name, bearers.people[0])
  }

  /** Decides which namesakes are late. To be called once, after all rows. */
  settle(): void {
    for (const { people, counts, agreed } of this.#namesakes.settle())
      if (counts.has(true))
        for (const person of people) this.#keep(agreed ? this.late : this.perhaps, person.name, person)
  }

  /** Gives back the room that this reading takes, since it is not used. */
  discard(): void {
    this.#context.room.left += this.late.size + this.perhaps.size
  }

  /** Counts an open questionnaire; true if it is overdue. */
  #addOpen(row: Row): boolean {
    const due = dueTimeOf(dated(row, this.campaign.dueDate))
    if (due === undefined) this.undated++
    if (due === undefined || due >= this.#context.now) return false
    this.overdue++
    this.longest = Math.max(this.longest, Math.floor((this.#context.now - due) / dayMs))
    return true
  }

  #keep(keys: Set<string>, name: string, person: Person | undefined): void {
    const { room, late } = this.#context
    const key = keyOf(person, name)
    if (keys.has(key)) return
    if (room.left === 0) {
      this.isFull = true
      return
    }
    room.left--
    keys.add(key)
    if (!late.has(key)) late.set(key, person ?? { id: '', name, company: '', emailAddress: '' })
  }
}
