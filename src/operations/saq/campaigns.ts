import { z } from 'zod'
import { operation } from '../operation.ts'
import { count, counted, longId, longIdsOf, search, searched, sent } from './fields.ts'
import { user } from './users.ts'

export const workflowTypes = ['SIMPLE', 'REVIEWABLE', 'FULL'] as const

/** current_count.htm; search_campaigns.htm prints the values of risk for workflowType, by mistake. */
const filters = {
  id: searched.ids(),
  name: searched.text(),
  nameContains: searched.text(),
  status: searched.words(['INACTIVE', 'ACTIVE', 'COMPLETE', 'CANCELED']),
  workflowType: searched.words(workflowTypes),
} as const

const notification = sent.object({ enabled: sent.flag, noOfDays: sent.number, interval: sent.number })

/** get_campaign_details.htm; dueDate and recipients are in the part of the samples that is cut off. */
const fields = {
  id: sent.id,
  name: sent.text,
  status: sent.text,
  workflowType: sent.text,
  dueDate: sent.time,
  launchDate: sent.time,
  created: sent.time,
  updated: sent.time,
  template: sent.object({ id: sent.id.optional(), name: sent.text, questionCnt: sent.number }),
  user: sent.one(user.partial()),
  reviewer: sent.one(user.partial()),
  approver: sent.one(user.partial()),
  campaignNotification: sent.object({
    reminderNotification: notification,
    dueDateNotification: notification,
    overdueNotification: notification,
  }),
} as const

/** A campaign with all its recipients, who may be thousands: for lookups, not for display. */
export const wholeCampaign = z.looseObject({ ...fields, recipients: sent.list(user.partial()) })

/** A person in short form. */
const person = sent.one(
  user.partial().transform(({ id, firstName, lastName, company, emailAddress }) => ({
    id,
    name: [firstName, lastName].filter(Boolean).join(' '),
    company,
    emailAddress,
  })),
)

const mostNamed = 10

const campaign = z.looseObject({
  ...fields,
  user: person,
  reviewer: person,
  approver: person,
  recipients: sent
    .list(user.partial())
    .transform(
      (people) =>
        people && {
          count: people.length,
          first: people
            .slice(0, mostNamed)
            .map(({ id, firstName, lastName, company }) =>
              [firstName, lastName, company, id].filter(Boolean).join(' '),
            ),
        },
    )
    .optional(),
})

export const searchCampaigns = operation({
  name: 'saq_search_campaigns',
  title: 'Search campaigns',
  description: 'Questionnaires being sent around; saq_campaign_status tells how one of them is doing',
  route: 'POST /qps/rest/1.0/search/saq/questionnairecampaign',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/campaigns/search_campaigns.htm',
  input: filters,
  request: search,
  returns: 'rows',
  paging: { kind: 'qps', by: 'offset' },
  byId: longIdsOf,
  record: campaign,
  columns: ['id', 'name', 'status', 'workflowType', 'dueDate', 'launchDate', 'template.name'],
  tally: 'status',
})

export const countCampaigns = operation({
  name: 'saq_count_campaigns',
  title: 'Count campaigns',
  description: 'How many campaigns a search finds',
  route: 'POST /qps/rest/1.0/count/saq/questionnairecampaign',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/campaigns/current_count.htm',
  input: filters,
  request: count,
  returns: 'record',
  record: counted,
  columns: ['count'],
})

export const getCampaign = operation({
  name: 'saq_get_campaign',
  title: 'Get a campaign',
  description: 'Workflow, template, people, dates and reminders of one campaign',
  route: 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/campaigns/get_campaign_details.htm',
  input: { campaignId: longId('from saq_search_campaigns') },
  returns: 'record',
  record: campaign,
  columns: ['*'],
})
