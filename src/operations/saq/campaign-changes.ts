import { z } from 'zod'
import { oneRecord } from '../fields.ts'
import { operation } from '../operation.ts'
import { idOrHint, inSentence } from '../sentences.ts'
import {
  type CampaignInput,
  fields,
  fromUsers,
  isInactive,
  maxRecipients,
  reviewersIn,
  usersOf,
  validateChange,
  validateDueDate,
  validateWorkflow,
  wireCampaign,
} from './campaign-fields.ts'
import { workflowTypes } from './campaigns.ts'
import { longId, longIds, received, wordOf, words } from './fields.ts'

const fromCampaigns = 'from saq_search_campaigns'

const storedCampaign = z.looseObject({
  id: received.id.optional(),
  status: received.text,
  count: received.number,
})

/** Why the answer does not show the expected state; undefined if it does, or if it shows none. */
const unexpectedStatus = (status: unknown, expected: string): string | undefined =>
  status === undefined || status === expected ? undefined : `shows it as ${inSentence(status, 60)}`
const recovery = 'look with saq_get_campaign'

/** The number of people that the lists of a call name, if there are any. */
function bulkOf(...lists: readonly (readonly string[] | undefined)[]): { readonly bulkSize?: number } {
  const named = lists.flatMap((list) => list ?? [])
  return named.length > 0 ? { bulkSize: named.length } : {}
}

export const createCampaign = operation({
  name: 'saq_create_campaign',
  title: 'Create a campaign',
  description:
    'Prepare a questionnaire for recipients, named by id, company or tag; nobody is mailed before saq_launch_campaign',
  route: 'POST /qps/rest/1.0/create/saq/questionnairecampaign',
  effect: 'create',
  evidence: 'regular',
  source:
    'reference_campaign.htm, "Create a New Campaign API" exists unread; recipients by <add> as on update_a_campaign.htm, dueDate inferred',
  input: {
    name: fields.name,
    templateId: fields.templateId,
    workflowType: fields.workflowType,
    dueDate: fields.dueDate,
    reviewerId: fields.reviewerId.optional(),
    approverId: fields.approverId.optional(),
    recipientIds: longIds(fromUsers, maxRecipients).optional(),
    recipientCompany: words(255, 'everyone of it').optional(),
    recipientTag: words(255, 'name; everyone with it').optional(),
    notifications: fields.notifications.optional(),
  },
  request: ({ recipientIds, ...written }) => ({
    body: {
      data: {
        QuestionnaireCampaign: {
          ...wireCampaign(written),
          ...(recipientIds && { recipients: { add: usersOf(recipientIds) } }),
        },
      },
    },
  }),
  ...oneRecord(storedCampaign),
  change: {
    validate: (input, now) => validateWorkflow(input) ?? validateDueDate(input, now),
    targets: (input) => ({
      product: 'saq',
      ...reviewersIn(input),
      templates: [input.templateId],
      recipients: {
        into: 'recipientIds',
        ids: input.recipientIds,
        company: input.recipientCompany,
        tag: input.recipientTag,
      },
      ...bulkOf(input.recipientIds),
    }),
    verify: 'campaign',
    summary: ({ id }) => `campaign ${idOrHint(id, 'saq_search_campaigns')} created`,
    next: () => 'Nobody has been mailed yet: look at it with saq_get_campaign, then saq_launch_campaign.',
    recovery: 'look for the name with saq_search_campaigns',
  },
})

interface PeopleChange extends CampaignInput {
  readonly addRecipientIds?: readonly string[] | undefined
  readonly addRecipientCompany?: string | undefined
  readonly addRecipientTag?: string | undefined
}

/** True if somebody gets a role or is reminded; reminders that are switched off mail nobody. */
const mailsPeople = ({ notifications = [], ...people }: PeopleChange): boolean =>
  [people.addRecipientIds, people.addRecipientCompany, people.addRecipientTag].some(
    (named) => named !== undefined,
  ) ||
  (people.reviewerId ?? people.approverId) !== undefined ||
  notifications.some(({ enabled }) => enabled !== false)

