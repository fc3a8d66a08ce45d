import { firstManager, scopedUser } from '../accounts.ts'
import { anchor, day } from '../calendar.ts'
import type { CampaignStatus, WorkflowType } from './rows.ts'
import { sampleTemplateId } from './templates.ts'
import { sampleRecipientId } from './users.ts'

/** The plan of a campaign; missing values are drawn at random. */
export interface Plan {
  id?: number
  name?: string
  status: CampaignStatus
  workflowType?: WorkflowType
  templateId?: number
  recipients?: number
  owner?: number
  /** Days from the anchor; negative if before it. */
  dueIn?: number
  /** User ids that must be among the recipients. */
  first?: number
}

/** The campaign of the launch page. The questionnaire of the search page is the first one of `demo`. */
export const sampleCampaignId = 640002
export const demoCampaign = 'Test-campaign-demo1'

/** Number of questionnaires in all, and in the sample campaign. */
export const questionnaireCount = 3_000
const inSample = 420

const complete: Plan = { status: 'COMPLETE' }
const canceled: Plan = { status: 'CANCELED' }
const active: Plan = { status: 'ACTIVE' }
const ofEmea = { owner: scopedUser.userId }

/** 40 campaigns, oldest first. 120802 and 1111001 are those of the update and the launch sample. */
export const plans: readonly Plan[] = [
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

/** Positions with a fixed id and creation time; the others are interpolated. */
const posts = [
  { place: 0, id: 120802, at: Date.parse('2023-03-06T09:00:00Z') },
  {
    place: plans.findIndex(({ id }) => id === sampleCampaignId),
    id: sampleCampaignId,
    at: anchor - 70 * day,
  },
  { place: plans.length - 1, id: 1111001, at: anchor - 2 * day },
] as const

/** Id and creation time of the campaign at a position. */
export function postOf(place: number): { id: number; at: number } {
  const next = posts.find((post) => post.place >= place) ?? posts[2]
  const before = [...posts].reverse().find((post) => post.place <= place) ?? posts[0]
  const part = next === before ? 0 : (place - before.place) / (next.place - before.place)
  const between = (from: number, to: number) => Math.round(from + (to - from) * part)
  return { id: between(before.id, next.id), at: between(before.at, next.at) }
}
