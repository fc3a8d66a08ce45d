import { whole } from '../../../operations/fields.ts'
import { longId } from '../../../operations/saq/fields.ts'
import { recipientInTitle } from '../../../operations/saq/people/names.ts'
import { searchQuestionnaires } from '../../../operations/saq/questionnaires.ts'
import type { Deviations, Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { redactJson } from '../../../shared/secrets.ts'
import { CampaignTally } from '../../effects/targets/campaign-tally.ts'
import { readCampaign } from '../../effects/targets/saq-targets.ts'
import type { Tool } from '../../tool.ts'
import { ContactLookup } from './contacts.ts'
import type { LateQuestionnaire } from './late-table.ts'
import { campaignReply } from './report.ts'

const defaultLate = 20
const maxLate = 200

/** False for a questionnaire of another campaign. */
function isOfCampaign({ campaign }: Row, id: string): boolean {
  return !isObject(campaign) || campaign['id'] === undefined || String(campaign['id']) === id
}

/** The tool that sums up all questionnaires of a campaign. `now` returns milliseconds since 1970. */
export function campaignStatusTool(now: () => number): Tool {
  return {
    name: 'saq_campaign_status',
    title: 'How a campaign is doing',
    description:
      'All questionnaires of a campaign counted by state, risk and days overdue: whose turn it is, and who is late, with company and e-mail.',
    effect: 'read',
    input: {
      campaignId: longId('from saq_search_campaigns'),
      late: whole(0, maxLate, 'late ones to list; default 20').optional(),
    },
    run: async (args, context) => {
      const { session, signal, progress, configuration } = context
      const id = String(args['campaignId'])
      const { row: campaign = {} } = await readCampaign(context, id)
      const tally = new CampaignTally(now(), Number(args['late'] ?? defaultLate))
      const list = {
        deviations: { drift: [] } as Deviations,
        resultLimit: undefined as string | undefined,
        otherCampaignRows: 0,
      }
      for await (const { rows, total, drift, leftOut, resultLimit } of session.walk(
        searchQuestionnaires,
        { campaignId: [id] },
        { signal },
      )) {
        for (const row of rows)
          if (isOfCampaign(row, id)) tally.add(redactJson(row, session.redact))
          else list.otherCampaignRows++
        Object.assign(list, { deviations: { drift, leftOut }, resultLimit })
        progress.report(tally.total + list.otherCampaignRows, total, 'questionnaires')
      }
      const contacts = new ContactLookup(context, campaign['recipients'])
      const late: LateQuestionnaire[] = []
      for (const questionnaire of tally.mostOverdue) {
        const name = recipientInTitle(questionnaire.title, String(campaign['name'] ?? ''))
        late.push({ questionnaire, ...(name !== undefined && { contact: await contacts.find(name) }) })
      }
      const { hasRecipients } = contacts
      const findings = { id, campaign, tally, late, hasRecipients, ...list, now: now() }
      return campaignReply(findings, configuration.settings.replyChars)
    },
  }
}

/** One call that answers "how is this campaign doing?". */
export const campaignStatus = campaignStatusTool(() => Date.now())
