import type { Input } from '../../../src/operations/operation.ts'
import type { Replies } from '../effects/memory-session.ts'
import { minimalArgumentsOn } from '../operations/minimal-arguments.ts'
import type { Control } from '../sandbox.ts'

type Row = Readonly<Record<string, unknown>>

/** The ids that a look-up asks for: a QQL filter of CAR, or a list of SAQ. */
export function requestedIds({ id, filter }: Input): string[] {
  if (Array.isArray(id)) return id.map(String)
  return [...String(filter ?? '').matchAll(/\bid:([\w-]+)/g)].map(([, found = '']) => found)
}

const listing = (row: (id: string) => Row) => (args: Input) => requestedIds(args).map(row)

const user = (id: string, text: string): Row => ({
  id,
  firstName: text,
  lastName: text,
  company: text,
  emailAddress: text,
  title: text,
  tags: [{ id: '1', name: text }],
})

const template = (id: string, text: string): Row => ({
  id,
  name: text,
  category: text,
  state: text,
  revision: 1,
  questionCnt: 3,
  familyId: 'family',
})

/** Everything that a look-up of an effect may return, with the same text in every field that a preview shows. */
export function repliesWithText(text: string): Replies {
  const schedule = (id: unknown): Row => ({
    id,
    title: text,
    startTime: text,
    endDate: text,
    recurrence: text,
    activate: true,
    scripts: [{ id: 16515 }],
    assets: [{ id: 21789601 }],
    assetTags: [],
    excludedAssets: [],
    rebootAfterScriptExecution: true,
  })
  return {
    car_get_script: ({ scriptId }) => ({
      id: scriptId,
      title: text,
      platform: text,
      severity: text,
      status: text,
      content: 'Get-Date\nexit 0\n',
      params: [],
    }),
    car_search_schedules: [schedule('a1')],
    car_get_schedule: ({ scheduleId }) => schedule(scheduleId),
    car_search_assets: listing((id) => ({ id, name: text, platform: 'WINDOWS', tags: [], uuid: `u-${id}` })),
    car_search_asset_tags: listing((id) => ({ id, name: text, tagUuid: `u-${id}` })),
    car_search_scripts: listing((id) => ({ id, title: text })),
    car_list_script_types: [{ id: 1, name: 'Custom Script' }],
    car_list_script_languages: [{ id: 201, name: text, platform: 'WINDOWS' }],
    car_search_blocked_commands: [
      { languageId: 201, commandId: 102, language: text, platform: text, commands: [text] },
    ],
    car_list_reports: [{ fileUuid: 'report-1', reportName: text, status: text, createdAt: text }],
    car_search_asset_jobs: listing((id) => ({
      id,
      asset: { name: text },
      job: { title: text },
      status: text,
    })),
    saq_search_users: listing((id) => user(id, text)),
    saq_search_templates: (args) =>
      args['familyId'] === undefined ? requestedIds(args).map((id) => template(id, text)) : [],
    saq_search_library_templates: listing((id) => template(id, text)),
    saq_search_questionnaires: [{ id: '1', title: text, state: text, risk: text }],
    saq_get_campaign: ({ campaignId }) => ({
      id: campaignId,
      name: text,
      workflowType: text,
      status: 'INACTIVE',
      // Date.parse accepts some of these texts, and a preview warns of a date in the past.
      dueDate: '2096-12-31T23:59:59Z',
      template: { id: '722010', name: text },
      reviewer: user('71077391', text),
      approver: user('89375990', text),
      recipients: [user('339590', text), user('400591', text)],
    }),
  }
}

/** Arguments for every tool, for tests without a sandbox that knows the ids of reports and results. */
export function minimalArgumentsInMemory(): Promise<Readonly<Record<string, object>>> {
  const rows: Readonly<Record<string, Row[]>> = {
    reports: [{ status: 'COMPLETED', fileUuid: 'report-1' }],
    assetjobs: [
      { id: 'result-1', outcome: 'open' },
      { id: 'result-2', outcome: 'done', job: { id: 'job-1' } },
    ],
  }
  return minimalArgumentsOn({ dump: async (collection) => rows[collection] ?? [] } as Control)
}