const addsNobody = { whenEmpty: 'leave it out to add nobody' }

export const updateCampaign = operation({
  name: 'saq_update_campaign',
  title: 'Update a campaign',
  description: 'Change a campaign, or add and remove recipients; in an active one that mails people',
  route: 'POST /qps/rest/1.0/update/saq/questionnairecampaign',
  effect: 'update',
  evidence: 'documented',
  source: 'saq/api/campaigns/update_a_campaign.htm; <remove> by the rule of the framework',
  input: {
    campaignId: longId(fromCampaigns),
    name: fields.name.optional(),
    workflowType: wordOf(workflowTypes).optional(),
    dueDate: fields.dueDate.optional(),
    reviewerId: fields.reviewerId.optional(),
    approverId: fields.approverId.optional(),
    addRecipientIds: longIds(fromUsers, maxRecipients).meta(addsNobody).optional(),
    addRecipientCompany: words(255).meta(addsNobody).optional(),
    addRecipientTag: words(255, 'name').meta(addsNobody).optional(),
    removeRecipientIds: longIds(`${fromUsers}; unverified`, maxRecipients)
      .meta({ whenEmpty: 'leave it out to remove nobody' })
      .optional(),
    notifications: fields.notifications
      .meta({ whenEmpty: 'leave it out to keep what is stored, or pass each kind with enabled: false' })
      .optional(),
  },
  request: ({ campaignId, addRecipientIds, removeRecipientIds, ...written }) => {
    const recipients = {
      // The sample's word; no page explains other values.
      ...(addRecipientIds && { add: usersOf(addRecipientIds, { assigned: 'New' }) }),
      ...(removeRecipientIds && { remove: usersOf(removeRecipientIds) }),
    }
    return {
      body: {
        data: {
          QuestionnaireCampaign: {
            id: campaignId,
            ...wireCampaign(written),
            ...(Object.keys(recipients).length > 0 && { recipients }),
          },
        },
      },
    }
  },
  ...oneRecord(storedCampaign),
  change: {
    // People who get a role in a running campaign are mailed (add_users.htm of the portal help).
    effect: ({ campaignId: _, name: _name, workflowType: _type, dueDate: _due, ...people }, current) =>
      Object.values(people).some((value) => value !== undefined) && !isInactive(current)
        ? 'execute'
        : 'update',
    validate: ({ campaignId: _, ...changes }, now) => {
      if (Object.values(changes).every((value) => value === undefined))
        return 'There is nothing to change: pass what is to be set.'
      const both = changes.removeRecipientIds?.find((id) => changes.addRecipientIds?.includes(id))
      return both === undefined
        ? validateDueDate(changes, now)
        : `Recipient ${both} is to be added and removed at once: pass the id in one of the lists.`
    },
    validateAgainst: (current, input) =>
      current['status'] === 'CANCELED'
        ? `Campaign ${input.campaignId} is canceled and can only be read: create a new one.`
        : validateChange(current, input),
    targets: (input) => ({
      product: 'saq',
      ...reviewersIn(input),
      campaigns: [input.campaignId],
      changesReminders: input.notifications !== undefined,
      movesReminders: input.dueDate !== undefined,
      recipients: {
        into: 'addRecipientIds',
        ids: input.addRecipientIds,
        company: input.addRecipientCompany,
        tag: input.addRecipientTag,
      },
      ...(input.removeRecipientIds && { removed: input.removeRecipientIds }),
      ...bulkOf(input.addRecipientIds, input.removeRecipientIds),
    }),
    acts: (input, current) => (mailsPeople(input) && !isInactive(current) ? ['mail'] : []),
    warnings: ({ removeRecipientIds }) =>
      removeRecipientIds
        ? ['What becomes of the answers of recipients that are removed is not documented.']
        : [],
    expectedIds: ({ campaignId }) => [campaignId],
    verify: 'campaign',
    summary: (_, { campaignId }) => `campaign ${campaignId} updated`,
    recovery: recovery,
  },
})

