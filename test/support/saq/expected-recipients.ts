import {
  type CampaignFact,
  isOpen,
  type Person,
  type QuestionnaireFact,
  type SandboxPeople,
  turnOf,
} from './sandbox-people.ts'

// The recipients of campaigns by brute force, from the data of the sandbox.

/** A row of saq_list_recipients, as a program gets it. */
export type RecipientRow = Readonly<Record<string, unknown>>

const nameOf = ({ firstName, lastName }: Person): string =>
  `${firstName} ${lastName}`.replace(/\s+/g, ' ').trim()

const keyOf = (person: Person): string => nameOf(person).toLowerCase()

/** One value of all; `unknown` if there are several. */
function only<Value>(values: readonly Value[]): Value | 'unknown' {
  const [first, ...others] = new Set(values)
  return first === undefined || others.length > 0 ? 'unknown' : first
}

function lateness(questionnaire: QuestionnaireFact, now: number): boolean | 'unknown' {
  if (turnOf(questionnaire) === 'unknown') return 'unknown'
  return isOpen(questionnaire) && questionnaire.dueDate < now
}

/** What is known of one recipient from questionnaires that name people alone. */
export interface ExpectedRecipient {
  readonly person: Person
  readonly state: string
  readonly turn: string
  readonly late: boolean | 'unknown'
}

/** The recipients of a campaign in the order of its record. */
export function expectedRecipients(
  { users, questionnaires }: SandboxPeople,
  campaign: CampaignFact,
  now: number,
): readonly ExpectedRecipient[] {
  const byId = new Map(users.map((user) => [user.id, user]))
  const own = questionnaires.filter(({ campaignId }) => campaignId === campaign.id)
  const people = campaign.recipientIds.map((id) => {
    const person = byId.get(id)
    if (!person) throw new Error(`there is no user ${id}`)
    return person
  })
  return people.map((person) => {
    const namesakes = people.filter((other) => keyOf(other) === keyOf(person)).map(({ id }) => id)
    const theirs = own.filter(({ recipientId }) => namesakes.includes(recipientId))
    if (theirs.length === 0) return { person, state: 'NOT_SENT', turn: 'nobody', late: false }
    if (theirs.length !== namesakes.length)
      return { person, state: 'unknown', turn: 'unknown', late: 'unknown' }
    return {
      person,
      state: only(theirs.map(({ state }) => state)),
      turn: only(theirs.map(turnOf)),
      late: only(theirs.map((one) => lateness(one, now))),
    }
  })
}

const text = (value: unknown): string =>
  String(value ?? '')
    .replace(/\s+/g, ' ')
    .trim()

/** What rows show of it. */
export const shownRecipient = ({ person, state, turn, late }: ExpectedRecipient): readonly unknown[] => [
  String(person.id),
  nameOf(person),
  text(person.company),
  text(person['emailAddress']),
  state,
  turn,
  late,
]

/** The same of a row of the tool. */
export const shownRow = (row: RecipientRow): readonly unknown[] => [
  row['id'],
  text(row['name']),
  text(row['company']),
  text(row['emailAddress']),
  row['state'],
  row['turn'],
  row['daysOverdue'] === 'unknown' ? 'unknown' : row['daysOverdue'] !== undefined,
]
