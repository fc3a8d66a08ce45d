/** Settings that a test can change while the sandbox runs: `PATCH /_sandbox/knobs`. */
export interface Knobs {
  /** Lifetime of tokens issued from now on. Vendor: four hours. */
  tokenLifetimeSeconds: number
  /** `opaque`: a token that cannot be decoded, like those of the `encrypted` option of /auth/oidc. */
  tokenKind: 'jwt' | 'opaque'
  /** 201 as documented; some clients report 200. */
  loginStatus: number
  /** `quoted`: the token as a JSON string; `json`: `{"access_token": …}`. */
  loginBody: 'raw' | 'quoted' | 'json'
  /** Delay of the answer to a login. */
  loginDelayMs: number
  /** What an undocumented filter token does: 400, match nothing, or count as absent. */
  unknownToken: 'reject' | 'nothing' | 'ignore'
  /** Rows that are equal under the sort keys come in a new order at every request. */
  shuffleTies: boolean
  /** 400 for a body field of a search that no page names. */
  strictBody: boolean
  /** 400 for a body field of an effect that the sandbox does not know. */
  strictEffects: boolean
  /** 415 for a body whose Content-Type is not the documented one. */
  strictContentType: boolean
  /** false: rows come without sortValues. */
  sortValues: boolean
  /** X-RateLimit-* headers on /sm. No page says whether CAR sends them. */
  rateLimitHeaders: boolean
  /** Time from the answer to an execution until its job can be found. */
  jobDelayMs: number
  /** The asset jobs of a run appear one by one within this time. */
  assetJobSpreadMs: number
  /** Average run time of a host. Read when a run starts, as are the next two. */
  hostSeconds: number
  /** Share of hosts that never answer, in runs on eight or more hosts. */
  offlineShare: number
  /** Result of the hosts that answer. `mixed`: about four of five succeed. */
  executionOutcome: 'mixed' | 'succeeded' | 'failed'
  /** `shifted`: a schedule starts an hour later than requested. */
  scheduleTimes: 'kept' | 'shifted'
  /** What is stored when a schedule is created or updated. */
  scheduleStores: 'all' | 'noRecurrence' | 'noTargets'
  /** Time that a report takes to become ready. */
  reportSeconds: number
  /** Limit per user; vendor: 1,000. */
  executionsPerDay: number
  /** Limit per user; vendor: 5,000. */
  scriptsPerUser: number
  /** SAQ accepts the JWT of the gateway as Bearer, as WAS did. No page says so for SAQ. */
  saqBearer: boolean
  /**
   * Status of an answer to wrong credentials at SAQ: 200 as recorded, with INVALID_CREDENTIALS inside; 401 is
   * as likely.
   */
  saqLoginStatus: number
  /** false: `id GREATER` is refused, as in the tables of the SAQ pages. The framework pages with it. */
  idGreater: boolean
  /** When a search answer of SAQ contains hasMoreRecords. */
  hasMoreRecords: 'always' | 'whenMore' | 'never'
  /** false: a search answer of SAQ never contains lastId. */
  lastId: boolean
  /** A campaign in an answer contains its recipients. The samples are cut off before them. */
  campaignRecipients: boolean
  /** A campaign in an answer contains its dueDate. */
  campaignDueDate: boolean
  /** `wrapped`: `<tags><count/><list><Tag>…`, as the sister modules answer. */
  tagLists: 'plain' | 'wrapped'
  /** The id in the answer of newversion: the requested one, as in the sample, or that of the new draft. */
  newVersionAnswers: 'oldId' | 'newId'
  /** Average time in days until a recipient answers; read when a campaign is launched. */
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

/** Why these knob settings are invalid; undefined if they are valid. */
export function validateKnobs(settings: Record<string, unknown>): string | undefined {
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
