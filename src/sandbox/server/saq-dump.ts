import type { Campaign, Questionnaire } from '../data/saq/rows.ts'
import type { World } from '../state/world.ts'

/**
 * The output of `GET /_sandbox/truth/…` for the questionnaire module: ids replace references between rows.
 */
export function saqDump(world: World): Readonly<Record<string, () => readonly object[]>> {
  return {
    users: () => world.saq.users,
    campaigns: () => world.saq.campaigns.map(flattenCampaign),
    questionnaires: () => world.saq.questionnaires.map(flattenQuestionnaire),
    templates: () => world.saq.templates,
    librarytemplates: () => world.saq.libraryTemplates,
  }
}

function flattenCampaign({
  user,
  reviewer,
  approver,
  recipients,
  seededStates: _,
  ...campaign
}: Campaign): object {
  return {
    ...campaign,
    userId: user.id,
    reviewerId: reviewer?.id,
    approverId: approver?.id,
    recipientIds: recipients.map(({ id }) => id),
  }
}

function flattenQuestionnaire({ campaign, recipient, ...questionnaire }: Questionnaire): object {
  return { ...questionnaire, dueDate: campaign.dueDate, campaignId: campaign.id, recipientId: recipient.id }
}
