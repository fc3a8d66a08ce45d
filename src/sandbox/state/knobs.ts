/**
 * Settings that a test can change while the sandbox runs, with their defaults: `PATCH /_sandbox/knobs`. In a list,
 * the default is the first of the allowed values.
 */
const table = {
  /** Lifetime of tokens issued from now on. Vendor: four hours. */
  tokenLifetimeSeconds: 14_400,
  /** `opaque`: a token that cannot be decoded, like those of the `encrypted` option of /auth/oidc. */
  tokenKind: ['jwt', 'opaque'],
  /** 201 as documented; some clients report 200. */
  loginStatus: 201,
  /** `quoted`: the token as a JSON string; `json`: `{"access_token": …}`. */
  loginBody: ['raw', 'quoted', 'json'],
  /** Delay of the answer to a login. */
  loginDelayMs: 0,
  /** What an undocumented filter token does: 400, match nothing, or count as absent. */
  unknownToken: ['reject', 'nothing', 'ignore'],
  /** Rows that are equal under the sort keys come in a new order at every request. */
  shuffleTies: true,
  /** 400 for a body field of a search that no page names. */
  strictBody: false,
  /** 400 for a body field of an effect that the sandbox does not know. */
  strictEffects: true,
  /** 415 for a body whose Content-Type is not the documented one. */
  strictContentType: false,
  /** false: rows come without sortValues. */
  sortValues: true,
  /** Every id of CAR is beyond 2^53, also in sort values; ids that are numbers stay numbers. */
  longIds: false,
  /** How CAR spells a list without rows, beside its count of zero. */
  emptyLists: ['list', 'null', 'absent', 'text', 'object'],
  /** X-RateLimit-* headers on /sm. No page says whether CAR sends them. */
  rateLimitHeaders: false,
  /** Time from the answer to an execution until its job can be found. */
  jobDelayMs: 1_500,
  /** The asset jobs of a run appear one by one within this time. */
  assetJobSpreadMs: 0,
  /** Average run time of a host. Read when a run starts, as are the next two. */
  hostSeconds: 6,
  /** Share of hosts that never answer, in runs on eight or more hosts. */
  offlineShare: 0.05,
  /**
   * What a run shows of a host that never answers: a result that stays open, or none (`unlisted`). No page says whether
   * CAR lists a host that is offline. Read when a run starts.
   */
  silentHosts: ['open', 'unlisted'],
  /** Result of the hosts that answer. `mixed`: about four of five succeed. */
  executionOutcome: ['mixed', 'succeeded', 'failed'],
  /** `shown`: a run shows the description that it was started with. No page shows that it does. */
  runDescriptions: ['hidden', 'shown'],
  /** Longest list of hosts, by id, that an execution takes; 0: any. No page names a limit. */
  maxRunHosts: 0,
  /**
   * `manifest`: a result per host has a `status`, in words that public code knows from reports, and an open one an
   * output before its script ran.
   */
  hostStatus: ['none', 'manifest'],
  /** `hidden`: a result per host does not show which run it belongs to. No page shows that it does. */
  resultJobs: ['shown', 'hidden'],
  /** `fim`: a host has the record of File Integrity Monitoring, with a UUID as `id` and the number as `assetId`. */
  hostRecord: ['plain', 'fim'],
  /**
   * Tags of a host. `uuids`, `uuidObjects`: by UUID, as in two sister modules: a list of texts, or of `{id}`. `names`: a
   * list of names. `none`: no such field.
   */
  hostTags: ['named', 'uuids', 'uuidObjects', 'names', 'none'],
  /**
   * How a result names its host. `text`: with its number as text; `uuid`: by the UUID of its agent alone; `some`: one of
   * three names none; `none`: none does.
   */
  resultHosts: ['named', 'text', 'uuid', 'some', 'none'],
  /** `dropped`: a run leaves out a parameter with an empty value, so that the later ones move up. */
  emptyParameters: ['kept', 'dropped'],
  /** Lines of a report: one per host, as public code reads it, or one per job, as this sandbox once made it up. */
  reportLines: ['hosts', 'jobs'],
  /** `bare`: a schedule in an answer is its id and its customer, all that the page of the search shows. */
  scheduleRecord: ['full', 'bare'],
  /** What an export of scripts is: a file, or `gone`: its path answers 404. */
  scriptExports: ['json', 'csv', 'zip', 'gone'],
  /** `hidden`: the record of a script shows no content. */
  scriptContent: ['shown', 'hidden'],
  /** `shifted`: a schedule starts an hour later than requested. */
  scheduleTimes: ['kept', 'shifted'],
  /** What is stored when a schedule is created or updated. */
  scheduleStores: ['all', 'noRecurrence', 'noTargets'],
  /**
   * `none`: an answer of an effect of CAR holds no id where no page shows that it does (creating and changing scripts and
   * schedules, generating reports).
   */
  effectIds: ['shown', 'none'],
  /** `status`: an answer about a script also shows its status, and by whom it was approved. */
  scriptAnswers: ['id', 'status'],
  /** `asked`: a script is not approved at once, though the call asks for it. */
  scriptApproval: ['given', 'asked'],
  /** `pending`: a script whose content was changed has to be approved again. */
  changedScripts: ['kept', 'pending'],
  /** `merged`: commands that are blocked join the set that their language has. */
  addedCommands: ['own', 'merged'],
  /** What a schedule shows of its parameters: their names, or names and values in base64 as they were sent. */
  scheduleParameters: ['names', 'values'],
  /** Time that a report takes to become ready. */
  reportSeconds: 4,
  /** Limit per user; vendor: 1,000. */
  executionsPerDay: 1_000,
  /** Limit per user; vendor: 5,000. */
  scriptsPerUser: 5_000,
  /** SAQ accepts the JWT of the gateway as Bearer, as WAS did. No page says so for SAQ. */
  saqBearer: false,
  /**
   * Status of an answer to wrong credentials at SAQ: 200 as recorded, with INVALID_CREDENTIALS inside; 401 is
   * as likely.
   */
  saqLoginStatus: 200,
  /** false: `id GREATER` is refused, as in the tables of the SAQ pages. The framework pages with it. */
  idGreater: true,
  /** When a search answer of SAQ contains hasMoreRecords. */
  hasMoreRecords: ['always', 'whenMore', 'never'],
  /** false: a search answer of SAQ never contains lastId. */
  lastId: true,
  /**
   * Recipients of a campaign in an answer. `ids`: their ids alone, as create and update take them; `names`: name and
   * company without id; `hidden`: none. The samples are cut off before them.
   */
  campaignRecipients: ['shown', 'ids', 'names', 'hidden'],
  /** A campaign in an answer contains its dueDate. */
  campaignDueDate: true,
  /** What a questionnaire shows of its campaign; the sample is cut off before it. */
  questionnaireCampaign: ['named', 'id', 'none'],
  /** A questionnaire contains its dueDate: the sample is cut off within it. */
  questionnaireDueDate: true,
  /** `ignored`: a search of users by company or tag finds people of others as well. */
  userGroups: ['compared', 'ignored'],
  /** false: the record of a user shows neither company nor tags. */
  userGroupFields: true,
  /** `wrapped`: `<tags><count/><list><Tag>…`, as the sister modules answer. */
  tagLists: ['plain', 'wrapped'],
  /**
   * How much of an object an effect answers with. `whole`: all of it, where a sample begins so. `ids`: its id alone;
   * `counts`: the number of objects alone. Most of the samples are cut off.
   */
  saqAnswers: ['whole', 'ids', 'counts'],
  /** The id in the answer of newversion: the requested one, as in the sample, or that of the new draft. */
  newVersionAnswers: ['oldId', 'newId'],
  /**
   * What a list of new users becomes if an address exists: nobody, or the users before it. No page says which.
   */
  userLists: ['allOrNone', 'inOrder'],
  /**
   * What the sections and questions of a template hold besides: `ids`: an id each; `weights`: also a weight of each
   * question.
   */
  templateFields: ['known', 'ids', 'weights'],
  /** Average time in days until a recipient answers; read when a campaign is launched. */
  answerDays: 3,
} as const

type Setting<Entry> = Entry extends readonly (infer Choice)[]
  ? Choice
  : Entry extends number
    ? number
    : boolean

export type Knobs = { -readonly [Name in keyof typeof table]: Setting<(typeof table)[Name]> }

export const defaultKnobs = Object.fromEntries(
  Object.entries(table).map(([name, entry]) => [name, typeof entry === 'object' ? entry[0] : entry]),
) as Readonly<Knobs>

/** Why these knob settings are invalid; undefined if they are valid. */
export function validateKnobs(settings: Record<string, unknown>): string | undefined {
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(table, name)) {
      return `no knob is called ${name}; there are ${Object.keys(table).join(', ')}`
    }
    const knob = name as keyof Knobs
    const allowed: unknown = table[knob]
    if (typeof value !== typeof defaultKnobs[knob]) return `${name} is a ${typeof defaultKnobs[knob]}`
    if (Array.isArray(allowed) && !allowed.includes(value)) return `${name} is one of ${allowed.join(', ')}`
  }
  return undefined
}
