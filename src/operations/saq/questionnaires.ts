import { z } from 'zod'
import { received, searchInputs } from './fields.ts'
import { saqObject } from './object.ts'

/** search_questionnaires.htm. */
const states = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED', 'INCOMPLETE', 'CANCELED'] as const
const risks = ['VERY_HIGH', 'HIGH', 'MEDIUM', 'LOW'] as const

/**
 * Whose turn it is in a state: inferred from the workflows (reference_campaign.htm), which do not mention
 * INCOMPLETE.
 */
const turns: Readonly<Record<string, 'recipient' | 'reviewer' | 'approver'>> = {
  INFORMATION_GATHERING: 'recipient',
  REVIEW: 'reviewer',
  APPROVAL: 'approver',
}
const ended = ['CLOSED', 'CANCELED']

/**
 * The role that must act on a questionnaire in this state; undefined if nobody must or if it is not
 * documented.
 */
export const turnOf = (state: string): string | undefined =>
  Object.hasOwn(turns, state) ? turns[state] : undefined

/** True if it is known whose turn it is, or that it is nobody's. */
export const isKnown = (state: string): boolean => turnOf(state) !== undefined || ended.includes(state)

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
  dueDate: received.time,
  state: received.text,
  risk: received.text,
  campaign: received.object({ id: received.id.optional(), name: received.text }),
})

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
    remarks: [
      'state INFORMATION_GATHERING: the turn of the recipient, REVIEW: of the reviewer, APPROVAL: of the approver; INCOMPLETE: Qualys does not say; CLOSED and CANCELED are over.',
      'title is "campaign - recipient": two people may share a name.',
    ],
  },
  count: {
    description:
      'How many questionnaires a search finds; saq_campaign_status counts a campaign by state and risk at once',
    evidence: 'regular',
    source: 'no page; as counting campaigns and users (current_count.htm)',
  },
  get: {
    description: 'State, risk and due date of one questionnaire',
    evidence: 'regular',
    source: 'no page; as campaigns/get_campaign_details.htm',
  },
})
