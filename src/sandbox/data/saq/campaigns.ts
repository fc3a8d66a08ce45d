import { firstManager, secondManager } from '../accounts.ts'
import { anchor, day, hour } from '../calendar.ts'
import type { Random } from '../random.ts'
import { type CampaignPlan, interpolate, plans, questionnaireCount } from './campaign-plans.ts'
import { ownCompany } from './names.ts'
import { pickNamesakes } from './namesakes.ts'
import { type Campaign, type Notices, questionCnt, type Template, type User, workflowTypes } from './rows.ts'
import { approverId, reviewerId } from './users.ts'

const subjects = [
  'Vendor risk review',
  'GDPR processors',
  'ISO 27001 suppliers',
  'Continuity survey',
  'PCI partners',
  'Access review: finance',
  'Sub-processor check',
  'Fragebogen Lieferanten',
]

interface People {
  readonly users: readonly User[]
  readonly byId: ReadonlyMap<number, User>
  readonly published: readonly Template[]
}

/** A plan with all that does not follow from it. */
interface PlannedCampaign {
  readonly plan: CampaignPlan
  readonly id: number
  /** The earliest time of its creation. */
  readonly at: number
  readonly name: string
  readonly size: number
}

export function makeCampaigns(random: Random, users: User[], templates: Template[]): Campaign[] {
  const people = peopleOf(users, templates)
  const sizes = recipientCounts(random)
  return plans.map((plan, index) =>
    makeCampaign(random, people, { plan, ...interpolate(index), name: `#${index}`, size: sizes[index] ?? 0 }),
  )
}

/** Campaigns behind the usual ones. */
export function makeMoreCampaigns(
  random: Random,
  users: User[],
  templates: Template[],
  more: readonly CampaignPlan[],
): Campaign[] {
  const people = peopleOf(users, templates)
  const last = interpolate(plans.length - 1).id
  return more.map((plan, index) =>
    makeCampaign(random, people, {
      plan,
      id: last + (index + 1) * 7,
      at: anchor - 40 * day,
      name: `more #${index}`,
      size: plan.recipients ?? 0,
    }),
  )
}

const peopleOf = (users: User[], templates: Template[]): People => ({
  users,
  byId: new Map(users.map((user) => [user.id, user])),
  published: templates.filter(({ state }) => state === 'PUBLISHED'),
})

const owners = [firstManager, firstManager, secondManager].map(({ userId }) => userId)

function makeCampaign(
  random: Random,
  { users, byId, published }: People,
  { plan, id, at, name, size }: PlannedCampaign,
): Campaign {
  const created = at + random.below(12 * hour)
  const workflowType = plan.workflowType ?? random.pick(workflowTypes)
  const template = published.find((candidate) => candidate.id === plan.templateId) ?? random.pick(published)
  const launchDate = plan.status === 'INACTIVE' ? undefined : created + random.between(hour, 5 * day)
  const owner = byId.get(plan.owner ?? random.pick(owners)) as User
  const reviewer = byId.get(reviewerId)
  const approver = byId.get(approverId)
  const due =
    plan.dueInDays === undefined ? (launchDate ?? created) + 30 * day : anchor + plan.dueInDays * day
  return {
    id: plan.id ?? id,
    name: plan.name ?? `${random.pick(subjects)} ${new Date(created).getUTCFullYear()} ${name}`,
    workflowType,
    status: plan.status,
    created: toWholeSecond(created),
    updated: toWholeSecond(Math.min(anchor, (launchDate ?? created) + random.below(9 * day))),
    ...(launchDate !== undefined && { launchDate: toWholeSecond(launchDate) }),
    dueDate: Math.floor(due / day) * day + day - 1000,
    template: { id: template.id, name: template.name, questionCnt: questionCnt(template) },
    user: owner,
    ...(reviewer && workflowType !== 'SIMPLE' && { reviewer }),
    ...(approver && workflowType === 'FULL' && { approver }),
    recipients: recipientsOf(random, users, plan, size),
    campaignNotification: makeNotices(random),
    ...(plan.states && { seededStates: plan.states }),
  }
}

export const toWholeSecond = (instant: number): number => Math.floor(instant / 1000) * 1000

/** Number of recipients per campaign. Those of the launched ones add up to the number of questionnaires. */
function recipientCounts(random: Random): number[] {
  const sizes = plans.map(({ recipients }) => recipients ?? random.between(55, 110))
  const launched = plans.flatMap(({ status, recipients }, index) =>
    status === 'INACTIVE' || recipients !== undefined ? [] : [index],
  )
  const total = () =>
    plans.reduce((sum, { status }, index) => sum + (status === 'INACTIVE' ? 0 : (sizes[index] ?? 0)), 0)
  let difference = questionnaireCount - total()
  for (let turn = 0; difference !== 0; turn++) {
    const index = launched[turn % launched.length] ?? 0
    const step = Math.sign(difference)
    sizes[index] = (sizes[index] ?? 0) + step
    difference -= step
  }
  return sizes
}

function recipientsOf(random: Random, users: readonly User[], plan: CampaignPlan, size: number): User[] {
  if (size >= users.length) return [...users]
  const required = users.find(({ id }) => id === plan.requiredRecipient)
  const picked = pickRecipients(random, users, size, required)
  return plan.namesakes ? [...new Set([...pickNamesakes(users), ...picked])] : picked
}

/** Users of a few companies. */
function pickRecipients(random: Random, users: readonly User[], count: number, required?: User): User[] {
  const companies = random.shuffle([...new Set(users.map(({ company }) => company))])
  const companySet = new Set(
    companies.filter((company) => company !== ownCompany).slice(0, Math.ceil(count / 18) + 3),
  )
  const pool = random.shuffle(users.filter((user) => companySet.has(user.company) && user !== required))
  return [...(required ? [required] : []), ...pool].slice(0, count)
}

function makeNotices(random: Random): Notices {
  const notice = (noOfDays: number) => ({
    enabled: random.chance(0.6),
    interval: random.between(1, 7),
    noOfDays,
  })
  return {
    reminderNotification: notice(7),
    dueDateNotification: notice(1),
    overdueNotification: notice(5),
  }
}
