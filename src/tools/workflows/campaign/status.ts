import { whole } from '../../../operations/fields.ts'
import { longId } from '../../../operations/saq/fields.ts'
import { searchQuestionnaires } from '../../../operations/saq/questionnaires.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { redacted } from '../../../shared/secrets.ts'
import { CampaignTally } from '../../effects/targets/campaign-tally.ts'
import { campaignNow } from '../../effects/targets/saq-targets.ts'
import type { Tool } from '../../tool.ts'
import { nameIn, People } from './people.ts'
import { campaignReply, type LatePerson } from './report.ts'

const usuallyListed = 20
const mostListed = 200

/** False for a questionnaire that names another campaign. */
function isOf({ campaign }: Row, id: string): boolean {
  return !isObject(campaign) || campaign['id'] === undefined || String(campaign['id']) === id
}

/** The tool that sums up all questionnaires of a campaign, with a given clock. */
export function campaignStatusBy(now: () => number): Tool {
  return {
    name: 'saq_campaign_status',
    title: 'How a campaign is doing',
    description:
      'All questionnaires of a campaign counted by state, risk and days overdue: whose turn it is, and who is late, with company and e-mail.',
    effect: 'read',
    input: {
      campaignId: longId('from saq_search_campaigns'),
      late: whole(0, mostListed, 'late ones to list; default 20').optional(),
    },
    run: async (args, running) => {
      const { session, signal, progress, configuration } = running
      const id = String(args['campaignId'])
      const { row: campaign = {} } = await campaignNow(running, id)
      const tally = new CampaignTally(now(), Number(args['late'] ?? usuallyListed))
      const list = { drift: [] as readonly string[], wall: undefined as string | undefined, foreign: 0 }
      for await (const { rows, total, drift, wall } of session.walk(
        searchQuestionnaires,
        { campaignId: [id] },
        { signal },
      )) {
        for (const row of rows)
          if (isOf(row, id)) tally.add(redacted(row, session.redact))
          else list.foreign++
        Object.assign(list, { drift, wall })
        progress(tally.all + list.foreign, total)
      }
      const people = new People(running, campaign['recipients'])
      const late: LatePerson[] = []
      for (const questionnaire of tally.late) {
        const name = nameIn(questionnaire.title, String(campaign['name'] ?? ''))
        late.push({ questionnaire, ...(name !== undefined && { person: await people.find(name) }) })
      }
      const { fromRecipients } = people
      const findings = { id, campaign, tally, late, fromRecipients, ...list, now: now() }
      return campaignReply(findings, configuration.settings.replyChars)
    },
  }
}

/** One call that answers "how is this campaign doing?". */
export const campaignStatus = campaignStatusBy(() => Date.now())
