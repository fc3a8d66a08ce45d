import type { Environment } from '../../../src/config/settings.ts'
import { campaignStatusTool } from '../../../src/tools/workflows/campaign/status.ts'
import type { ToolReply } from '../assistant.ts'
import { type CannedAnswer, callerOn, type ToolCaller, type ToolOutcome, Upstream } from './memory.ts'

// Answers of SAQ about campaigns, and saq_campaign_status on such answers in memory.

export const getCampaign = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
const searchCampaigns = 'POST /qps/rest/1.0/search/saq/questionnairecampaign'
export const searchQuestionnaires = 'POST /qps/rest/1.0/search/saq/questionnaire'
export const searchUsers = 'POST /qps/rest/1.0/search/saq/user'

/** The content of an element: text, elements, or nothing, and then the element is absent. */
export type Content = string | number | undefined | readonly Content[] | { readonly [name: string]: Content }
export type Fields = Readonly<Record<string, Content>>

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '\r': '&#13;' }

/** Independent XML writer, since the client's own writer is under test. A list repeats its element. */
export function xml(name: string, content: Content): string {
  if (content === undefined) return ''
  if (Array.isArray(content)) return content.map((one) => xml(name, one)).join('')
  const inside =
    typeof content === 'object'
      ? Object.entries(content)
          .map(([inner, value]) => xml(inner, value))
          .join('')
      : String(content).replace(/[&<\r]/g, (sign) => references[sign] ?? sign)
  return `<${name}>${inside}</${name}>`
}

/** A `ServiceResponse` with these objects. */
export const serviceResponse = (name: string, rows: readonly Fields[], more = false): string =>
  xml('ServiceResponse', {
    responseCode: 'SUCCESS',
    count: rows.length,
    hasMoreRecords: String(more),
    ...(rows.length > 0 && { data: { [name]: rows } }),
  })

/** `<recipients><User>…`, as in a campaign. */
export const people = (users: readonly Fields[]): Content => ({ User: users })

/** The current time of the tests below. */
export const today = Date.parse('2026-12-01T12:00:00Z')
const dayMs = 24 * 3_600_000

/** ISO time this number of days before today. */
export const daysAgo = (days: number): string =>
  `${new Date(today - days * dayMs).toISOString().slice(0, 19)}Z`

/** A questionnaire of Ann Lee that is five days overdue, unless the parameters say otherwise. */
export const questionnaire = (more: Fields = {}): Fields => ({
  id: 7,
  title: 'Audit - Ann Lee',
  dueDate: daysAgo(5),
  state: 'INFORMATION_GATHERING',
  campaign: { id: 1, name: 'Audit' },
  ...more,
})

/** The rows of campaign 1. */
export interface CampaignData {
  readonly campaign?: Fields
  readonly questionnaires?: readonly Fields[]
  readonly users?: readonly Fields[]
  /** Answers that take precedence over these. */
  readonly extraAnswers?: readonly CannedAnswer[]
}

/** A canned answer of a route. */
export const reply = (route: string, body: string): CannedAnswer => ({
  route,
  body,
  contentType: 'application/xml',
})

/** The answers of a Qualys with campaign 1. */
function answersOn({
  campaign,
  questionnaires,
  users = [],
  extraAnswers: others = [],
}: CampaignData): readonly CannedAnswer[] {
  const whole = {
    id: 1,
    name: 'Audit',
    status: 'ACTIVE',
    workflowType: 'FULL',
    dueDate: daysAgo(5),
    ...campaign,
  }
  // The first one that matches answers.
  return [
    ...others,
    reply(getCampaign, serviceResponse('QuestionnaireCampaign', [whole])),
    reply(searchQuestionnaires, serviceResponse('Questionnaire', questionnaires ?? [questionnaire()])),
    reply(searchCampaigns, serviceResponse('QuestionnaireCampaign', [whole])),
    reply(searchUsers, serviceResponse('User', users)),
  ]
}

/** Calls saq_campaign_status, at a fixed time. */
export class CampaignCaller {
  readonly upstream = new Upstream()
  readonly caller: ToolCaller
  readonly #tool = campaignStatusTool(() => today)

  constructor(environment: Environment = {}) {
    this.caller = callerOn(this.upstream.answer, environment)
  }

  /** Sets the rows of campaign 1. */
  setData(data: CampaignData): void {
    this.upstream.serve(...answersOn(data))
  }

  ask(args: object = { campaignId: 1 }, form: 'text' | 'json' = 'text'): Promise<ToolOutcome> {
    return this.caller.call(this.#tool, args, form)
  }

  /** Both forms of a successful reply. */
  async both(args: object = { campaignId: 1 }) {
    const { text, isError } = await this.ask(args)
    if (isError) throw new Error(text)
    const { structured } = await this.ask(args, 'json')
    return { text, structured, json: JSON.stringify(structured) }
  }

  /** The same without the check of the arguments, cancelled by a signal. */
  run(args: object, signal: AbortSignal): Promise<unknown> {
    return this.caller.run(this.#tool, args, signal)
  }
}

const pair = /(\w+) ("(?:[^"\\]|\\.)*"|[\w.:-]+)/g
const unquoted = (text: string): string => (text.startsWith('"') ? JSON.parse(text) : text)

/** The table of overdue questionnaires in a text, row by row, with the shared values added to each row. */
export function lateOnes(text: string): Record<string, string>[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith('late, the longest first'))
  if (start < 0) return []
  const [, said = ''] = /; all: (.*)\):$/.exec(lines[start] ?? '') ?? []
  const shared = [...said.matchAll(pair)].map(([, name = '', value = '']) => [name, unquoted(value)] as const)
  const head = (lines[start + 1] ?? '').split('\t')
  const rows = lines.slice(start + 2).filter((line) => !/^(?:Note|More): /.test(line))
  return rows.map((line) => {
    const cells = line.split('\t')
    return {
      ...Object.fromEntries(shared),
      ...Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])),
    }
  })
}

/** The rows of one kind in the JSON form. */
export const ofKind = (structured: ToolReply['structured'], kind: string): Record<string, unknown>[] =>
  structured.rows.filter((row) => row['kind'] === kind)
