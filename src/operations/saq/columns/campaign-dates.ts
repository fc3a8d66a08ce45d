import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { campaignOf } from './questionnaire-columns.ts'

/** True for a row that lacks something that its campaign has. A row without a title was read in part, for counting. */
function isLacking(row: Input): boolean {
  const { id, name } = campaignOf(row)
  return id !== '' && row['title'] !== undefined && (name === '' || row['dueDate'] === undefined)
}

/** Adds the due date and the name of the campaign to questionnaires that do not show them. */
export async function completeFromCampaigns(
  list: Operation,
  rows: readonly Input[],
  lists: Lists<Operation>,
): Promise<readonly Input[]> {
  const ids = [...new Set(rows.filter(isLacking).map((row) => campaignOf(row).id))]
  if (ids.length === 0) return rows
  const campaigns = await lists.attempt(() => lists.find(list, ids))
  if (!campaigns) {
    lists.say(
      'The list of campaigns cannot be read: questionnaires may stand without due date and campaign name.',
    )
    return rows
  }
  return rows.map((row) => {
    const campaign = isLacking(row) ? campaigns.get(campaignOf(row).id) : undefined
    if (!campaign) return row
    const { name, dueDate } = campaign
    return {
      ...row,
      ...(row['dueDate'] === undefined && dueDate !== undefined && { dueDate }),
      campaign: { ...(row['campaign'] as Input), ...(campaignOf(row).name === '' && { name }) },
    }
  })
}
