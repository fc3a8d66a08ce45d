import type { SandboxRequest } from '../sandbox.ts'

// What a request asks Qualys to do, read from its bytes alone: nothing of the program is used.

/** Hosts by id, tags by id, and hosts to spare. */
interface WireTargets {
  readonly hosts: readonly string[]
  readonly tags: readonly string[]
  readonly excluded: readonly string[]
}

/** Options of a run that hosts feel. */
interface WireOptions {
  readonly reboots: boolean
  readonly bypassesPolicy: boolean
}

/** A script with the values of its parameters by key. */
export interface WireScript {
  readonly id: string
  readonly values: Readonly<Record<string, string>>
}

export interface WireRun extends WireTargets, WireOptions {
  readonly kind: 'run'
  readonly script: WireScript
}

export interface WireSchedule extends WireTargets, WireOptions {
  readonly kind: 'schedule'
  /** Absent for a new one. */
  readonly id?: string
  readonly title: string
  readonly scripts: readonly WireScript[]
  readonly isActive: boolean
  /** Epoch, in ms. */
  readonly start: number
  readonly end?: number
  readonly frequency?: string
  readonly interval: number
}

/** One request with an effect. */
export type WireEffect =
  | WireRun
  | WireSchedule
  | { readonly kind: 'switch'; readonly id: string; readonly to: 'on' | 'off' | 'gone' }
  | { readonly kind: 'guard'; readonly objects: number; readonly falls: boolean }
  | {
      readonly kind: 'script'
      readonly script: string
      readonly runsAnew: boolean
      readonly approves: boolean
    }
  | { readonly kind: 'copy'; readonly script: string }
  | { readonly kind: 'import'; readonly approves: boolean }
  | { readonly kind: 'campaign'; readonly name: string; readonly people: number }
  | { readonly kind: 'cancel'; readonly campaign: string }
  | { readonly kind: 'launch'; readonly campaign: string }
  | { readonly kind: 'recipients'; readonly campaign: string; readonly people: number }
  | { readonly kind: 'people'; readonly objects: number; readonly isDeletion: boolean }

/** What a schedule does and where, without its state. The values of its parameters are not shown. */
const planOf = ({ title, scripts, start, end, frequency, interval, ...rest }: WireSchedule): string =>
  JSON.stringify([
    ...[title, scripts.map(({ id }) => id), start, end, frequency, interval],
    ...[rest.hosts, rest.tags, rest.excluded, rest.reboots, rest.bypassesPolicy],
  ])

/** True if an effect only takes away work. `stored`: the schedule before it, which is sent back. */
export function isQuiet(effect: WireEffect, stored?: WireSchedule): boolean {
  switch (effect.kind) {
    case 'switch':
      return effect.to === 'off'
    case 'guard':
      return !effect.falls
    case 'schedule':
      return stored !== undefined && !effect.isActive && planOf(effect) === planOf(stored)
    default:
      return effect.kind === 'cancel'
  }
}

type Body = Readonly<Record<string, unknown>>

/** An id as Qualys reads it, however it is spelled. */
const idOf = (value: unknown): string =>
  String(value)
    .trim()
    .replace(/^0+(?=\d)/, '')
const listed = (text: unknown): string[] =>
  typeof text === 'string' && text !== '' ? text.split(',').map(idOf) : []
const objectsOf = (list: unknown): readonly Body[] => (Array.isArray(list) ? (list as Body[]) : [])
export const idsOf = (list: unknown): string[] => objectsOf(list).map(({ id }) => idOf(id))

const decoded = (value: unknown): string => Buffer.from(String(value), 'base64').toString()

/** A script that a run or a schedule names, with its parameters. */
export const scriptWith = (id: unknown, params: unknown): WireScript => ({
  id: idOf(id),
  values: Object.fromEntries(objectsOf(params).map(({ key, value }) => [decoded(key), decoded(value)])),
})
const optionsOf = (body: Body): WireOptions => ({
  reboots: body['rebootAfterScriptExecution'] === true,
  bypassesPolicy: body['executionPolicyBypassEnabled'] === true,
})

function readSchedule(body: Body, id?: string): WireSchedule {
  const { frequency, interval } = (body['recurrence'] ?? {}) as { frequency?: string; interval?: number }
  return {
    kind: 'schedule',
    ...(id !== undefined && { id }),
    title: String(body['title']),
    scripts: objectsOf(body['scripts']).map(({ id, params }) => scriptWith(id, params)),
    hosts: idsOf(body['assets']),
    tags: idsOf(body['assetTags']),
    excluded: idsOf(body['excludedAssets']),
    isActive: body['activate'] !== false,
    start: Number(body['startTime']),
    ...(body['endDate'] !== undefined && { end: Number(body['endDate']) }),
    ...(frequency !== undefined && { frequency }),
    interval: interval ?? 1,
    ...optionsOf(body),
  }
}

