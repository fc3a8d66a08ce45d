import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import type { Environment } from '../../../src/settings.ts'
import { openChannel } from '../../../src/tools/channel.ts'
import type { Person } from '../../../src/tools/consent.ts'
import { campaignStatusBy } from '../../../src/tools/workflows/campaign-status.ts'
import { type Heard, partsOf, serving } from '../../support/assistant.ts'
import { environmentFor } from '../../support/environment.ts'
import type { Control } from '../../support/sandbox.ts'

/** An assistant that asks how campaigns are doing, by a clock of the test's. */
export interface Desk {
  readonly ask: (args: object, form?: 'text' | 'json') => Promise<Omit<Heard, 'error'>>
  /** Every progress message, in order: questionnaires counted, and of how many. */
  readonly progress: (readonly [done: number, total: number | undefined])[]
  readonly log: readonly string[]
  /** The same call without the protocol, cancelled by a signal. */
  readonly cancellable: (args: object, signal: AbortSignal) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** The server with its real session, and the one tool, at a moment that does not pass. */
export async function openDesk(sandbox: Sandbox, now: number, extra: Environment = {}): Promise<Desk> {
  const { options, log, close } = partsOf(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra }))
  const tool = campaignStatusBy(() => now)
  const progress: (readonly [number, number | undefined])[] = []
  const tell = (done: number, total: number | undefined): void => void progress.push([done, total])
  const channel = await openChannel({ ...options, ...serving(tool) }, tell)
  const person: Person = { reachable: false, modern: false, context: {} as Person['context'] }
  return {
    progress,
    log,
    ask: async (args, form = 'text') => {
      const raw = await channel.request('tools/call', {
        name: tool.name,
        arguments: args,
        _meta: { 'qualys-mcp/reply': form, progressToken: 1 },
      })
      const [{ text = '' } = {}] = raw['content'] as { text?: string }[]
      return {
        text,
        isError: raw['isError'] === true,
        structured: raw['structuredContent'] as Heard['structured'],
        raw,
      }
    },
    cancellable: async (args, signal) =>
      tool.run({ ...args }, { ...options, signal, progress: () => undefined, person }),
    close: async () => {
      await channel.close()
      await close()
    },
  }
}

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

/** What Qualys answers about campaign 1, in place of what the sandbox holds. */
export interface Told {
  readonly campaign?: Fields
  readonly questionnaires?: readonly Fields[]
  readonly users?: readonly Fields[]
  /** Faults besides. */
  readonly faults?: readonly object[]
}

/** A canned answer of a route. */
export const reply = (route: string, body: string): object => ({
  route,
  kind: 'reply',
  body,
  contentType: 'application/xml',
})

/** Has Qualys tell of campaign 1. */
export async function tell(control: Control, told: Told): Promise<void> {
  const { campaign, questionnaires, users, faults = [] } = told
  const whole = { id: 1, name: 'Audit', status: 'ACTIVE', workflowType: 'FULL', dueDate: ago(5), ...campaign }
  // The first one that fits answers.
  await control.faults([
    ...faults,
    reply(getCampaign, service('QuestionnaireCampaign', [whole])),
    reply(searchQuestionnaires, service('Questionnaire', questionnaires ?? [questionnaire()])),
    ...(users ? [reply(searchUsers, service('User', users))] : []),
  ])
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
