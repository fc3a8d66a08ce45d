import type { Operation, Touched } from '../../../operations/operation.ts'
import { createCampaign, updateCampaign } from '../../../operations/saq/campaign-changes.ts'
import { createTemplateVersion } from '../../../operations/saq/template-changes.ts'
import { searchTemplates } from '../../../operations/saq/templates.ts'
import type { Row } from '../../../session/answer.ts'
import { LateError } from '../../../shared/deadline.ts'
import { isObject } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import type { Running } from '../../tool.ts'
import { orNothing } from '../targets/car-targets.ts'
import { type Audience, campaignNow, draftsOf } from '../targets/saq-targets.ts'

type Args = Readonly<Record<string, unknown>>

/** What was sent, and what was known before. */
interface Sent {
  readonly args: Args
  readonly touched: Touched
  readonly audience: Audience
}

async function templateNow({ session, signal }: Running, id: string): Promise<Row | undefined> {
  return (await session.find(searchTemplates, [id], { signal }, true)).get(id)
}

const isId = (id: unknown): id is string | number => typeof id === 'string' || typeof id === 'number'

/** Compares the number of questions that Qualys stored with the number sent: their nesting is a guess. */
async function questionsStored(wanted: number, id: unknown, running: Running): Promise<string> {
  const row = isId(id) ? await orNothing(running, () => templateNow(running, String(id))) : undefined
  const stored = row?.['questionCnt']
  if (stored === wanted) return `Qualys counts all ${wanted} questions`
  return typeof stored === 'number'
    ? `BUT Qualys counts ${stored} questions where ${wanted} were sent: how they nest is a guess, which does not hold here. Finish the template in the Qualys UI, and report it`
    : 'how many questions Qualys made of it could not be read: look with saq_get_template'
}

const idsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

/**
 * Differences between the campaign and the request in recipients and due date, which no readable page
 * documents.
 */
function oddities(args: Args, campaign: Row, isNew: boolean): string[] {
  const { recipients, dueDate } = campaign
  const there = Array.isArray(recipients)
    ? recipients.filter(isObject).map(({ id }) => String(id))
    : undefined
  const wanted = idsOf(args[isNew ? 'recipientIds' : 'addRecipientIds'])
  const missing = there ? wanted.filter((id) => !there.includes(id)).length : 0
  const left = there ? idsOf(args['removeRecipientIds']).filter((id) => there.includes(id)).length : 0
  const strangers = there && isNew ? there.length - (wanted.length - missing) : 0
  const count = (people: number): string =>
    `${people.toLocaleString('en')} recipient${people === 1 ? '' : 's'}`
  return [
    ...(missing > 0
      ? [`lacks ${count(missing)} of ${wanted.length.toLocaleString('en')} that were sent`]
      : []),
    ...(left > 0 ? [`still has ${count(left)} that were to be removed`] : []),
    ...(strangers > 0 ? [`has ${count(strangers)} that were not sent`] : []),
    ...(args['dueDate'] !== undefined && dueDate !== undefined && dueDate !== args['dueDate']
      ? [`is due ${quotation(String(dueDate))}`]
      : []),
  ]
}

/** Whether Qualys stored recipients and due date. */
async function campaignStored(args: Args, id: unknown, isNew: boolean, running: Running): Promise<string> {
  const seen = isId(id) ? await orNothing(running, () => campaignNow(running, String(id))) : undefined
  const row = seen?.row
  if (!row) return 'what Qualys stored of it could not be read: look with saq_get_campaign'
  const { recipients, dueDate } = row
  const odd = oddities(args, row, isNew)
  if (odd.length > 0) return `BUT the campaign ${odd.join(', and ')}: look with saq_get_campaign`
  const unseen = [
    ...(Array.isArray(recipients) ? [] : ['recipients']),
    ...(dueDate === undefined ? ['due date'] : []),
  ]
  if (unseen.length > 0)
    return `Qualys does not show its ${unseen.join(' and ')}: check them in the Qualys UI`
  const people = Array.isArray(recipients) ? recipients.length : 0
  return `${people.toLocaleString('en')} recipient${people === 1 ? '' : 's'}, due ${String(dueDate)}`
}

/** Finds the draft of the new version, since the answer may echo the id of the old one. */
async function versionStored({ templates, drafts }: Audience, running: Running): Promise<string> {
  const rows = await orNothing(running, () => draftsOf(running, templates[0]?.row))
  const begun = drafts ? (rows?.filter(({ id }) => !drafts.includes(String(id))) ?? []) : []
  const [draft] = begun
  return draft && begun.length === 1
    ? `it is template ${String(draft['id'])}, revision ${String(draft['revision'])}`
    : 'which template it is could not be read: look with saq_search_templates, familyId and state DRAFT'
}

/** What Qualys stored of a request that is partly guessed; undefined if nothing is guessed. */
export async function storedNow(
  operation: Operation,
  sent: Sent,
  record: Row,
  running: Running,
): Promise<string | undefined> {
  return looked(operation, sent, record, running).catch((error: unknown) => {
    // The effect has happened, even if there is no time left to look at it.
    if (error instanceof LateError) return 'what Qualys stored of it was not looked at, since time was up'
    throw error
  })
}

async function looked(
  operation: Operation,
  { args, touched, audience }: Sent,
  record: Row,
  running: Running,
): Promise<string | undefined> {
  const { templates } = audience
  if (operation === createTemplateVersion) return versionStored(audience, running)
  if (operation === createCampaign) return campaignStored(args, record['id'], true, running)
  if (operation === updateCampaign) return campaignStored(args, args['campaignId'], false, running)
  const id = templates[0]?.id ?? record['id']
  return touched.questions === undefined ? undefined : questionsStored(touched.questions, id, running)
}
