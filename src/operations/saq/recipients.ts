import { z } from 'zod'
import { yesNo } from '../fields.ts'
import type { Operation } from '../operation.ts'
import { localFilter } from '../reads/local-filter.ts'
import { campaignReads } from './campaigns.ts'
import { companyTest } from './columns/of-company.ts'
import { longId, received, searchInputs, words } from './fields.ts'
import { searchQuestionnaires, states } from './questionnaires.ts'
import { deriveRecipients } from './recipients/derive.ts'
import { companyGaps, gapNotes, questionnaireGaps } from './recipients/gaps.ts'
import { notSent, unknown } from './recipients/standing.ts'

type Row = Readonly<Record<string, unknown>>

const recipient = z.looseObject({
  id: received.id.optional(),
  ...received.texts('name', 'company', 'emailAddress', 'state', 'turn', 'questionnaireId', 'dueDate'),
  gaps: z.array(z.string()).optional(),
  daysOverdue: z.union([z.number(), z.literal(unknown)]).optional(),
})

const company = localFilter(words(256), (company, _, input) => ({
  ...companyTest(company, {
    companyOf: ({ company: shown }) => (typeof shown === 'string' ? shown : undefined),
    input,
  }),
  needs: 'their company',
  why: companyGaps,
}))

const state = localFilter(searchInputs.words([...states, notSent]), (wanted: readonly string[]) => ({
  test: ({ state: shown }: Row) => (shown === unknown ? undefined : wanted.includes(String(shown))),
  needs: 'the state of their questionnaire',
  why: questionnaireGaps,
}))

/** Keeps those whose open questionnaire is past its due date, or is not. */
const late = localFilter(yesNo('open and past due; false: open and not'), (isLate) => ({
  test: ({ daysOverdue, turn }) => {
    if (daysOverdue === unknown) return undefined
    if (daysOverdue !== undefined) return isLate
    if (isLate || turn === 'nobody') return false
    return turn === unknown ? undefined : true
  },
  needs: 'whether they are late',
  why: questionnaireGaps,
}))

/** The recipients of a campaign: no operation of Qualys, but put together from several. */
export const listRecipients: Operation = {
  name: 'saq_list_recipients',
  title: 'List recipients of a campaign',
  description: 'Who a campaign goes to, each with the state of their questionnaire and whose turn it is',
  route: searchQuestionnaires.route,
  effect: 'read',
  evidence: 'documented',
  source:
    'no operation of Qualys; from saq/api/campaigns/get_campaign_details.htm and the lists of questionnaires and users',
  input: { campaignId: longId('from saq_search_campaigns') },
  returns: 'rows',
  derive: ({ campaignId }, lists) =>
    deriveRecipients(
      { campaigns: campaignReads, questionnaires: searchQuestionnaires },
      String(campaignId),
      lists,
    ),
  record: recipient,
  columns: ['id', 'name', 'company', 'emailAddress', 'state', 'turn'],
  countBy: 'state',
  rowNotes: gapNotes,
  localFilters: { company, state, late },
  remarks: [
    'From the record of the campaign; if that shows no names, from the titles of its questionnaires, looked up among users.',
    'state NOT_SENT: no questionnaire; unknown: which questionnaire is theirs cannot be told, as with namesakes in different states.',
    'daysOverdue: of open questionnaires past their due date; unknown for INCOMPLETE. gaps: why the row does not show more.',
  ],
}
