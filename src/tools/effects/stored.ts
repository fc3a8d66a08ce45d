import type { Operation, Touched } from '../../operations/operation.ts'
import { createCampaign } from '../../operations/saq/campaign-changes.ts'
import { createTemplateVersion } from '../../operations/saq/template-changes.ts'
import { searchTemplates } from '../../operations/saq/templates.ts'
import { QualysError } from '../../session/errors.ts'
import type { Row } from '../../session/record.ts'
import { quotation } from '../../session/untrusted.ts'
import type { Running } from '../tool.ts'
import { type Audience, campaignNow } from './audience.ts'

type Args = Readonly<Record<string, unknown>>

/** What was sent, and what was known before. */
interface Sent {
  readonly args: Args
  readonly touched: Touched
  readonly audience: Audience
}

/** Of what was just changed: a look that fails says nothing about the change. */
async function orUnknown<T>(work: () => Promise<T>, running: Running): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    running.signal.throwIfAborted()
    if (error instanceof QualysError) return undefined
    throw error
  }
}

async function templateNow({ session, signal }: Running, id: string): Promise<Row | undefined> {
  return (await session.find(searchTemplates, [id], { signal }, true)).get(id)
}

/** How many questions Qualys made of those that were sent: how they nest is a guess. */
async function questionsStored(wanted: number, id: unknown, running: Running): Promise<string> {
  const row = await orUnknown(() => templateNow(running, String(id)), running)
  const stored = row?.['questionCnt']
  if (stored === wanted) return `Qualys counts all ${wanted} questions`
  return typeof stored === 'number'
    ? `BUT Qualys counts ${stored} questions where ${wanted} were sent: how they nest is a guess, which does not hold here. Finish the template in the Qualys UI, and report it`
    : 'how many questions Qualys made of it could not be read: look with saq_get_template'
}

/** Whether Qualys took recipients and due date: neither has a page that can be read. */
async function campaignStored(args: Args, id: unknown, running: Running): Promise<string> {
  const seen = await orUnknown(() => campaignNow(running, String(id)), running)
  const recipients = seen?.row?.['recipients']
  const wanted = Array.isArray(args['recipientIds']) ? args['recipientIds'].length : 0
  const due = seen?.row?.['dueDate']
  const odd = [
    ...(Array.isArray(recipients) && recipients.length !== wanted
      ? [`${recipients.length} recipients where ${wanted} were sent`]
      : []),
    ...(due !== undefined && due !== args['dueDate'] ? [`the due date ${quotation(String(due))}`] : []),
  ]
  if (odd.length > 0)
    return `BUT Qualys shows ${odd.join(' and ')}: look with saq_get_campaign before it is launched`
  const unseen = [
    ...(Array.isArray(recipients) ? [] : ['recipients']),
    ...(due === undefined ? ['due date'] : []),
  ]
  return unseen.length > 0
    ? `Qualys does not show its ${unseen.join(' and ')}: check them in the Qualys UI before it is launched`
    : `${wanted.toLocaleString('en')} recipients, due ${String(due)}`
}

/** The draft that a new version is: the answer may echo the id of the old one. */
async function versionStored(before: Row | undefined, running: Running): Promise<string> {
  const { session, signal } = running
  const familyId = before?.['familyId']
  const unknown = 'which template it is could not be read: look with saq_search_templates and state DRAFT'
  if (typeof familyId !== 'string') return unknown
  const answer = await orUnknown(
    () => session.call(searchTemplates, { familyId, state: ['DRAFT'], pageSize: 200 }, { signal }),
    running,
  )
  const rows = answer?.kind === 'page' ? answer.rows : []
  const [newest] = [...rows].sort((a, b) => Number(b['revision']) - Number(a['revision']))
  return newest && Number(newest['revision']) > Number(before?.['revision'])
    ? `it is template ${String(newest['id'])}, revision ${String(newest['revision'])}`
    : unknown
}

/** What Qualys made of a request of which part is guessed; undefined where nothing is. */
export async function storedNow(
  operation: Operation,
  { args, touched, audience }: Sent,
  record: Row,
  running: Running,
): Promise<string | undefined> {
  const { templates } = audience
  if (operation === createTemplateVersion) return versionStored(templates[0]?.row, running)
  if (operation === createCampaign) return campaignStored(args, record['id'], running)
  const id = templates[0]?.id ?? record['id']
  return touched.questions === undefined ? undefined : questionsStored(touched.questions, id, running)
}
