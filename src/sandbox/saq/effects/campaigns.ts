import { removeRows } from '../../data/remove-rows.ts'
import { toWholeSecond } from '../../data/saq/campaigns.ts'
import type { Campaign } from '../../data/saq/rows.ts'
import { nextId } from '../../data/saq/store.ts'
import { missingElement, unexpectedElement } from '../../http/api-error.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable, regular } from '../../route.ts'
import { campaignKind } from '../object-kinds.ts'
import { cancelQuestionnaires, sendQuestionnaires } from '../questionnaire-workflow.ts'
import { readRequest } from '../request.ts'
import { requireRow } from '../search.ts'
import { createCampaignInputs, mergeNotices, updateCampaignInputs } from './campaign-inputs.ts'
import {
  publishedTemplate,
  requireFuture,
  requireStatus,
  resolveRecipients,
  resolveReviewers,
} from './campaign-rules.ts'
import { changedReply, idsReply, readInputs, requestedRow } from './objects.ts'
import { userOf } from './rights.ts'

/** Creates, updates, launches, ends and deletes campaigns. */
export const campaignChangeRoutes: RouteTable = {
  'POST /qps/rest/1.0/create/saq/questionnairecampaign': {
    ...regular(createCampaign),
    inputs: createCampaignInputs,
  },
  'POST /qps/rest/1.0/update/saq/questionnairecampaign': {
    ...documented(updateCampaign),
    inputs: updateCampaignInputs,
  },
  'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}': documented(launchCampaign),
  'POST /qps/rest/1.0/cancel/saq/questionnairecampaign/{campaignId}': regular(cancelCampaign),
  'POST /qps/rest/1.0/delete/saq/questionnairecampaign/{campaignId}': regular(deleteCampaign),
}

function createCampaign(call: Call): Reply {
  const { account, world } = call
  const { saq } = world
  const mandatory = ['name', 'template', 'workflowType', 'dueDate'] as const
  const inputs = readInputs(call, readRequest(call, 'data'), campaignKind, createCampaignInputs, mandatory)
  const now = toWholeSecond(world.now())
  const { name, workflowType, dueDate } = inputs
  const campaign: Campaign = {
    id: nextId(saq.campaigns),
    name,
    workflowType,
    status: 'INACTIVE',
    created: now,
    updated: now,
    dueDate: requireFuture(world, dueDate),
    template: publishedTemplate(call, inputs.template.id),
    user: userOf(saq, account),
    ...resolveReviewers(call, workflowType, inputs),
    recipients: resolveRecipients(call, [], inputs.recipients),
    campaignNotification: mergeNotices(inputs.campaignNotification),
  }
  saq.campaigns.push(campaign)
  return changedReply(call, campaignKind, [campaign])
}

/**
 * A launched campaign accepts changes of recipients, reviewers, notifications and due date; a finished one
 * accepts none.
 */
function updateCampaign(call: Call): Reply {
  const { world } = call
  const inputs = readInputs(call, readRequest(call, 'data'), campaignKind, updateCampaignInputs, ['id'])
  const campaign = requireRow(call, campaignKind, inputs.id)
  requireStatus(campaign, ['INACTIVE', 'ACTIVE'], 'updated')
  const { workflowType = campaign.workflowType, name = campaign.name } = inputs
  if (campaign.status === 'ACTIVE') {
    if (workflowType !== campaign.workflowType) throw unexpectedElement('workflowType')
    if (inputs.template && inputs.template.id !== campaign.template.id) throw unexpectedElement('template')
  }
  const previousRecipients = campaign.recipients
  const changes = {
    name,
    workflowType,
    dueDate: inputs.dueDate === undefined ? campaign.dueDate : requireFuture(world, inputs.dueDate),
    template: inputs.template ? publishedTemplate(call, inputs.template.id) : campaign.template,
    ...resolveReviewers(call, workflowType, inputs, campaign),
    recipients: inputs.recipients
      ? resolveRecipients(call, previousRecipients, inputs.recipients)
      : previousRecipients,
    campaignNotification: mergeNotices(inputs.campaignNotification, campaign.campaignNotification),
    updated: toWholeSecond(world.now()),
  }
  delete campaign.reviewer
  delete campaign.approver
  Object.assign(campaign, changes)
  if (campaign.status === 'ACTIVE') {
    const { recipients } = campaign
    cancelQuestionnaires(
      world,
      campaign,
      previousRecipients.filter((user) => !recipients.includes(user)),
    )
    sendQuestionnaires(
      world,
      campaign,
      recipients.filter((user) => !previousRecipients.includes(user)),
    )
  }
  return changedReply(call, campaignKind, [campaign])
}

function launchCampaign(call: Call): Reply {
  const { world } = call
  const campaign = requestedRow(call, campaignKind, true)
  requireStatus(campaign, ['INACTIVE'], 'launched')
  if (campaign.recipients.length === 0) throw missingElement('recipients')
  requireFuture(world, campaign.dueDate)
  const now = toWholeSecond(world.now())
  Object.assign(campaign, { status: 'ACTIVE', launchDate: now, updated: now })
  sendQuestionnaires(world, campaign, campaign.recipients)
  return changedReply(call, campaignKind, [campaign])
}

function cancelCampaign(call: Call): Reply {
  const { world } = call
  const campaign = requestedRow(call, campaignKind)
  requireStatus(campaign, ['ACTIVE'], 'canceled')
  Object.assign(campaign, { status: 'CANCELED', updated: toWholeSecond(world.now()) })
  cancelQuestionnaires(world, campaign, campaign.recipients)
  return changedReply(call, campaignKind, [campaign])
}

/** Deletes its questionnaires too. */
function deleteCampaign(call: Call): Reply {
  const { campaigns, questionnaires } = call.world.saq
  const deleted = requestedRow(call, campaignKind)
  removeRows(campaigns, (campaign) => campaign === deleted)
  removeRows(questionnaires, ({ campaign }) => campaign === deleted)
  return idsReply(call, campaignKind, [deleted])
}
