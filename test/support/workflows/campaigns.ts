import type { Environment } from '../../../src/config/settings.ts'
import { campaignStatusBy } from '../../../src/tools/workflows/campaign/status.ts'
import type { Heard } from '../assistant.ts'
import { type Called, type Caller, type Canned, callerOn, Upstream } from './memory.ts'

// Campaigns as SAQ answers with them, and saq_campaign_status on such answers in memory.

export const getCampaign = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
export const searchQuestionnaires = 'POST /qps/rest/1.0/search/saq/questionnaire'
export const searchUsers = 'POST /qps/rest/1.0/search/saq/user'

/** What an element holds: text, elements, or nothing, and then it is absent. */
export type Content = string | number | undefined | readonly Content[] | { readonly [name: string]: Content }
export type Fields = Readonly<Record<string, Content>>

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '\r': '&#13;' }

/** XML by hand, the client's own writer being under test. A list repeats its element. */
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

/** A `ServiceResponse` that holds these objects. */
export const service = (name: string, rows: readonly Fields[], more = false): string =>
  xml('ServiceResponse', {
    responseCode: 'SUCCESS',
    count: rows.length,
    hasMoreRecords: String(more),
    ...(rows.length > 0 && { data: { [name]: rows } }),
  })

/** `<recipients><User>…`, as a campaign holds them. */
export const people = (users: readonly Fields[]): Content => ({ User: users })

/** The moment that tests below go by. */
export const today = Date.parse('2026-12-01T12:00:00Z')
const dayMs = 24 * 3_600_000

/** ISO time so many days before today. */
export const ago = (days: number): string => `${new Date(today - days * dayMs).toISOString().slice(0, 19)}Z`

/** A questionnaire that waits for Ann Lee and is five days late, unless told otherwise. */
export const questionnaire = (more: Fields = {}): Fields => ({
  id: 7,
  title: 'Audit - Ann Lee',
  dueDate: ago(5),
  state: 'INFORMATION_GATHERING',
  campaign: { id: 1, name: 'Audit' },
  ...more,
})

/** What Qualys holds of campaign 1. */
export interface CampaignData {
  readonly campaign?: Fields
  readonly questionnaires?: readonly Fields[]
  readonly users?: readonly Fields[]
  /** Answers that come before these. */
  readonly others?: readonly Canned[]
}

/** A canned answer of a route. */
export const reply = (route: string, body: string): Canned => ({
  route,
  body,
  contentType: 'application/xml',
})

/** The answers of a Qualys that holds campaign 1. */
function answersOn({ campaign, questionnaires, users, others = [] }: CampaignData): readonly Canned[] {
  const whole = { id: 1, name: 'Audit', status: 'ACTIVE', workflowType: 'FULL', dueDate: ago(5), ...campaign }
  // The first one that fits answers.
  return [
    ...others,
    reply(getCampaign, service('QuestionnaireCampaign', [whole])),
    reply(searchQuestionnaires, service('Questionnaire', questionnaires ?? [questionnaire()])),
    ...(users ? [reply(searchUsers, service('User', users))] : []),
  ]
}

/** Asks how campaigns are doing, at a moment that does not pass. */
export class CampaignCaller {
  readonly upstream = new Upstream()
  readonly caller: Caller
  readonly #tool = campaignStatusBy(() => today)

  constructor(environment: Environment = {}) {
    this.caller = callerOn(this.upstream.answer, environment)
  }

  /** From now on Qualys holds this of campaign 1. */
  hold(data: CampaignData): void {
    this.upstream.serve(...answersOn(data))
  }

  ask(args: object = { campaignId: 1 }, form: 'text' | 'json' = 'text'): Promise<Called> {
    return this.caller.call(this.#tool, args, form)
  }

  /** Both forms of an answer that is none of an error. */
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

/** The table of late ones in a text, row by row, with what is said once for all put back into each. */
export function lateOnes(text: string): Record<string, string>[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith('late, the longest first'))
  if (start < 0) return []
  const [, said = ''] = /; all: (.*)\):$/.exec(lines[start] ?? '') ?? []
  const shared = [...said.matchAll(pair)].map(([, name = '', value = '']) => [name, unquoted(value)] as const)
  const head = (lines[start + 1] ?? '').split('\t')
  const rows = lines.slice(start + 2).filter((line) => !line.startsWith('Note: '))
  return rows.map((line) => {
    const cells = line.split('\t')
    return {
      ...Object.fromEntries(shared),
      ...Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])),
    }
  })
}

/** The rows of one kind in the JSON form. */
export const ofKind = (structured: Heard['structured'], kind: string): Record<string, unknown>[] =>
  structured.rows.filter((row) => row['kind'] === kind)
