import { whole } from '../../../operations/fields.ts'
import { longId } from '../../../operations/saq/fields.ts'
import { continuationToken } from '../../rows/list-input.ts'
import type { Tool } from '../../tool.ts'
import { readRunning } from './running/read-running.ts'
import { runningReply } from './running/report.ts'
import { listRequest } from './shared/list-request.ts'
import { readOneCampaign } from './single/one-campaign.ts'
import { campaignReply } from './single/report.ts'

const maxLate = 200
const name = 'saq_campaign_status'

/** The tool that sums up all questionnaires of a campaign, or of all that run. `now`: ms since 1970. */
export function campaignStatusTool(now: () => number): Tool {
  return {
    name,
    title: 'How campaigns are doing',
    description:
      'All questionnaires of a campaign counted by state, risk, company and days overdue: whose turn it is, and who is late, with company and e-mail. Without campaignId all running campaigns, the most overdue first, and who is late in several.',
    effect: 'read',
    input: {
      campaignId: longId('from saq_search_campaigns').optional(),
      late: whole(0, maxLate, 'late ones to list; default 20').optional(),
      continuationToken,
    },
    run: async (args, context) => {
      const { replyChars } = context.configuration.settings
      const request = await listRequest(name, args, context)
      const { campaignId } = args
      return campaignId === undefined
        ? runningReply(await readRunning(context, request, now()), replyChars)
        : campaignReply(await readOneCampaign(context, String(campaignId), request, now()), replyChars)
    },
  }
}

/** One call that answers "how is this campaign doing?". */
export const campaignStatus = campaignStatusTool(() => Date.now())
