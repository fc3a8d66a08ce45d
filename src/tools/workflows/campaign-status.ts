import { whole } from '../../operations/fields.ts'
import { hintsOf } from '../../operations/operation.ts'
import { longId } from '../../operations/saq/fields.ts'
import { searchQuestionnaires } from '../../operations/saq/questionnaires.ts'
import { redacted } from '../../secrets.ts'
import { campaignNow } from '../effects/audience.ts'
import type { Tool } from '../tool.ts'
import { campaignReply, type LatePerson } from './campaign-report.ts'
import { CampaignTally } from './campaign-tally.ts'
import { nameIn, People } from './people.ts'

const usuallyListed = 20
const mostListed = 200

/** How a campaign is doing, over all its questionnaires; by a clock. */
export function campaignStatusBy(now: () => number): Tool {
  return {
    name: 'saq_campaign_status',
    title: 'How a campaign is doing',
    description:
      'All questionnaires of a campaign counted by state, risk and days overdue: whose turn it is, and who is late, with company and e-mail.',
    hints: hintsOf.read,
    input: {
      campaignId: longId('from saq_search_campaigns'),
      late: whole(0, mostListed, 'late ones to list; default 20').optional(),
    },
    run: async (args, running) => {
      const { session, signal, progress, configuration } = running
      const id = String(args['campaignId'])
      const { row: campaign = {} } = await campaignNow(running, id)
      const tally = new CampaignTally(now(), Number(args['late'] ?? usuallyListed))
      const where = { campaignId: [id] }
      for await (const { rows, total } of session.walk(searchQuestionnaires, where, { signal })) {
        for (const row of rows) tally.add(redacted(row, session.redact))
        progress(tally.all, total)
      }
      const people = new People(running, campaign['recipients'])
      const late: LatePerson[] = []
      for (const questionnaire of tally.late) {
        const name = nameIn(questionnaire.title, String(campaign['name'] ?? ''))
        late.push({ questionnaire, ...(name !== undefined && { person: await people.find(name) }) })
      }
      return campaignReply(
        { id, campaign, tally, late, people, now: now() },
        configuration.settings.replyChars,
      )
    },
  }
}

/** One call that answers "how is this campaign doing?". */
export const campaignStatus = campaignStatusBy(() => Date.now())