/**
 * A call on one campaign: the id is in the path and in the body, and the body wins if they differ
 * (launch_campaign.htm).
 */
const oneCampaign = {
  input: { campaignId: longId(fromCampaigns) },
  request: ({ campaignId }: { readonly campaignId: string }) => ({
    body: { data: { QuestionnaireCampaign: { id: campaignId } } },
  }),
  ...oneRecord(storedCampaign),
} as const

export const launchCampaign = operation({
  name: 'saq_launch_campaign',
  title: 'Launch a campaign',
  description: 'Send the questionnaires of an inactive campaign: every recipient is mailed',
  route: 'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}',
  effect: 'execute',
  evidence: 'documented',
  source:
    'saq/api/campaigns/launch_campaign.htm: id in path and body, where its sample has two different ones',
  ...oneCampaign,
  change: {
    targets: ({ campaignId }) => ({ product: 'saq', campaigns: [campaignId], mailsRecipients: true }),
    acts: () => ['mail'],
    validateAgainst: ({ status }, { campaignId }) =>
      status === undefined || status === 'INACTIVE'
        ? undefined
        : `Campaign ${campaignId} is ${inSentence(status, 60)}, and only INACTIVE ones can be launched: create a new one for another round.`,
    warnings: () => ['Mail that went out cannot be called back.'],
    expectedIds: ({ campaignId }) => [campaignId],
    checkResult: ({ status }) => unexpectedStatus(status, 'ACTIVE'),
    verify: 'launch',
    summary: (_, { campaignId }) => `campaign ${campaignId} launched`,
    next: () => 'Follow it with saq_campaign_status.',
    recovery: `${recovery}: ACTIVE means it was launched`,
  },
})

export const cancelCampaign = operation({
  name: 'saq_cancel_campaign',
  title: 'Cancel a campaign',
  description: 'End a campaign early: its questionnaires can then only be read',
  route: 'POST /qps/rest/1.0/cancel/saq/questionnairecampaign/{campaignId}',
  effect: 'execute',
  evidence: 'regular',
  source: '"Cancel Campaign API" exists (cancel_campaign.htm), unread; path by the rule of its siblings',
  ...oneCampaign,
  change: {
    targets: ({ campaignId }) => ({
      product: 'saq',
      campaigns: [campaignId],
      deletesQuestionnaires: true,
      endsMails: true,
    }),
    quiets: () => true,
    validateAgainst: ({ status }, { campaignId }) =>
      status === 'CANCELED'
        ? `Campaign ${campaignId} is canceled already: nothing is left to do.`
        : undefined,
    warnings: () => [
      'A canceled campaign cannot be taken up again; its open questionnaires are lost to their answerers.',
    ],
    expectedIds: ({ campaignId }) => [campaignId],
    checkResult: ({ status }) => unexpectedStatus(status, 'CANCELED'),
    verify: 'cancel',
    summary: (_, { campaignId }) => `campaign ${campaignId} canceled`,
    recovery: recovery,
  },
})

export const deleteCampaign = operation({
  name: 'saq_delete_campaign',
  title: 'Delete a campaign',
  description: 'Remove a campaign with its questionnaires for good',
  route: 'POST /qps/rest/1.0/delete/saq/questionnairecampaign/{campaignId}',
  effect: 'delete',
  evidence: 'regular',
  source: '"Delete Campaign API" exists (delete_campaign.htm), unread; path by the rule of its siblings',
  ...oneCampaign,
  change: {
    targets: ({ campaignId }) => ({
      product: 'saq',
      campaigns: [campaignId],
      deletesQuestionnaires: true,
      endsMails: true,
    }),
    warnings: () => ['A deleted campaign, and every answer in it, cannot be brought back.'],
    expectedIds: ({ campaignId }) => [campaignId],
    verify: 'deletion',
    summary: (_, { campaignId }) => `campaign ${campaignId} deleted`,
    recovery: 'look with saq_search_campaigns',
  },
})
