import { longId } from '../../../operations/saq/fields.ts'
import { asJson, commonRules, optional, titledId } from './arguments.ts'
import type { PromptContent } from './content.ts'

function findCampaign(id: string | undefined): string[] {
  if (id !== undefined) return [`\`saq_campaign_status {"campaignId":${asJson(id)},"late":0}\` counts.`]
  return [
    '`saq_campaign_status {}` lists the running campaigns, the most overdue first, and who is late in several. If none is overdue or due within a week, say so and stop. Show one line for each of the five most urgent, say how many others there are, and ask which to chase, unless there is only one; then `saq_campaign_status` with its campaignId and late 0, which counts.',
  ]
}

function steps(id: string | undefined): string[] {
  return [
    ...findCampaign(id),
    'Sum up: how many questionnaires are open and overdue, whose turn it is (recipient, reviewer, approver; of INCOMPLETE Qualys does not say), the risk of what is answered, and how the due date stands. If none is open, say so and stop.',
    'List who is late, if anybody is: `saq_campaign_status` with campaignId: name, company, e-mail, days, whose turn. It shows the longest late first, and goes on with the token; say how many of all you show. All of them as a file: `saq_list_recipients` with campaignId and late true by `qualys_export`, if that tool is listed. Where a name is ambiguous or was not found, say so and choose nobody. No API tells which questions are answered: do not guess.',
    'Draft the reminders, as text for a person to send, one per company and one per reviewer or approver: campaign, due date, how long overdue, what is asked of them, and by when. Polite and short, without the names of other companies.',
    'Say which other step would help, and why: a later due date, other reminder mails, another reviewer (all by `saq_update_campaign`, if that tool is listed; reminders and people mail somebody in an active campaign), or ending it. Do none of it before the person asked for exactly that; the server asks again where its mode says so.',
  ]
}

/** The prompt for finding out who still owes what in a campaign. */
export const chase: PromptContent = {
  input: { campaignId: optional(titledId(longId('from saq_search_campaigns'))) },
  message: ({ campaignId }) => {
    const id = campaignId === undefined ? undefined : String(campaignId)
    return [
      id === undefined ? 'Chase the campaigns that are late.' : `Chase campaign ${asJson(id)}.`,
      ...steps(id).map((step, index) => `${index + 1}. ${step}`),
      ...commonRules,
    ].join('\n')
  },
}
