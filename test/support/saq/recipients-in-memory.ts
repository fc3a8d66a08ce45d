import type { Environment } from '../../../src/config/settings.ts'
import { listRecipients } from '../../../src/operations/saq/recipients.ts'
import { toolOf } from '../../../src/tools/server/operation-tool.ts'
import type { ToolReply } from '../assistant.ts'
import type { Answer, SentRequest } from '../operations/memory.ts'
import { daysAgo, type Fields, people, serviceResponse } from '../workflows/campaigns.ts'
import { callerOn, type ToolCaller, type ToolOutcome } from '../workflows/memory.ts'

// saq_list_recipients on answers in memory: campaigns, questionnaires and users of any shape.

/** What Qualys holds of campaign 1, "Audit". */
export interface RecipientData {
  readonly campaign?: Fields
  /** In the campaign's record; left out if it shows none. */
  readonly recipients?: readonly Fields[]
  readonly questionnaires?: readonly Fields[]
  readonly users?: readonly Fields[]
  /** Answers of some lists in place of these, by a part of their path. */
  readonly refused?: Readonly<Record<string, number>>
}

const listed = (name: string, rows: readonly Fields[], { body }: SentRequest): string => {
  const numberIn = (pattern: RegExp, other: number): number => Number(pattern.exec(body)?.[1] ?? other)
  const from = numberIn(/<startFromOffset>(\d+)</, 1) - 1
  const size = numberIn(/<limitResults>(\d+)</, 100)
  const ids = /field="id" operator="(?:IN|EQUALS)">([\d,]+)</.exec(body)?.[1]?.split(',')
  const found = ids ? rows.filter(({ id }) => ids.includes(String(id))) : rows
  return serviceResponse(name, found.slice(from, from + size), from + size < found.length)
}

const xmlAnswer = (body: string): Answer => ({ body, contentType: 'application/xml' })

/** A questionnaire of somebody, five days past its due date. */
export const questionnaireOf = (id: number, name: string, more: Fields = {}): Fields => ({
  id,
  title: `Audit - ${name}`,
  dueDate: daysAgo(5),
  state: 'INFORMATION_GATHERING',
  campaign: { id: 1, name: 'Audit' },
  ...more,
})

/** A user, or a recipient in a campaign's record. */
export const user = (id: number, name: string, more: Fields = {}): Fields => {
  const [firstName, lastName] = name.split(' ')
  return { id, firstName, lastName, company: `Company ${id}`, emailAddress: `u${id}@example.com`, ...more }
}

/** Calls the tool on campaign 1. */
export class RecipientCaller {
  #data: RecipientData = {}
  /** The paths of all requests since the data were set. */
  readonly paths: string[] = []
  readonly caller: ToolCaller
  readonly #tool = toolOf(listRecipients)

  constructor(environment: Environment = {}) {
    this.caller = callerOn((sent) => this.#answer(sent), environment)
  }

  setData(data: RecipientData): void {
    this.#data = data
    this.paths.length = 0
  }

  #answer(sent: SentRequest): Answer {
    const { campaign, recipients, questionnaires = [], users = [], refused = {} } = this.#data
    this.paths.push(sent.path)
    const refusal = Object.entries(refused).find(([part]) => sent.path.endsWith(part))
    if (refusal) return { status: refusal[1], body: '', contentType: 'application/xml' }
    const whole: Fields = {
      id: 1,
      name: 'Audit',
      status: 'ACTIVE',
      workflowType: 'FULL',
      dueDate: daysAgo(5),
      ...(recipients && { recipients: people(recipients) }),
      ...campaign,
    }
    if (sent.path.endsWith('/saq/user')) return xmlAnswer(listed('User', users, sent))
    if (sent.path.endsWith('/saq/questionnaire'))
      return xmlAnswer(listed('Questionnaire', questionnaires, sent))
    return xmlAnswer(serviceResponse('QuestionnaireCampaign', [whole]))
  }

  ask(args: object = {}, form: 'text' | 'json' = 'json'): Promise<ToolOutcome> {
    return this.caller.call(this.#tool, { campaignId: 1, ...args }, form)
  }

  /** The rows with all columns and the note; throws if the call fails. */
  async list(args: object = {}): Promise<ToolReply['structured']> {
    const { structured, isError, text } = await this.ask({ fields: ['*'], ...args })
    if (isError) throw new Error(text)
    return structured
  }
}
