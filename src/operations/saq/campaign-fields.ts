import { z } from 'zod'
import type { SaqEffectTargets } from '../effects/effect-targets.ts'
import { instant, oneOf, whole, yesNo } from '../fields.ts'
import type { Input } from '../operation.ts'
import { workflowTypes } from './campaigns.ts'
import { longId, wordOf, words } from './fields.ts'

// The fields that creating and changing a campaign share.

export const fromUsers = 'from saq_search_users'
export const maxRecipients = 5_000

/** `2026-12-31T23:59:59Z`, as in all samples; a date without a time includes that day. */
const dueDate = instant('for the recipients', 'end')
  .unwrap()
  .refine((time) => /^\d{4}-/.test(time), { error: 'must lie before the year 10000' })
  .transform((time) => `${time.slice(0, 19)}Z`)

const notifications = z
  .array(
    z.strictObject({
      kind: oneOf(['reminder', 'dueDate', 'overdue']),
      enabled: yesNo().optional(),
      noOfDays: whole(0, 365, 'until the first').optional(),
      interval: whole(1, 365, 'days between').optional(),
    }),
    { error: 'must be a list such as [{"kind":"reminder","noOfDays":3,"interval":2}]' },
  )
  .min(1, { error: 'must hold at least one notification' })
  .refine((list) => new Set(list.map(({ kind }) => kind)).size === list.length, {
    error: 'names a kind twice; name each once',
  })
  .describe('mails to recipients')

export const fields = {
  name: words(255),
  templateId: longId('from saq_search_templates, published'),
  workflowType: wordOf(workflowTypes).describe('SIMPLE: answer; REVIEWABLE: and review; FULL: and approval'),
  dueDate,
  reviewerId: longId(fromUsers),
  approverId: longId(fromUsers),
  notifications,
} as const

export type CampaignInput = {
  readonly [Name in keyof typeof fields]?: z.output<(typeof fields)[Name]> | undefined
}

const byId = (id: string | undefined) => (id === undefined ? undefined : { id })
export const usersOf = (ids: readonly string[], more: object = {}) => ({
  User: ids.map((id) => ({ id, ...more })),
})

/** reference_campaign.htm; it prints "due date", the spelling is inferred. */
export function wireCampaign(input: CampaignInput) {
  const { name, templateId, workflowType, dueDate, reviewerId, approverId, notifications } = input
  const campaignNotification =
    notifications &&
    Object.fromEntries(
      notifications.map(({ kind, ...rest }) => [`${kind}Notification`, { enabled: true, ...rest }]),
    )
  return {
    name,
    template: byId(templateId),
    workflowType,
    dueDate,
    reviewer: byId(reviewerId),
    approver: byId(approverId),
    campaignNotification,
  }
}

/**
 * Why the people do not fit the workflow: FULL needs a reviewer and an approver, REVIEWABLE a reviewer,
 * SIMPLE nobody (reference_campaign.htm).
 */
export function validateWorkflow(input: CampaignInput): string | undefined {
  const { workflowType, reviewerId, approverId } = input
  if (workflowType === undefined) return undefined
  if (workflowType === 'FULL' && approverId === undefined)
    return 'A FULL campaign needs an approver: pass approverId, or choose REVIEWABLE or SIMPLE.'
  if (workflowType !== 'SIMPLE' && reviewerId === undefined)
    return `A ${workflowType} campaign needs a reviewer: pass reviewerId, or choose SIMPLE.`
  if (workflowType !== 'FULL' && approverId !== undefined)
    return `A ${workflowType} campaign has no approver: leave approverId out, or choose FULL.`
  if (workflowType === 'SIMPLE' && reviewerId !== undefined)
    return 'A SIMPLE campaign has no reviewer: leave reviewerId out, or choose REVIEWABLE.'
  return undefined
}

/** The same for a change: people already assigned count, if the new workflow keeps them. */
export function validateChange(current: Input, changes: CampaignInput): string | undefined {
  const { workflowType, reviewerId, approverId } = changes
  if ((workflowType ?? reviewerId ?? approverId) === undefined) return undefined
  const type = workflowTypes.find((word) => word === (workflowType ?? current['workflowType']))
  const kept = (role: 'reviewer' | 'approver', wanted: boolean): string | undefined =>
    wanted && current[role] !== undefined ? 'kept' : undefined
  return validateWorkflow({
    workflowType: type,
    reviewerId: reviewerId ?? kept('reviewer', type !== 'SIMPLE'),
    approverId: approverId ?? kept('approver', type === 'FULL'),
  })
}

/** True for a campaign that sends no mail yet. An unknown or hidden state counts as mailing. */
export const isInactive = (current: Input | undefined): boolean => current?.['status'] === 'INACTIVE'

export function validateDueDate({ dueDate }: CampaignInput, now: number): string | undefined {
  return dueDate !== undefined && Date.parse(dueDate) <= now
    ? `The due date ${dueDate} is past: pass one that is still to come.`
    : undefined
}

export const reviewersIn = ({
  reviewerId,
  approverId,
}: CampaignInput): Pick<SaqEffectTargets, 'reviewer' | 'approver'> => ({
  ...(reviewerId !== undefined && { reviewer: reviewerId }),
  ...(approverId !== undefined && { approver: approverId }),
})
