import type { EffectTargets, Operation } from '../../../operations/operation.ts'
import { createCampaign, updateCampaign } from '../../../operations/saq/campaign-changes.ts'
import { createTemplateVersion } from '../../../operations/saq/template-changes.ts'
import { searchTemplates } from '../../../operations/saq/templates.ts'
import type { Row } from '../../../session/answer.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import type { ToolContext } from '../../tool.ts'
import { tryLookUp } from '../targets/car-targets.ts'
import { listDrafts, readCampaign, type SaqTargets } from '../targets/saq-targets.ts'

type Args = Readonly<Record<string, unknown>>

/** A change as it was sent, and its targets as they were before. */
interface SentChange {
  readonly args: Args
  readonly targets: EffectTargets
  readonly saqTargets: SaqTargets
}

async function readTemplate({ session, signal }: ToolContext, id: string): Promise<Row | undefined> {
  return (await session.find(searchTemplates, [id], { signal }, true)).get(id)
}

const isId = (id: unknown): id is string | number => typeof id === 'string' || typeof id === 'number'

/** Compares the number of questions that Qualys stored with the number sent: their nesting is a guess. */
async function verifyQuestions(expected: number, id: unknown, context: ToolContext): Promise<string> {
  const row = isId(id) ? await tryLookUp(context, () => readTemplate(context, String(id))) : undefined
  const stored = row?.['questionCnt']
  if (stored === expected) return `Qualys counts all ${expected} questions`
  return typeof stored === 'number'
    ? `BUT Qualys counts ${stored} questions where ${expected} were sent: how they nest is a guess, which does not hold here. Finish the template in the Qualys UI, and report it`
    : 'how many questions Qualys made of it could not be read: look with saq_get_template'
}

const idsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

/**
 * Differences between the campaign and the request in recipients and due date, which no readable page
 * documents.
 */
function findDifferences(args: Args, campaign: Row, isNew: boolean): string[] {
  const { recipients, dueDate } = campaign
  const storedIds = Array.isArray(recipients)
    ? recipients.filter(isObject).map(({ id }) => String(id))
    : undefined
  const expectedIds = idsOf(args[isNew ? 'recipientIds' : 'addRecipientIds'])
  const missing = storedIds ? expectedIds.filter((id) => !storedIds.includes(id)).length : 0
  const notRemoved = storedIds
    ? idsOf(args['removeRecipientIds']).filter((id) => storedIds.includes(id)).length
    : 0
  const unexpected = storedIds && isNew ? storedIds.length - (expectedIds.length - missing) : 0
  return [
    ...(missing > 0
      ? [`lacks ${counted(missing, 'recipient')} of ${formatNumber(expectedIds.length)} that were sent`]
      : []),
    ...(notRemoved > 0 ? [`still has ${counted(notRemoved, 'recipient')} that were to be removed`] : []),
    ...(unexpected > 0 ? [`has ${counted(unexpected, 'recipient')} that were not sent`] : []),
    ...(args['dueDate'] !== undefined && dueDate !== undefined && dueDate !== args['dueDate']
      ? [`is due ${quotation(String(dueDate))}`]
      : []),
  ]
}

/** Whether Qualys stored recipients and due date. */
async function verifyCampaign(
  args: Args,
  id: unknown,
  isNew: boolean,
  context: ToolContext,
): Promise<string> {
  const target = isId(id) ? await tryLookUp(context, () => readCampaign(context, String(id))) : undefined
  const row = target?.row
  if (!row) return 'what Qualys stored of it could not be read: look with saq_get_campaign'
  const { recipients, dueDate } = row
  const differences = findDifferences(args, row, isNew)
  if (differences.length > 0)
    return `BUT the campaign ${differences.join(', and ')}: look with saq_get_campaign`
  const hidden = [
    ...(Array.isArray(recipients) ? [] : ['recipients']),
    ...(dueDate === undefined ? ['due date'] : []),
  ]
  if (hidden.length > 0)
    return `Qualys does not show its ${hidden.join(' and ')}: check them in the Qualys UI`
  const people = Array.isArray(recipients) ? recipients.length : 0
  return `${counted(people, 'recipient')}, due ${String(dueDate)}`
}

/** Finds the draft of the new version, since the answer may echo the id of the old one. */
async function verifyTemplateVersion(
  { templates, draftIds }: SaqTargets,
  context: ToolContext,
): Promise<string> {
  const rows = await tryLookUp(context, () => listDrafts(context, templates[0]?.row))
  const newDrafts = draftIds ? (rows?.filter(({ id }) => !draftIds.includes(String(id))) ?? []) : []
  const [draft] = newDrafts
  return draft && newDrafts.length === 1
    ? `it is template ${String(draft['id'])}, revision ${String(draft['revision'])}`
    : 'which template it is could not be read: look with saq_search_templates, familyId and state DRAFT'
}

/** What Qualys stored of a request that is partly guessed; undefined if nothing is guessed. */
export async function verifySaqChange(
  operation: Operation,
  change: SentChange,
  record: Row,
  context: ToolContext,
): Promise<string | undefined> {
  return verify(operation, change, record, context).catch((error: unknown) => {
    // The effect has happened, even if there is no time left to look at it.
    if (error instanceof CallTimeoutError)
      return 'what Qualys stored of it was not looked at, since time was up'
    throw error
  })
}

async function verify(
  operation: Operation,
  { args, targets, saqTargets }: SentChange,
  record: Row,
  context: ToolContext,
): Promise<string | undefined> {
  const { templates } = saqTargets
  if (operation === createTemplateVersion) return verifyTemplateVersion(saqTargets, context)
  if (operation === createCampaign) return verifyCampaign(args, record['id'], true, context)
  if (operation === updateCampaign) return verifyCampaign(args, args['campaignId'], false, context)
  const id = templates[0]?.id ?? record['id']
  return targets.questions === undefined ? undefined : verifyQuestions(targets.questions, id, context)
}
