import type { Fact } from '../counting/brute-force.ts'
import type { Control } from '../sandbox.ts'

// Questionnaires, campaigns and users of the sandbox, looked at without any code of the product.

export interface Person extends Fact {
  readonly id: number
  readonly firstName: string
  readonly lastName: string
  readonly company: string
  readonly title?: string
  readonly tags: readonly { readonly id: number; readonly name: string }[]
}

export interface CampaignFact extends Fact {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly dueDate: number
  readonly recipientIds: readonly number[]
}

export interface QuestionnaireFact extends Fact {
  readonly id: number
  readonly campaignId: number
  readonly recipientId: number
  readonly state: string
  readonly dueDate: number
}

/** Everything that the sandbox holds about people. */
export interface SandboxPeople {
  readonly users: readonly Person[]
  readonly campaigns: readonly CampaignFact[]
  readonly questionnaires: readonly QuestionnaireFact[]
}

export async function readPeople(control: Control): Promise<SandboxPeople> {
  const [users, campaigns, questionnaires] = await Promise.all(
    ['users', 'campaigns', 'questionnaires'].map((name) => control.dump(name)),
  )
  return { users, campaigns, questionnaires } as unknown as SandboxPeople
}

const turns: Readonly<Record<string, string>> = {
  INFORMATION_GATHERING: 'recipient',
  REVIEW: 'reviewer',
  APPROVAL: 'approver',
  CLOSED: 'nobody',
  CANCELED: 'nobody',
  INCOMPLETE: 'unknown',
}

export const turnOf = ({ state }: QuestionnaireFact): string => turns[state] ?? ''

/** True if somebody must still act. */
export const isOpen = (questionnaire: QuestionnaireFact): boolean =>
  ['recipient', 'reviewer', 'approver'].includes(turnOf(questionnaire))

const fullName = ({ firstName, lastName }: Person): string => `${firstName} ${lastName}`

/** A text as replies show it. */
export const shown = (text: unknown): string =>
  String(text ?? '')
    .replace(/\s+/g, ' ')
    .trim()

/** The range of days between two times. */
export function rangeOf(due: number, now: number): string {
  if (due >= now) return 'not overdue'
  const days = Math.floor((now - due) / 86_400_000)
  if (days <= 7) return 'up to 7 days'
  if (days <= 30) return '8-30 days'
  return days <= 90 ? '31-90 days' : 'more than 90 days'
}

/** How long a questionnaire is overdue. */
export function overdueOf(questionnaire: QuestionnaireFact, now: number): string {
  if (turnOf(questionnaire) === 'unknown') return 'unknown'
  return isOpen(questionnaire) ? rangeOf(questionnaire.dueDate, now) : 'not overdue'
}

/** The name of the recipient of a questionnaire, and the company as far as the name tells it. */
export function recipientsOf({ users, campaigns }: SandboxPeople) {
  const byId = new Map(users.map((user) => [user.id, user]))
  const companies = (people: readonly (Person | undefined)[]): ReadonlyMap<string, ReadonlySet<string>> => {
    const byName = new Map<string, Set<string>>()
    for (const person of people)
      if (person) {
        const set = byName.get(fullName(person)) ?? new Set()
        byName.set(fullName(person), set.add(shown(person.company)))
      }
    return byName
  }
  const ofAll = companies(users)
  const ofCampaign = new Map(
    campaigns.map(({ id, recipientIds }) => [id, companies(recipientIds.map((one) => byId.get(one)))]),
  )
  const nameOf = ({ recipientId }: QuestionnaireFact): string => {
    const person = byId.get(recipientId)
    return person ? fullName(person) : ''
  }
  const single = (found: ReadonlySet<string> | undefined): string =>
    found?.size === 1 ? ([...found][0] ?? '') : 'unknown'
  return {
    nameOf,
    /** Among the recipients of the campaign, or among all users. */
    companyOf: (questionnaire: QuestionnaireFact, among: 'recipients' | 'users'): string =>
      single(
        (among === 'users' ? ofAll : ofCampaign.get(questionnaire.campaignId))?.get(nameOf(questionnaire)),
      ),
    companiesOf: ({ recipientIds }: CampaignFact): ReadonlySet<string> =>
      new Set(recipientIds.map((id) => shown(byId.get(id)?.company))),
  }
}
