/** The records of one subscription in their wire form (fields.ts says which page names which field). */

export type Platform = 'WINDOWS' | 'LINUX' | 'UNIX' | 'MAC'
export type ScriptStatus = 'PENDING_TEST' | 'PENDING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'DEPRECATED'
export type Outcome = 'succeeded' | 'failed' | 'timed out' | 'open'

export interface Timestamp {
  dateTime: number
}

export interface Named<Id> {
  id: Id
  name: string
}

export interface Titled<Id> {
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
  category: Named<number>
  severity: number
  threshold: number
  status: ScriptStatus
  created: Timestamp
  updatedDateTime: number
  createdBy: Named<string>
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
  category: Named<number>
  schedulerName?: string
}

export interface AssetJob {
  id: string
  output?: { code: number; text: string }
  customerUuid: string
  enddate?: string
  test: boolean
  isTest: boolean
  created: Timestamp
  job: Titled<string>
  script: Named<number>
  asset: Named<number> & { uuid: string }
  /** Sandbox only, never on the wire: how it ended, and the kind of its output. */
  outcome: Outcome
  flavour: string
  /** Sandbox only: another output, with placeholders that differ by host. */
  print?: string
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
  tags: Named<string>[]
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
  /** Sandbox only, never on the wire: shown only to the filter that asks for lab tags. */
  lab: boolean
}

/** A schedule shows only the names of its parameters, in plain text. */
export interface ScheduledScript extends Titled<number> {
  params?: { key: string }[]
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
  user: Named<string>
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
