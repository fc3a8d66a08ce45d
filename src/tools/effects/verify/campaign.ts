import type { Input } from '../../../operations/operation.ts'
import { inSentence } from '../../../operations/sentences.ts'
import type { Row } from '../../../session/answer.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { isId, objectsIn } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import type { ToolContext } from '../../tool.ts'
import { tryLookUp } from '../targets/lookup.ts'
import { readCampaign } from '../targets/saq-targets.ts'
import type { SentEffect } from './sent-effect.ts'

const idsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

/**
 * Differences between the campaign and the request in recipients and due date, which no readable page
 * documents.
 */
function findDifferences(args: Input, campaign: Row, isNew: boolean): string[] {
  const { recipients, dueDate } = campaign
  const isOtherDate = args['dueDate'] !== undefined && dueDate !== undefined && dueDate !== args['dueDate']
  const dateDifference = isOtherDate && `is due ${quotation(String(dueDate))}`
  if (!Array.isArray(recipients)) return texts(dateDifference)
  const storedIds = objectsIn(recipients).map(({ id }) => String(id))
  const expectedIds = idsOf(args[isNew ? 'recipientIds' : 'addRecipientIds'])
  const missing = expectedIds.filter((id) => !storedIds.includes(id)).length
  const notRemoved = idsOf(args['removeRecipientIds']).filter((id) => storedIds.includes(id)).length
  const unexpected = isNew ? storedIds.length - (expectedIds.length - missing) : 0
  return texts(
    missing > 0 &&
      `lacks ${counted(missing, 'recipient')} of ${formatNumber(expectedIds.length)} that were sent`,
    notRemoved > 0 && `still has ${counted(notRemoved, 'recipient')} that were to be removed`,
    unexpected > 0 && `has ${counted(unexpected, 'recipient')} that were not sent`,
    dateDifference,
  )
}

/** Whether Qualys stored recipients and due date of a campaign that was created or changed. */
export async function verifyCampaign(
  { args }: SentEffect,
  record: Row,
  context: ToolContext,
): Promise<string> {
  const isNew = args['campaignId'] === undefined
  const id = isNew ? record['id'] : args['campaignId']
  const target = isId(id) ? await tryLookUp(context, () => readCampaign(context, String(id))) : undefined
  const row = target?.row
  if (!row) return 'what Qualys stored of it could not be read: look with saq_get_campaign'
  const { recipients, dueDate } = row
  const differences = findDifferences(args, row, isNew)
  if (differences.length > 0)
    return `BUT the campaign ${differences.join(', and ')}: look with saq_get_campaign`
  const hidden = texts(!Array.isArray(recipients) && 'recipients', dueDate === undefined && 'due date')
  if (hidden.length > 0)
    return `Qualys does not show its ${hidden.join(' and ')}: check them in the Qualys UI`
  const people = Array.isArray(recipients) ? recipients.length : 0
  return `${counted(people, 'recipient')}, due ${inSentence(dueDate, 60)}`
}
