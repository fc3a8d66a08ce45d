import { z } from 'zod'
import { campaignColumns } from './columns/campaign-columns.ts'
import { longIdsOf, received, searchInputs } from './fields.ts'
import { type SaqReads, saqObject } from './object.ts'
import type { CampaignReads } from './people/campaign-recipients.ts'
import { searchUsers, user } from './users.ts'

export const workflowTypes = ['SIMPLE', 'REVIEWABLE', 'FULL'] as const

/** current_count.htm; search_campaigns.htm prints the values of risk for workflowType, by mistake. */
const filters = {
  id: searchInputs.ids(),
  ...searchInputs.texts('name'),
  status: searchInputs.words(['INACTIVE', 'ACTIVE', 'COMPLETE', 'CANCELED']),
  workflowType: searchInputs.words(workflowTypes),
} as const

const notification = received.object({
  enabled: received.flag,
  noOfDays: received.number,
  interval: received.number,
})

/** get_campaign_details.htm; dueDate and recipients are in the part of the samples that is cut off. */
const fields = {
  id: received.id,
  ...received.texts('name', 'status', 'workflowType'),
  dueDate: received.timeOrDay,
  launchDate: received.time,
  created: received.time,
  updated: received.time,
  template: received.object({
    id: received.id.optional(),
    name: received.text,
    questionCnt: received.number,
  }),
  user: received.one(user.partial()),
  reviewer: received.one(user.partial()),
  approver: received.one(user.partial()),
  campaignNotification: received.object({
    reminderNotification: notification,
    dueDateNotification: notification,
    overdueNotification: notification,
  }),
} as const

/** A campaign with all its recipients, who may be thousands: for lookups, not for display. */
const wholeCampaign = z.looseObject({ ...fields, recipients: received.list(user.partial()) })

/** A person in short form. */
const person = received.one(
  user.partial().transform(({ id, firstName, lastName, company, emailAddress }) => ({
    id,
    name: [firstName, lastName].filter(Boolean).join(' '),
    company,
    emailAddress,
  })),
)

const maxNamedRecipients = 10

const campaign = z.looseObject({
  ...fields,
  user: person,
  reviewer: person,
  approver: person,
  recipients: received
    .list(user.partial())
    .transform(
      (people) =>
        people && {
          count: people.length,
          first: people
            .slice(0, maxNamedRecipients)
            .map(({ id, firstName, lastName, company }) =>
              [firstName, lastName, company, id].filter(Boolean).join(' '),
            ),
        },
    )
    .optional(),
})

export const [searchCampaigns, countCampaigns, getCampaign]: SaqReads = saqObject({
  noun: 'campaign',
  path: 'questionnairecampaign',
  filters,
  record: campaign,
  search: {
    description: 'Questionnaires being sent around; saq_campaign_status tells how one of them is doing',
    source: 'saq/api/campaigns/search_campaigns.htm',
    byId: longIdsOf,
    columns: ['id', 'name', 'status', 'workflowType', 'dueDate', 'launchDate', 'template.name'],
    undocumentedColumns: ['dueDate', 'recipients'],
    countBy: 'status',
    joinedColumns: campaignColumns(() => campaignReads),
    remarks: [
      'status INACTIVE: nobody mailed yet; ACTIVE: launched; COMPLETE; CANCELED. workflowType SIMPLE: answer; REVIEWABLE: and review; FULL: and approval.',
      'overdueDays: days past the due date of an active campaign, as ranges. A campaign counts once under each company of its recipients.',
    ],
  },
  count: {
    description: 'How many campaigns a search finds, also by company, overdueDays',
    evidence: 'documented',
    source: 'saq/api/campaigns/current_count.htm',
    inGroups: true,
  },
  get: {
    description: 'Workflow, template, people, dates and reminders of one campaign',
    evidence: 'documented',
    source: 'saq/api/campaigns/get_campaign_details.htm',
  },
})

/** How campaigns are read, as a list and with all their recipients, and how users are. */
export const campaignReads: CampaignReads = {
  list: searchCampaigns,
  users: searchUsers,
  search: { ...searchCampaigns, record: wholeCampaign },
  get: { ...getCampaign, record: wholeCampaign },
}