/** The ids that a bulk request of SAQ names in its filter. */
const filterIds = (xml: string): string[] =>
  /<Criteria field="id" operator="IN">([^<]*)</.exec(xml)?.[1]?.split(',') ?? []

const usersIn = (xml: string): number => xml.match(/<User>/g)?.length ?? 0

/** Requests by method and path; the first that matches reads the body. */
const readers: readonly (readonly [RegExp, (body: string, id: string) => WireEffect])[] = [
  [
    /^POST \/sm\/v1\/scripts\/(\d+)\/execute$/,
    (text, script) => {
      const body = JSON.parse(text) as Body
      return {
        kind: 'run',
        script: scriptWith(script, body['params']),
        hosts: [...listed(body['assetIds']), ...idsOf(body['testAssets'])],
        tags: [...listed(body['assetTagIds']), ...idsOf(body['testTags'])],
        excluded: listed(body['excludedAssetIds']),
        ...optionsOf(body),
      }
    },
  ],
  [/^POST \/sm\/v1\/scripts\/scheduler()$/, (text) => readSchedule(JSON.parse(text) as Body)],
  [/^POST \/sm\/v1\/scheduler\/([^/]+)\/activate$/, (_, id) => ({ kind: 'switch', id, to: 'on' })],
  [/^POST \/sm\/v1\/scheduler\/([^/]+)\/deactivate$/, (_, id) => ({ kind: 'switch', id, to: 'off' })],
  [/^DELETE \/sm\/v1\/scheduler\/([^/]+)$/, (_, id) => ({ kind: 'switch', id, to: 'gone' })],
  [/^POST \/sm\/v1\/scheduler\/([^/]+)$/, (text, id) => readSchedule(JSON.parse(text) as Body, id)],
  [
    /^POST \/sm\/v1\/block-(?:assets|tags)(\/delete)?$/,
    (text, falls) => ({
      kind: 'guard',
      objects: (JSON.parse(text) as { ids: unknown[] }).ids.length,
      falls: falls !== undefined,
    }),
  ],
  [
    /^POST \/sm\/v2\/block-commands\/delete()$/,
    (text) => ({
      kind: 'guard',
      objects: (JSON.parse(text) as { commandIds: unknown[] }).commandIds.length,
      falls: true,
    }),
  ],
  [
    /^PATCH \/sm\/v4\/script\/(\d+)$/,
    (text, script) => {
      const body = JSON.parse(text) as Body
      return {
        kind: 'script',
        script: idOf(script),
        runsAnew: body['content'] !== undefined,
        approves: body['scriptApprovalUserConsent'] === true,
      }
    },
  ],
  [/^POST \/sm\/v1\/scripts\/(\d+)\/clone$/, (_, script) => ({ kind: 'copy', script: idOf(script) })],
  [
    /^POST \/sm\/v2\/script-library\/import()$/,
    (text) => ({ kind: 'import', approves: (JSON.parse(text) as Body)['approved'] !== false }),
  ],
  [
    /^POST \/qps\/rest\/1\.0\/create\/saq\/questionnairecampaign()$/,
    (xml) => ({ kind: 'campaign', name: /<name>([^<]*)</.exec(xml)?.[1] ?? '', people: usersIn(xml) }),
  ],
  [
    /^POST \/qps\/rest\/1\.0\/cancel\/saq\/questionnairecampaign\/(\d+)$/,
    (_, campaign) => ({ kind: 'cancel', campaign }),
  ],
  [
    /^POST \/qps\/rest\/1\.0\/launch\/saq\/questionnairecampaign\/(\d+)$/,
    (_, campaign) => ({ kind: 'launch', campaign }),
  ],
  [
    /^POST \/qps\/rest\/1\.0\/update\/saq\/questionnairecampaign()$/,
    (xml) => ({
      kind: 'recipients',
      campaign: /<QuestionnaireCampaign><id>(\d+)</.exec(xml)?.[1] ?? '',
      people: usersIn(xml),
    }),
  ],
  [
    /^POST \/qps\/rest\/1\.0\/delete\/saq\/user()$/,
    (xml) => ({ kind: 'people', objects: filterIds(xml).length, isDeletion: true }),
  ],
  [
    /^POST \/qps\/rest\/1\.0\/update\/saq\/user()$/,
    (xml) => ({ kind: 'people', objects: filterIds(xml).length, isDeletion: false }),
  ],
]

/** What this request does; throws for one that no reader knows, so that no effect goes unseen. */
export function readEffect({ method, path, body }: SandboxRequest): WireEffect {
  for (const [pattern, read] of readers) {
    const match = pattern.exec(`${method} ${path}`)
    if (match) return read(body, match[1] as string)
  }
  throw new Error(`${method} ${path}: what does it do?`)
}
