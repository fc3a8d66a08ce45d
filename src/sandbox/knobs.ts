/** What a test may turn while the sandbox runs: `PATCH /_sandbox/knobs`. */
export interface Knobs {
  /** Lifetime of tokens issued from now on. Vendor: four hours. */
  tokenLifetimeSeconds: number
  /** `opaque`: a token that cannot be decoded, as the `encrypted` option of /auth/oidc gives. */
  tokenKind: 'jwt' | 'opaque'
  /** 201 as documented; some clients report 200. */
  loginStatus: number
  /** `quoted`: the token as a JSON string; `json`: `{"access_token": …}`. */
  loginBody: 'raw' | 'quoted' | 'json'
  /** From a login request to its answer. */
  loginDelayMs: number
  /** What a filter token that nobody documented does: 400, match nothing, or count as absent. */
  unknownToken: 'reject' | 'nothing' | 'ignore'
  /** Rows that are equal under the sort keys come in another order at every request. */
  shuffleTies: boolean
  /** 400 for a body field of a search that no page names. */
  strictBody: boolean
  /** 400 for a body field of an effect that the sandbox does not know. */
  strictEffects: boolean
  /** 415 for a body whose Content-Type is not the documented one. */
  strictContentType: boolean
  /** false: rows come without their sortValues. */
  sortValues: boolean
  /** X-RateLimit-* headers on /sm. No page says whether CAR sends them. */
  rateLimitHeaders: boolean
  /** From the answer to an execution until its job can be found. */
  jobDelayMs: number
  /** The asset jobs of a run appear within this time, not all at once. */
  assetJobSpreadMs: number
  /** How long a host takes, on average; read when a run starts, as the next two. */
  hostSeconds: number
  /** Of the hosts of a run on eight or more: how many never answer. */
  offlineShare: number
  /** How the hosts end that do answer. `mixed`: about four of five succeed. */
  executionOutcome: 'mixed' | 'succeeded' | 'failed'
  /** `shifted`: a schedule starts an hour later than was asked for. */
  scheduleTimes: 'kept' | 'shifted'
  /** What is stored of a schedule that is created or updated. */
  scheduleStores: 'all' | 'noRecurrence' | 'noTargets'
  /** How long a report is in the making. */
  reportSeconds: number
  /** Per user; vendor: 1,000. */
  executionsPerDay: number
  /** Per user; vendor: 5,000. */
  scriptsPerUser: number
  /** SAQ takes the JWT of the gateway as Bearer, as WAS does. No page says so of SAQ. */
  saqBearer: boolean
  /** Of an answer to wrong credentials at SAQ: 200 as recorded, with INVALID_CREDENTIALS inside; 401 is as likely. */
  saqLoginStatus: number
  /** false: `id GREATER` is refused, as by the tables of the SAQ pages. The framework pages with it. */
  idGreater: boolean
  /** When a search answer of SAQ says hasMoreRecords. */
  hasMoreRecords: 'always' | 'whenMore' | 'never'
  /** false: a search answer of SAQ never says lastId. */
  lastId: boolean
  /** Of a campaign on the wire: whether it holds its recipients. The samples are cut off before. */
  campaignRecipients: boolean
  /** Of a campaign on the wire: whether it holds its dueDate. */
  campaignDueDate: boolean
  /** `wrapped`: `<tags><count/><list><Tag>…`, as the sister modules answer. */
  tagLists: 'plain' | 'wrapped'
  /** What newversion answers: the id it was asked with, as the sample, or that of the new draft. */
  newVersionAnswers: 'oldId' | 'newId'
  /** How long a recipient takes to answer, on average; read when a campaign is launched. */
  answerDays: number
}

export const defaultKnobs: Readonly<Knobs> = {
  tokenLifetimeSeconds: 14_400,
  tokenKind: 'jwt',
  loginStatus: 201,
  loginBody: 'raw',
  loginDelayMs: 0,
  unknownToken: 'reject',
  shuffleTies: true,
  strictBody: false,
  strictEffects: true,
  strictContentType: false,
  sortValues: true,
  rateLimitHeaders: false,
  jobDelayMs: 1_500,
  assetJobSpreadMs: 0,
  hostSeconds: 6,
  offlineShare: 0.05,
  executionOutcome: 'mixed',
  scheduleTimes: 'kept',
  scheduleStores: 'all',
  reportSeconds: 4,
  executionsPerDay: 1_000,
  scriptsPerUser: 5_000,
  saqBearer: false,
  saqLoginStatus: 200,
  idGreater: true,
  hasMoreRecords: 'always',
  lastId: true,
  campaignRecipients: true,
  campaignDueDate: true,
  tagLists: 'plain',
  newVersionAnswers: 'oldId',
  answerDays: 3,
}

const choices: Partial<Record<keyof Knobs, readonly string[]>> = {
  tokenKind: ['jwt', 'opaque'],
  loginBody: ['raw', 'quoted', 'json'],
  unknownToken: ['reject', 'nothing', 'ignore'],
  executionOutcome: ['mixed', 'succeeded', 'failed'],
  scheduleTimes: ['kept', 'shifted'],
  scheduleStores: ['all', 'noRecurrence', 'noTargets'],
  hasMoreRecords: ['always', 'whenMore', 'never'],
  tagLists: ['plain', 'wrapped'],
  newVersionAnswers: ['oldId', 'newId'],
}

/** Why these are no knob settings, or undefined when they are. */
export function knobComplaint(settings: Record<string, unknown>): string | undefined {
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(defaultKnobs, name)) {
      return `no knob is called ${name}; there are ${Object.keys(defaultKnobs).join(', ')}`
    }
    const knob = name as keyof Knobs
    if (typeof value !== typeof defaultKnobs[knob]) return `${name} is a ${typeof defaultKnobs[knob]}`
    const allowed = choices[knob]
    if (allowed && !allowed.includes(String(value))) return `${name} is one of ${allowed.join(', ')}`
  }
  return undefined
}
