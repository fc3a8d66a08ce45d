import { toWholeSecond } from '../../data/saq/campaigns.ts'
import type { Campaign } from '../../data/saq/rows.ts'
import { nextId } from '../../data/saq/store.ts'
import { missingElement, unexpectedElement } from '../../http/api-error.ts'
import { successEnvelope } from '../../http/envelope.ts'
import { callerOf } from '../../http/permission.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable, regular } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { element } from '../../xml/writer.ts'
import { readObject } from '../element-schema.ts'
import { campaignKind } from '../object-kinds.ts'
import { cancelQuestionnaires, sendQuestionnaires } from '../questionnaire-workflow.ts'
import { dataObject, readRequest } from '../request.ts'
import { campaignElement } from '../response-elements.ts'
import { rowById, scopedRows } from '../search.ts'
import { createCampaignInputs, mergeNotices, updateCampaignInputs } from './campaign-inputs.ts'
import {
  publishedTemplate,
  requireFuture,
  requireStatus,
  resolveRecipients,
  resolveReviewers,
} from './campaign-rules.ts'
import { readObjectId } from './object-id.ts'
import { requireWriteAccess, userOf } from './rights.ts'

/** Creates, updates, launches, ends and deletes campaigns. */
export function campaignChangeRoutes(world: World): RouteTable {
  return {
    'POST /qps/rest/1.0/create/saq/questionnairecampaign': regular(
      requireWriteAccess((call) => createCampaign(world, call)),
    ),
    'POST /qps/rest/1.0/update/saq/questionnairecampaign': documented(
      requireWriteAccess((call) => updateCampaign(world, call)),
    ),
    'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}': documented(
      requireWriteAccess((call) => launchCampaign(world, call)),
    ),
    'POST /qps/rest/1.0/cancel/saq/questionnairecampaign/{campaignId}': regular(
      requireWriteAccess((call) => cancelCampaign(world, call)),
    ),
    'POST /qps/rest/1.0/delete/saq/questionnairecampaign/{campaignId}': regular(
      requireWriteAccess((call) => deleteCampaign(world, call)),
    ),
  }
}

function createCampaign(world: World, call: Call): Reply {
  const { saq, knobs } = world
  const mandatory = ['name', 'template', 'workflowType', 'dueDate'] as const
  const object = dataObject(readRequest(world, call, 'data'), 'QuestionnaireCampaign')
  const inputs = readObject(object, createCampaignInputs, mandatory, knobs.strictEffects)
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
    template: publishedTemplate(world, call, inputs.template.id),
    user: userOf(saq, callerOf(call)),
    ...resolveReviewers(world, call, workflowType, inputs),
    recipients: resolveRecipients(world, call, [], inputs.recipients),
    campaignNotification: mergeNotices(inputs.campaignNotification),
  }
  saq.campaigns.push(campaign)
  return campaignReply(world, call, campaign)
}

/**
 * A launched campaign accepts changes of recipients, reviewers, notifications and due date; a finished one
 * accepts none.
 */
function updateCampaign(world: World, call: Call): Reply {
  const object = dataObject(readRequest(world, call, 'data'), 'QuestionnaireCampaign')
  const inputs = readObject(object, updateCampaignInputs, ['id'], world.knobs.strictEffects)
  const campaign = rowById(campaignKind, scopedRows(world, call, campaignKind), inputs.id)
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
    template: inputs.template ? publishedTemplate(world, call, inputs.template.id) : campaign.template,
    ...resolveReviewers(world, call, workflowType, inputs, campaign),
    recipients: inputs.recipients
      ? resolveRecipients(world, call, previousRecipients, inputs.recipients)
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
  return campaignReply(world, call, campaign)
}

function launchCampaign(world: World, call: Call): Reply {
  const id = readObjectId(world, call, 'QuestionnaireCampaign', true)
  const campaign = rowById(campaignKind, scopedRows(world, call, campaignKind), id)
  requireStatus(campaign, ['INACTIVE'], 'launched')
  if (campaign.recipients.length === 0) throw missingElement('recipients')
  requireFuture(world, campaign.dueDate)
  const now = toWholeSecond(world.now())
  Object.assign(campaign, { status: 'ACTIVE', launchDate: now, updated: now })
  sendQuestionnaires(world, campaign, campaign.recipients)
  return campaignReply(world, call, campaign)
}

function cancelCampaign(world: World, call: Call): Reply {
  const id = readObjectId(world, call, 'QuestionnaireCampaign')
  const campaign = rowById(campaignKind, scopedRows(world, call, campaignKind), id)
  requireStatus(campaign, ['ACTIVE'], 'canceled')
  Object.assign(campaign, { status: 'CANCELED', updated: toWholeSecond(world.now()) })
  cancelQuestionnaires(world, campaign, campaign.recipients)
  return campaignReply(world, call, campaign)
}

/** Deletes its questionnaires too. */
function deleteCampaign(world: World, call: Call): Reply {
  const { campaigns, questionnaires } = world.saq
  const id = readObjectId(world, call, 'QuestionnaireCampaign')
  const deletedCampaign = rowById(campaignKind, scopedRows(world, call, campaignKind), id)
  campaigns.splice(campaigns.indexOf(deletedCampaign), 1)
  const remaining = questionnaires.filter(({ campaign }) => campaign !== deletedCampaign)
  questionnaires.splice(0, questionnaires.length, ...remaining)
  return successEnvelope(call, { count: 1, data: [element('QuestionnaireCampaign', { id })] })
}

function campaignReply({ knobs }: World, call: Call, campaign: Campaign): Reply {
  return successEnvelope(call, { count: 1, data: [campaignElement(campaign, knobs)] })
}
