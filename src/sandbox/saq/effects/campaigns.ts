import { toSecond } from '../../data/saq/campaigns.ts'
import type { Campaign } from '../../data/saq/rows.ts'
import { nextId } from '../../data/saq/store.ts'
import { mustNotBeSet, required } from '../../http/api-error.ts'
import { succeeded } from '../../http/envelope.ts'
import { callerOf } from '../../http/permission.ts'
import type { Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable, regular } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { element } from '../../xml/writer.ts'
import { readObject } from '../elements.ts'
import { campaignKind } from '../kinds.ts'
import { recall, sendOut } from '../progress.ts'
import { objectIn, readRequest } from '../request.ts'
import { rowById, rowsFor } from '../search.ts'
import { showCampaign } from '../shown.ts'
import { createCampaignInputs, noticesOf, updateCampaignInputs } from './campaign-inputs.ts'
import { demandStatus, inFuture, judges, recipientsOf, templateOf } from './campaign-rules.ts'
import { namedId } from './named-object.ts'
import { changing, userOf } from './rights.ts'

/** Creates, updates, launches, ends and deletes campaigns. */
export function campaignChangeRoutes(world: World): RouteTable {
  return {
    'POST /qps/rest/1.0/create/saq/questionnairecampaign': regular(changing((call) => created(world, call))),
    'POST /qps/rest/1.0/update/saq/questionnairecampaign': documented(
      changing((call) => updated(world, call)),
    ),
    'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}': documented(
      changing((call) => launched(world, call)),
    ),
    'POST /qps/rest/1.0/cancel/saq/questionnairecampaign/{campaignId}': regular(
      changing((call) => canceled(world, call)),
    ),
    'POST /qps/rest/1.0/delete/saq/questionnairecampaign/{campaignId}': regular(
      changing((call) => deleted(world, call)),
    ),
  }
}

function created(world: World, call: Call): Reply {
  const { saq, knobs } = world
  const must = ['name', 'template', 'workflowType', 'dueDate'] as const
  const object = objectIn(readRequest(world, call, 'data'), 'QuestionnaireCampaign')
  const inputs = readObject(object, createCampaignInputs, must, knobs.strictEffects)
  const now = toSecond(world.now())
  const { name, workflowType, dueDate } = inputs
  const campaign: Campaign = {
    id: nextId(saq.campaigns),
    name,
    workflowType,
    status: 'INACTIVE',
    created: now,
    updated: now,
    dueDate: inFuture(world, dueDate),
    template: templateOf(world, call, inputs.template.id),
    user: userOf(saq, callerOf(call)),
    ...judges(world, call, workflowType, inputs),
    recipients: recipientsOf(world, call, [], inputs.recipients),
    campaignNotification: noticesOf(inputs.campaignNotification),
  }
  saq.campaigns.push(campaign)
  return shown(world, call, campaign)
}

/**
 * A launched campaign accepts other recipients, reviewers, notifications and another date; a finished one no
 * change.
 */
function updated(world: World, call: Call): Reply {
  const object = objectIn(readRequest(world, call, 'data'), 'QuestionnaireCampaign')
  const inputs = readObject(object, updateCampaignInputs, ['id'], world.knobs.strictEffects)
  const campaign = rowById(campaignKind, rowsFor(world, call, campaignKind), inputs.id)
  demandStatus(campaign, ['INACTIVE', 'ACTIVE'], 'updated')
  const { workflowType = campaign.workflowType, name = campaign.name } = inputs
  if (campaign.status === 'ACTIVE') {
    if (workflowType !== campaign.workflowType) throw mustNotBeSet('workflowType')
    if (inputs.template && inputs.template.id !== campaign.template.id) throw mustNotBeSet('template')
  }
  const before = campaign.recipients
  const changes = {
    name,
    workflowType,
    dueDate: inputs.dueDate === undefined ? campaign.dueDate : inFuture(world, inputs.dueDate),
    template: inputs.template ? templateOf(world, call, inputs.template.id) : campaign.template,
    ...judges(world, call, workflowType, inputs, campaign),
    recipients: inputs.recipients ? recipientsOf(world, call, before, inputs.recipients) : before,
    campaignNotification: noticesOf(inputs.campaignNotification, campaign.campaignNotification),
    updated: toSecond(world.now()),
  }
  delete campaign.reviewer
  delete campaign.approver
  Object.assign(campaign, changes)
  if (campaign.status === 'ACTIVE') {
    const { recipients } = campaign
    recall(
      world,
      campaign,
      before.filter((user) => !recipients.includes(user)),
    )
    sendOut(
      world,
      campaign,
      recipients.filter((user) => !before.includes(user)),
    )
  }
  return shown(world, call, campaign)
}

function launched(world: World, call: Call): Reply {
  const id = namedId(world, call, 'QuestionnaireCampaign', true)
  const campaign = rowById(campaignKind, rowsFor(world, call, campaignKind), id)
  demandStatus(campaign, ['INACTIVE'], 'launched')
  if (campaign.recipients.length === 0) throw required('recipients')
  inFuture(world, campaign.dueDate)
  const now = toSecond(world.now())
  Object.assign(campaign, { status: 'ACTIVE', launchDate: now, updated: now })
  sendOut(world, campaign, campaign.recipients)
  return shown(world, call, campaign)
}

function canceled(world: World, call: Call): Reply {
  const id = namedId(world, call, 'QuestionnaireCampaign')
  const campaign = rowById(campaignKind, rowsFor(world, call, campaignKind), id)
  demandStatus(campaign, ['ACTIVE'], 'canceled')
  Object.assign(campaign, { status: 'CANCELED', updated: toSecond(world.now()) })
  recall(world, campaign, campaign.recipients)
  return shown(world, call, campaign)
}

/** Deletes its questionnaires too. */
function deleted(world: World, call: Call): Reply {
  const { campaigns, questionnaires } = world.saq
  const id = namedId(world, call, 'QuestionnaireCampaign')
  const gone = rowById(campaignKind, rowsFor(world, call, campaignKind), id)
  campaigns.splice(campaigns.indexOf(gone), 1)
  const kept = questionnaires.filter(({ campaign }) => campaign !== gone)
  questionnaires.splice(0, questionnaires.length, ...kept)
  return succeeded(call, { count: 1, data: [element('QuestionnaireCampaign', { id })] })
}

function shown({ knobs }: World, call: Call, campaign: Campaign): Reply {
  return succeeded(call, { count: 1, data: [showCampaign(campaign, knobs)] })
}
