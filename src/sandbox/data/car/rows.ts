/** The records of one subscription, as replies show them. fields.ts says which page names which field. */

export type Platform = 'WINDOWS' | 'LINUX' | 'UNIX' | 'MAC'

export const scriptStatuses = {
  documented: ['APPROVED'],
  assumed: {
    reason:
      'APPROVED is documented on the wire; the others only as words of the user interface, or not at all.',
    names: ['PENDING_TEST', 'PENDING_APPROVAL', 'REJECTED', 'DEPRECATED'],
  },
} as const
export type ScriptStatus = 'APPROVED' | (typeof scriptStatuses.assumed.names)[number]

export type Outcome = 'succeeded' | 'failed' | 'timed out' | 'open'

export interface Timestamp {
  dateTime: number
}

export interface NamedRef<Id> {
  id: Id
  name: string
}

export interface TitledRef<Id> {
  id: Id
  title: string
}

export interface Reference {
  id: number
  UUId: string
}

export interface Script {
  id: number
  title: string
  description: string
  typeId: number
  typeName: string
  subType: 'Detection' | 'Response'
  languageId: number
  languageName: string
  platform: Platform
  category: NamedRef<number>
  severity: number
  threshold: number
  status: ScriptStatus
  created: Timestamp
  updatedDateTime: number
  createdBy: NamedRef<string>
  customerUuid: string
  hasParameters: boolean
  /** Key and value in base64, as create and update accept them. */
  params: { key: string; value: string }[]
  /** base64; only the record by id and the export show it. */
  content: string
  githubInputUrl?: string
  gitHubUser?: string
  gitHubRepo?: string
  gitHubFilePath?: string
  gitHubBranch?: string
  gitHubSyncEnabled?: boolean
  gitHubAutoSync?: boolean
  importedScriptFromGitLab?: boolean
  gitLabDetails?: GitLabDetails
  autorScriptsMetadata?: ControlMetadata
  qidTitle?: string
  qidSeverity?: number
  vulnerabilityType?: 'Confirmed' | 'Potential' | 'Information Gathered'
  qdsScore?: number
  /** The page cuts off its form, so it is stored as received. */
  detectionRegex?: unknown
}

/** The origin of a script; never with the token. */
export interface GitLabDetails {
  inputUrl?: string
  repoUser?: string
  repoName?: string
  filePath?: string
  branch?: string
  syncEnabled?: boolean
}

/** The control that a Control ID Remediation script fixes. */
export interface ControlMetadata {
  cid: string
  tech: string[]
  policies?: string[]
  displayName?: string
  subType?: 'Detection' | 'Response'
}

export interface Job {
  severity: number
  test: boolean
  created: Timestamp
  executionType: 'Manual' | 'Automated'
  schedulerId?: string
  correlationUuid: string
  threshold: number
  title: string
  platform: Platform
  updatedDateTime: number
  scriptId: number
  customerUuid: string
  isTest: boolean
  scriptType: string
  id: string
  category: NamedRef<number>
  schedulerName?: string
  /** Of a run that an effect started: in a reply only with the knob runDescriptions. */
  description?: string
}

export interface AssetJob {
  id: string
  output?: { code: number; text: string }
  customerUuid: string
  enddate?: string
  test: boolean
  isTest: boolean
  created: Timestamp
  job: TitledRef<string>
  script: NamedRef<number>
  asset: NamedRef<number> & { uuid: string }
  // Sandbox only, never in a reply of the platform. The control API shows these keys.
  outcome: Outcome
  flavour: OutputKind
  /** The template of the output; without it the output is one of the kind `flavour`. */
  print?: string
}

/** The kinds of output: see content/outputs.ts. */
export type OutputKind =
  | 'listing'
  | 'table'
  | 'json'
  | 'nonAscii'
  | 'ansi'
  | 'injection'
  | 'huge'
  | 'error'
  | 'partial'
  | 'empty'

/** The result of a script on one host. */
export interface HostResult extends Pick<AssetJob, 'output'> {
  outcome: Outcome
  outputKind: OutputKind
}

export interface Asset {
  id: number
  uuid: string
  name: string
  platform: Platform
  operatingSystem: string
  agentVersion: string
  ipAddress: string
  lab: boolean
  tags: NamedRef<string>[]
  created: Timestamp
  lastSeen: number
}

export interface Tag {
  id: string
  tagId: number
  tagUuid: string
  name: string
  customerId: number
  customerUuid: string
  backgroundColor?: string
  /** Sandbox only, never in a reply of the platform: only a filter by `labTag` finds the tag. */
  lab: boolean
}

/** A schedule shows only the names of its parameters, in plain text, unless a knob adds their values. */
export interface ScheduledScript extends TitledRef<number> {
  params?: { key: string; value?: string }[]
}

export interface Schedule {
  id: string
  customerUuid: string
  title: string
  description: string
  scripts: ScheduledScript[]
  scheduleType: 'ONE_TIME' | 'RECURRING'
  recurrence?: { frequency: 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY'; interval: number }
  activate: boolean
  startDate: number
  startTime: number
  endDate?: number
  assets: Reference[]
  assetTags: Reference[]
  excludedAssets: Reference[]
  allTagsForAssetsEnabled: boolean
  executionPolicyBypassEnabled: boolean
  rebootAfterScriptExecution: boolean
  rebootDelayInSeconds?: number
  rebootDelayTimeUnit?: 'hours' | 'minutes' | 'seconds'
  user: NamedRef<string>
  created: Timestamp
  updatedDateTime: number
}

export interface BlockedCommands {
  languageId: number
  commandId: number
  language: string
  platform: Platform
  commands: string[]
}

export interface Report {
  fileUuid: string
  resourceId: string
  resourceTag: string
  reportName: string
  fileFormat: string
  templateName: string
  status: 'COMPLETED' | 'IN_PROGRESS' | 'FAILED'
  fileSize: number
  expireOn: string
  timezone: null
  description: string
  fileZipped: 0 | 1
  isScheduled: 0 | 1
  filename: string
  createdAt: string
  createdBy: string
}
