import { firstManager, scopedUser, secondManager } from '../../accounts.ts'
import type { Random } from '../../random.ts'
import { anchor, day, hour } from '../calendar.ts'
import { ownCompany } from './names.ts'
import {
  type Campaign,
  type CampaignStatus,
  type Notices,
  questionCnt,
  type Template,
  type User,
  type WorkflowType,
} from './rows.ts'
import { sampleTemplateId } from './templates.ts'
import { approverId, reviewerId, sampleRecipientId } from './users.ts'

/** One campaign to be: what is not given is drawn. */
interface Plan {
  id?: number
  name?: string
  status: CampaignStatus
  workflowType?: WorkflowType
  templateId?: number
  recipients?: number
  owner?: number
  /** Days before the anchor, or behind it. */
  dueIn?: number
  /** User ids that are among the recipients. */
  first?: number
}

/** The campaign of the launch page; the questionnaire of the search page is the first one of `demo`. */
export const sampleCampaignId = 640002
export const demoCampaign = 'Test-campaign-demo1'

/** How many questionnaires there are in all, and in the sample campaign. */
export const questionnaireCount = 3_000
const inSample = 420

const complete: Plan = { status: 'COMPLETE' }
const canceled: Plan = { status: 'CANCELED' }
const active: Plan = { status: 'ACTIVE' }
const ofEmea = { owner: scopedUser.userId }

/** 40 campaigns, oldest first. 120802 and 1111001 are those of the update and the launch sample. */
const plans: readonly Plan[] = [
  { ...active, id: 120802, name: 'Rolling vendor onboarding', workflowType: 'FULL', dueIn: 120 },
  { ...complete, name: demoCampaign, workflowType: 'SIMPLE', first: sampleRecipientId, recipients: 40 },
  ...[complete, complete, canceled, { ...complete, ...ofEmea }, complete, complete, complete],
  ...[canceled, complete, complete, { ...canceled, ...ofEmea }, complete, complete, complete],
  ...[
    complete,
    { ...active, dueIn: -200 },
    complete,
    complete,
    { ...complete, ...ofEmea },
    complete,
    complete,
  ],
  { status: 'INACTIVE', name: 'Draft: physical security', dueIn: -300, recipients: 12 },
  ...[complete, complete, { ...active, dueIn: -60 }, canceled, complete, active],
  { ...active, ...ofEmea, name: 'EMEA processors 2026', workflowType: 'FULL', dueIn: 20 },
  {
    ...active,
    id: sampleCampaignId,
    name: 'Vendor risk 2026',
    workflowType: 'FULL',
    templateId: sampleTemplateId,
    recipients: inSample,
    owner: firstManager.userId,
    dueIn: -21,
  },
  { ...active, name: 'Acceptable use 2026', workflowType: 'SIMPLE', dueIn: 10 },
  { ...active, name: 'Payroll providers 2026', workflowType: 'REVIEWABLE', dueIn: 3 },
  { ...active, ...ofEmea, name: 'Cloud <EMEA> & friends', workflowType: 'REVIEWABLE', dueIn: 25 },
  { ...canceled, name: 'Log4j follow-up' },
  { status: 'INACTIVE', name: 'No recipients yet', workflowType: 'SIMPLE', recipients: 0, dueIn: 60 },
  { status: 'INACTIVE', name: 'Policy attestation 2027', workflowType: 'SIMPLE', recipients: 30, dueIn: 75 },
  {
    status: 'INACTIVE',
    ...ofEmea,
    name: 'EMEA onboarding 2027',
    workflowType: 'REVIEWABLE',
    recipients: 25,
    dueIn: 80,
  },
  {
    status: 'INACTIVE',
    id: 1111001,
    name: 'Vendor risk 2027',
    workflowType: 'FULL',
    templateId: sampleTemplateId,
    recipients: 60,
    owner: firstManager.userId,
    dueIn: 90,
  },
]

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

