import { z } from 'zod'
import { yesNo } from '../fields.ts'
import { localFilter } from '../reads/local-filter.ts'
import { campaignReads } from './campaigns.ts'
import { completeFromCampaigns } from './columns/campaign-dates.ts'
import { ofCompany } from './columns/of-company.ts'
import { dueTimeOf } from './columns/overdue.ts'
import { isOpen, questionnaireColumns } from './columns/questionnaire-columns.ts'
import { received, searchInputs } from './fields.ts'
import { saqObject } from './object.ts'

/** search_questionnaires.htm. */
export const states = [
  'INFORMATION_GATHERING',
  'REVIEW',
  'APPROVAL',
  'CLOSED',
  'INCOMPLETE',
  'CANCELED',
] as const
const risks = ['VERY_HIGH', 'HIGH', 'MEDIUM', 'LOW'] as const

const filters = {
  id: searchInputs.ids(),
  campaignId: searchInputs.ids('from saq_search_campaigns'),
  state: searchInputs.words(states),
  risk: searchInputs.words(risks),
} as const

/** The page is cut off after title and dueDate; state, risk and campaign come from its filters. */
const questionnaire = z.looseObject({
  id: received.id,
  title: received.text,
  dueDate: received.timeOrDay,
  state: received.text,
  risk: received.text,
  campaign: received.object({ id: received.id.optional(), name: received.text }),
})

/** Keeps the open questionnaires that are past their due date, or those that are not. */
const late = localFilter(yesNo(), (isLate, { now }) => ({
  test: (row) => {
    const isStillOpen = isOpen(row)
    if (!isStillOpen) return isStillOpen
    const due = dueTimeOf(row)
    return due === undefined ? undefined : due < now === isLate
  },
  needs: 'a due date, or a state that is documented as open or ended (INCOMPLETE is neither)',
}))

export const [searchQuestionnaires, countQuestionnaires, getQuestionnaire] = saqObject({
  noun: 'questionnaire',
  path: 'questionnaire',
  filters,
  record: questionnaire,
  search: {
    description:
      'One row per recipient of a campaign, titled "campaign - recipient"; no API tells the answers',
    source: 'saq/api/questionnaires/search_questionnaires.htm; its sample of risk is garbled',
    columns: ['id', 'title', 'state', 'risk', 'dueDate'],
    undocumentedColumns: ['state', 'risk', 'campaign'],
    countBy: 'state',
    localFilters: { late, company: ofCompany(campaignReads) },
    joinedColumns: questionnaireColumns(campaignReads),
    complete: (rows, lists) => completeFromCampaigns(campaignReads.list, rows, lists),
    remarks: [
      'state INFORMATION_GATHERING: the turn of the recipient, REVIEW: of the reviewer, APPROVAL: of the approver; INCOMPLETE: Qualys does not say; CLOSED and CANCELED are over.',
      'title is "campaign - recipient". recipient: the name in it, so that namesakes count as one; company: unknown for namesakes in different companies.',
      'late, overdueDays: past the due date and still open. turn: who must act next.',
    ],
  },
  count: {
    description: 'How many questionnaires a search finds, also by recipient, company, turn, overdueDays',
    inGroups: true,
    evidence: 'regular',
    source: 'no page; as counting campaigns and users (current_count.htm)',
  },
  get: {
    description: 'State, risk and due date of one questionnaire',
    evidence: 'regular',
    source: 'no page; as campaigns/get_campaign_details.htm',
  },
})
