import { firstManager, scopedUser } from '../accounts.ts'
import { anchor, day } from '../calendar.ts'
import type { CampaignStatus, SeededState, WorkflowType } from './rows.ts'
import { sampleTemplateId } from './templates.ts'
import { sampleRecipientId } from './users.ts'

/** The plan of a seeded campaign; missing values are random. */
export interface CampaignPlan {
  id?: number
  name?: string
  status: CampaignStatus
  workflowType?: WorkflowType
  templateId?: number
  /** As many as there are users, or more: all of them. */
  recipients?: number
  owner?: number
  /** Days from the anchor to the due date; negative for a date before it. */
  dueInDays?: number
  /** The id of a user who must be among the recipients. */
  requiredRecipient?: number
  /** Namesakes are the first recipients, before the others. */
  namesakes?: true
  /** The states of its questionnaires, from the first recipient on, and again from the beginning. */
  states?: readonly SeededState[]
}

/** The campaign of the launch page. The questionnaire of the search page is the first one of `demo`. */
export const sampleCampaignId = 640002
export const demoCampaign = 'Test-campaign-demo1'

/** Number of questionnaires in all, and in the sample campaign. */
export const questionnaireCount = 3_000
const sampleQuestionnaireCount = 420

const complete: CampaignPlan = { status: 'COMPLETE' }
const canceled: CampaignPlan = { status: 'CANCELED' }
const active: CampaignPlan = { status: 'ACTIVE' }
const ownedByEmea = { owner: scopedUser.userId }

/** 40 campaigns, oldest first. 120802 and 1111001 are those of the update and the launch sample. */
export const plans: readonly CampaignPlan[] = [
  { ...active, id: 120802, name: 'Rolling vendor onboarding', workflowType: 'FULL', dueInDays: 120 },
  {
    ...complete,
    name: demoCampaign,
    workflowType: 'SIMPLE',
    requiredRecipient: sampleRecipientId,
    recipients: 40,
  },
  ...[complete, complete, canceled, { ...complete, ...ownedByEmea }, complete, complete, complete],
  ...[canceled, complete, complete, { ...canceled, ...ownedByEmea }, complete, complete, complete],
  ...[
    complete,
    { ...active, dueInDays: -200 },
    complete,
    complete,
    { ...complete, ...ownedByEmea },
    complete,
    complete,
  ],
  { status: 'INACTIVE', name: 'Draft: physical security', dueInDays: -300, recipients: 12 },
  ...[complete, complete, { ...active, dueInDays: -60 }, canceled, complete, active],
  { ...active, ...ownedByEmea, name: 'EMEA processors 2026', workflowType: 'FULL', dueInDays: 20 },
  {
    ...active,
    id: sampleCampaignId,
    name: 'Vendor risk 2026',
    workflowType: 'FULL',
    templateId: sampleTemplateId,
    recipients: sampleQuestionnaireCount,
    owner: firstManager.userId,
    dueInDays: -21,
  },
  { ...active, name: 'Acceptable use 2026', workflowType: 'SIMPLE', dueInDays: 10 },
  { ...active, name: 'Payroll providers 2026', workflowType: 'REVIEWABLE', dueInDays: 3 },
  { ...active, ...ownedByEmea, name: 'Cloud <EMEA> & friends', workflowType: 'REVIEWABLE', dueInDays: 25 },
  { ...canceled, name: 'Log4j follow-up' },
  { status: 'INACTIVE', name: 'No recipients yet', workflowType: 'SIMPLE', recipients: 0, dueInDays: 60 },
  {
    status: 'INACTIVE',
    name: 'Policy attestation 2027',
    workflowType: 'SIMPLE',
    recipients: 30,
    dueInDays: 75,
  },
  {
    status: 'INACTIVE',
    ...ownedByEmea,
    name: 'EMEA onboarding 2027',
    workflowType: 'REVIEWABLE',
    recipients: 25,
    dueInDays: 80,
  },
  {
    status: 'INACTIVE',
    id: 1111001,
    name: 'Vendor risk 2027',
    workflowType: 'FULL',
    templateId: sampleTemplateId,
    recipients: 60,
    owner: firstManager.userId,
    dueInDays: 90,
  },
]

/** Campaigns, by index, with a fixed id and creation time; those of the others are interpolated. */
const fixedPoints = [
  { index: 0, id: 120802, at: Date.parse('2023-03-06T09:00:00Z') },
  {
    index: plans.findIndex(({ id }) => id === sampleCampaignId),
    id: sampleCampaignId,
    at: anchor - 70 * day,
  },
  { index: plans.length - 1, id: 1111001, at: anchor - 2 * day },
] as const

/** Id and creation time of the campaign at an index. */
export function interpolate(index: number): { id: number; at: number } {
  const next = fixedPoints.find((point) => point.index >= index) ?? fixedPoints[2]
  const previous = [...fixedPoints].reverse().find((point) => point.index <= index) ?? fixedPoints[0]
  const fraction = next === previous ? 0 : (index - previous.index) / (next.index - previous.index)
  const between = (from: number, to: number) => Math.round(from + (to - from) * fraction)
  return { id: between(previous.id, next.id), at: between(previous.at, next.at) }
}