/** Where ids and days of creation are fixed; the others lie evenly between. */
const posts = [
  { place: 0, id: 120802, at: Date.parse('2023-03-06T09:00:00Z') },
  {
    place: plans.findIndex(({ id }) => id === sampleCampaignId),
    id: sampleCampaignId,
    at: anchor - 70 * day,
  },
  { place: plans.length - 1, id: 1111001, at: anchor - 2 * day },
] as const

export function makeCampaigns(random: Random, users: User[], templates: Template[]): Campaign[] {
  const byId = new Map(users.map((user) => [user.id, user]))
  const published = templates.filter(({ state }) => state === 'PUBLISHED')
  const sizes = sizesOf(random)
  const owners = [firstManager, firstManager, secondManager].map(({ userId }) => userId)
  return plans.map((plan, place) => {
    const { id, at } = postOf(place)
    const created = at + random.below(12 * hour)
    const workflowType = plan.workflowType ?? random.pick(['SIMPLE', 'REVIEWABLE', 'FULL'] as const)
    const template = published.find((one) => one.id === plan.templateId) ?? random.pick(published)
    const launchDate = plan.status === 'INACTIVE' ? undefined : created + random.between(hour, 5 * day)
    const owner = byId.get(plan.owner ?? random.pick(owners)) as User
    const reviewer = byId.get(reviewerId)
    const approver = byId.get(approverId)
    const due = plan.dueIn === undefined ? (launchDate ?? created) + 30 * day : anchor + plan.dueIn * day
    return {
      id: plan.id ?? id,
      name: plan.name ?? `${random.pick(subjects)} ${new Date(created).getUTCFullYear()} #${place}`,
      workflowType,
      status: plan.status,
      created: toSecond(created),
      updated: toSecond(Math.min(anchor, (launchDate ?? created) + random.below(9 * day))),
      ...(launchDate !== undefined && { launchDate: toSecond(launchDate) }),
      dueDate: Math.floor(due / day) * day + day - 1000,
      template: { id: template.id, name: template.name, questionCnt: questionCnt(template) },
      user: owner,
      ...(reviewer && workflowType !== 'SIMPLE' && { reviewer }),
      ...(approver && workflowType === 'FULL' && { approver }),
      recipients: recipientsOf(random, users, sizes[place] ?? 0, byId.get(plan.first ?? 0)),
      campaignNotification: notices(random),
    }
  })
}

export const toSecond = (instant: number): number => Math.floor(instant / 1000) * 1000

/** How many recipients each campaign has; those of the launched ones are as many as there are questionnaires. */
function sizesOf(random: Random): number[] {
  const sizes = plans.map(({ recipients }) => recipients ?? random.between(55, 110))
  const launched = plans.flatMap(({ status, recipients }, place) =>
    status === 'INACTIVE' || recipients !== undefined ? [] : [place],
  )
  const total = () =>
    plans.reduce((sum, { status }, place) => sum + (status === 'INACTIVE' ? 0 : (sizes[place] ?? 0)), 0)
  let rest = questionnaireCount - total()
  for (let turn = 0; rest !== 0; turn++) {
    const place = launched[turn % launched.length] ?? 0
    const step = Math.sign(rest)
    sizes[place] = (sizes[place] ?? 0) + step
    rest -= step
  }
  return sizes
}

function postOf(place: number): { id: number; at: number } {
  const next = posts.find((post) => post.place >= place) ?? posts[2]
  const before = [...posts].reverse().find((post) => post.place <= place) ?? posts[0]
  const part = next === before ? 0 : (place - before.place) / (next.place - before.place)
  const between = (from: number, to: number) => Math.round(from + (to - from) * part)
  return { id: between(before.id, next.id), at: between(before.at, next.at) }
}

/** People of a few companies. */
function recipientsOf(random: Random, users: User[], count: number, first?: User): User[] {
  const companies = random.shuffle([...new Set(users.map(({ company }) => company))])
  const chosen = new Set(companies.filter((one) => one !== ownCompany).slice(0, Math.ceil(count / 18) + 3))
  const pool = random.shuffle(users.filter((user) => chosen.has(user.company) && user !== first))
  return [...(first ? [first] : []), ...pool].slice(0, count)
}

function notices(random: Random): Notices {
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
