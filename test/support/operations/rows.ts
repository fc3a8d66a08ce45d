import type { Answer, Answers, SentRequest } from './memory.ts'

// A small account of Qualys in memory, with ids that the sandbox has, too: its lists, for look-ups.

type Row = Readonly<Record<string, unknown>>

/** In the envelope of CAR. */
export const carAnswer = (body: unknown, status = 200): Answer => ({
  status,
  body: { errorCode: status < 300 ? null : String(status), message: status < 300 ? null : 'Not found', body },
})

const carRows = (list: readonly Row[]): Answer => carAnswer({ totalCount: list.length, list })

/** In the envelope of SAQ, as JSON, which SAQ also sends. */
export const saqAnswer = (name: string, rows: readonly Row[]): Answer => ({
  body: {
    ServiceResponse: {
      responseCode: 'SUCCESS',
      count: rows.length,
      hasMoreRecords: 'false',
      data: rows.map((row) => ({ [name]: row })),
    },
  },
})

const saqNotFound: Answer = {
  body: {
    ServiceResponse: {
      responseCode: 'OBJECT_NOT_FOUND',
      responseErrorDetails: { errorMessage: 'It does not exist.' },
    },
  },
}

/** Two hosts, and two of the lab. */
export const hosts = [
  { id: 21789601, uuid: '0c54b3a5-1111-4a6b-8f3c-000000000001' },
  { id: 21789602, uuid: '0c54b3a5-1111-4a6b-8f3c-000000000002' },
] as const
export const labHosts = [
  { id: 21791111, uuid: '0c54b3a5-2222-4a6b-8f3c-000000000001' },
  { id: 21791112, uuid: '0c54b3a5-2222-4a6b-8f3c-000000000002' },
] as const
export const tag = { id: 7512801, uuid: '5a0f0c8e-3333-4d5e-9b7a-000000000001' } as const
const labTag = { id: 7512812, uuid: 'a3258427-9c1e-4b60-a5d8-2f7e6b3c4d19' } as const

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const assets = [...hosts, ...labHosts].map(({ id, uuid }) => ({
  id,
  uuid,
  name: `host-${id}`,
  platform: 'WINDOWS',
  tags: [{ id: tag.id, name: 'Servers' }],
}))
const tags = [
  { id: tag.id, tagUuid: tag.uuid, name: 'Servers' },
  { id: labTag.id, tagUuid: labTag.uuid, name: 'Lab' },
]
const scripts: readonly Row[] = [
  { id: 19218, title: 'Auto_script_22062022_074300047', hasParameters: false },
  { id: 16515, title: 'Free space', hasParameters: false },
  {
    id: 25209,
    title: 'Disable root SSH login',
    hasParameters: true,
    params: [{ key: base64('path'), value: base64('/etc') }],
  },
]
const types = [
  { id: 1, name: 'Custom Script' },
  { id: 2, name: 'Custom QID' },
  { id: 3, name: 'Control ID Remediation' },
]
const languages = [
  { id: 201, name: 'PowerShell', platform: 'WINDOWS' },
  { id: 508, name: 'Shell', platform: 'LINUX' },
]
/** Schedule of script 19218, as the sandbox has it. */
const scheduleId = '23f97a1f-76f4-4e85-a7c2-566f120874fc'
const schedules = [
  {
    id: scheduleId,
    title: 'dfdfdfd',
    activate: true,
    scripts: [{ id: 19218 }],
    assets: [{ id: hosts[0].id }],
    assetTags: [],
    excludedAssets: [],
  },
]
const users = [339590, 400591, 71077391, 89375990].map((id) => ({
  id,
  firstName: 'Some',
  lastName: `Body${id}`,
  company: 'ABC Freight',
  emailAddress: `user.${id}@abc.example`,
}))
/** A template that is still a draft. */
export const draftTemplate = '91297'
const templates = [
  { id: 722010, name: 'Vendor risk', state: 'PUBLISHED', familyId: 'a', questionCnt: 19 },
  { id: 82968, name: 'Short', state: 'PUBLISHED', familyId: 'b', questionCnt: 1 },
  { id: Number(draftTemplate), name: 'Begun', state: 'DRAFT', familyId: 'c', questionCnt: 1 },
]
const campaigns = [
  {
    id: 1111001,
    name: 'Vendor risk 2027',
    status: 'INACTIVE',
    workflowType: 'FULL',
    reviewer: { id: 71077391 },
    approver: { id: 89375990 },
    recipients: [],
  },
]

