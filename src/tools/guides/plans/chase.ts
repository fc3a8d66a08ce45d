import { longId } from '../../../operations/saq/fields.ts'
import { asJson, commonRules, optional } from './arguments.ts'
import type { Plan } from './plan.ts'

function findCampaign(id: string | undefined): string[] {
  if (id !== undefined) return [`\`saq_campaign_status {"campaignId":${asJson(id)},"late":0}\` counts.`]
  return [
    '`saq_search_campaigns {"status":["ACTIVE"],"pageSize":200}`, on with the token to the end. Those whose due date is past or lies within a week come first, the longest past at the top; if there is none, say so and stop.',
    '`saq_count_questionnaires {"late":true,"groupBy":["campaign.id","campaign.name"],"top":50}` counts who is late in each. Show one line for each of the five most urgent, say how many others there are, and ask which to chase, unless there is only one; then `saq_campaign_status` with its campaignId and late 0, which counts.',
  ]
}

function steps(id: string | undefined): string[] {
  return [
    ...findCampaign(id),
    'Sum up: how many questionnaires are open and overdue, whose turn it is (recipient, reviewer, approver; of INCOMPLETE Qualys does not say), the risk of what is answered, and how the due date stands. If none is open, say so and stop.',
    'List who is late, if anybody is: `saq_campaign_status` with campaignId and late the number of overdue ones, at most 200: name, company, e-mail, days, whose turn. Its line "late" says how many of all it shows, the longest first; say so too. All of them, by company but without e-mail: `saq_count_questionnaires` with campaignId, late true, groupBy ["company","recipient"] and top 500; as a file: `saq_search_questionnaires` with campaignId and late true by `qualys_export`, if that tool is listed. Where a name is ambiguous or was not found, say so and choose nobody. No API tells which questions are answered: do not guess.',
    'Draft the reminders, as text for a person to send, one per company and one per reviewer or approver: campaign, due date, how long overdue, what is asked of them, and by when. Polite and short, without the names of other companies.',
    'Say which other step would help, and why: a later due date, other reminder mails, another reviewer (all by `saq_update_campaign`, if that tool is listed; reminders and people mail somebody in an active campaign), or ending it. Do none of it before the person asked for exactly that; the server asks again where its mode says so.',
  ]
}

/** The plan for finding out who still owes what in a campaign. */
export const chase: Plan = {
  input: { campaignId: optional(longId('from saq_search_campaigns')) },
  message: ({ campaignId }) => {
    const id = campaignId === undefined ? undefined : String(campaignId)
    return [
      id === undefined ? 'Chase the campaigns that are late.' : `Chase campaign ${asJson(id)}.`,
      ...steps(id).map((step, index) => `${index + 1}. ${step}`),
      ...commonRules,
    ].join('\n')
  },
}
