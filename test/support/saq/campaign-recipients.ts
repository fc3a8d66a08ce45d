import type { CampaignFact, Person, QuestionnaireFact, SandboxPeople } from './sandbox-people.ts'

// The recipients of a campaign by brute force: what can be known of them where a questionnaire names its recipient in
// its title alone.

/** A recipient with what can be known. */
export interface KnownRecipient {
  readonly user: Person
  /** `NOT_SENT` without a questionnaire; `unknown` of namesakes whose questionnaires differ. */
  readonly state: string
  /** Which of the states may be theirs. */
  readonly possible: ReadonlySet<string>
  readonly dueDate: number
}

export const notSent = 'NOT_SENT'
const unknownState = 'unknown'

export const nameOf = ({ firstName, lastName }: Person): string => `${firstName} ${lastName}`

/** Where a state leaves a questionnaire: still with somebody, or not. */
export function openness(state: string): 'open' | 'closed' | 'other' {
  if (['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL'].includes(state)) return 'open'
  return state === 'CLOSED' ? 'closed' : 'other'
}

/** All recipients of a campaign, in the order of its record. */
export function knownRecipients(
  { users, questionnaires }: SandboxPeople,
  { id, recipientIds, dueDate }: CampaignFact,
): readonly KnownRecipient[] {
  const byId = new Map(users.map((user) => [user.id, user]))
  const sent = new Map<number, QuestionnaireFact>()
  for (const one of questionnaires) if (one.campaignId === id) sent.set(one.recipientId, one)
  const statesOf = new Map<string, string[]>()
  const people = recipientIds.flatMap((one) => byId.get(one) ?? [])
  for (const user of people) {
    const states = statesOf.get(nameOf(user)) ?? []
    states.push(sent.get(user.id)?.state ?? notSent)
    statesOf.set(nameOf(user), states)
  }
  return people.map((user) => {
    const possible = new Set(statesOf.get(nameOf(user)))
    const [state = ''] = possible
    return { user, state: possible.size === 1 ? state : unknownState, possible, dueDate }
  })
}

/** True if a recipient is late for certain: of namesakes, if all of them are. */
export const isLate = ({ possible, dueDate }: KnownRecipient, now: number): boolean =>
  dueDate < now && [...possible].every((state) => openness(state) === 'open')

/** The campaigns that run, the most overdue first. */
export const runningOf = ({ campaigns }: SandboxPeople): readonly CampaignFact[] =>
  campaigns.filter(({ status }) => status === 'ACTIVE').sort((a, b) => a.dueDate - b.dueDate)

/** Users who are late for certain in at least two running campaigns, with these. */
export function lateInSeveral(held: SandboxPeople, now: number): ReadonlyMap<number, readonly number[]> {
  const campaigns = new Map<number, number[]>()
  for (const campaign of runningOf(held))
    for (const recipient of knownRecipients(held, campaign))
      if (isLate(recipient, now)) {
        const { id } = recipient.user
        campaigns.set(id, [...(campaigns.get(id) ?? []), campaign.id])
      }
  return new Map([...campaigns].filter(([, ids]) => ids.length >= 2))
}