const lists: Readonly<Record<string, readonly Row[]>> = {
  'POST /sm/v1/assets/search': assets,
  'POST /sm/v1/assettags/search': tags,
  'POST /sm/v1/scripts/search': scripts,
  'POST /sm/v1/scheduler/search': schedules,
  'GET /sm/v1/script-types': types,
  'GET /sm/v1/script-language': languages,
  'POST /sm/v1/block-commands/search': [],
}
const records: Readonly<Record<string, readonly Row[]>> = {
  '/sm/v1/scripts/': scripts,
  '/sm/v1/scheduler/': schedules,
}
const saqLists: Readonly<Record<string, readonly [name: string, rows: readonly Row[]]>> = {
  user: ['User', users],
  template: ['Template', templates],
  librarytemplate: ['LibraryTemplate', [{ id: 10030, name: 'ISO 27001', questionCnt: 3 }]],
  questionnaire: ['Questionnaire', []],
  questionnairecampaign: ['QuestionnaireCampaign', campaigns],
}

const byId = (rows: readonly Row[], id: string): Row | undefined =>
  rows.find((row) => String(row['id']) === id)

/** The rows that match EQUALS and IN filters. */
function filtered(rows: readonly Row[], body: string): readonly Row[] {
  const criteria = [...body.matchAll(/<Criteria field="([\w.]+)" operator="(?:EQUALS|IN)">([^<]*)</g)]
  return rows.filter((row) =>
    criteria.every(([, field = '', values = '']) => values.split(',').includes(String(row[field] ?? ''))),
  )
}

function ofSaq(path: string, body: string): Answer | undefined {
  const [, verb, kind = '', id] = /^\/qps\/rest\/1\.0\/(search|get)\/saq\/(\w+)(?:\/(\d+))?$/.exec(path) ?? []
  const [name, rows] = saqLists[kind] ?? []
  if (verb === undefined || name === undefined || rows === undefined) return undefined
  if (id === undefined) return saqAnswer(name, filtered(rows, body))
  const row = byId(rows, id)
  return row ? saqAnswer(name, [row]) : saqNotFound
}

function ofCar(method: string, path: string): Answer | undefined {
  const list = lists[`${method} ${path}`]
  if (list) return carRows(list)
  const [prefix] = Object.keys(records).filter((start) => method === 'GET' && path.startsWith(start))
  if (prefix === undefined) return undefined
  const row = byId(records[prefix] ?? [], path.slice(prefix.length))
  return row ? carAnswer(row) : carAnswer(null, 404)
}

/** Answers look-ups; any other request fails the test. */
export const lookupAnswers: Answers = (sent) => {
  const answer = ofCar(sent.method, sent.path) ?? ofSaq(sent.path, sent.body)
  if (answer) return answer
  throw new Error(`nothing in memory answers ${sent.method} ${sent.path}`)
}

/** Gives one answer to one request, and answers look-ups. */
export const answeringWith =
  (method: string, path: string, answer: Answer): Answers =>
  (sent) =>
    sent.method === method && sent.path === path ? answer : lookupAnswers(sent)

/** Requests that would change something. */
export const changeRequestsIn = (sent: readonly SentRequest[]): readonly SentRequest[] =>
  sent.filter(({ method, path }) => method !== 'GET' && !/\/search(\/|$)/.test(path))
