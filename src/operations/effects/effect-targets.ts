/** What a call may do that an operator can switch off (QUALYS_FORBID), in the order of the documentation. */
export const acts = [
  'reboot',
  'policy-bypass',
  'unblock',
  'delete',
  'approve',
  'repository',
  'schedule',
  'run',
  'mail',
] as const

export type Act = (typeof acts)[number]

/** The recipients of a campaign: by id, or everyone of a company or with a tag. */
export interface Recipients {
  /** The input that takes the ids of the people found. */
  readonly into: string
  readonly ids?: readonly string[] | undefined
  readonly company?: string | undefined
  /** The name of a tag. */
  readonly tag?: string | undefined
}

/** The times of a schedule, in milliseconds since 1970. */
export interface Timetable {
  readonly start: number
  /** Absent if it runs once. No run begins after `end`. */
  readonly recurrence?: {
    readonly frequency: 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY'
    readonly interval: number
    readonly end: number
  }
}

/** The parameters that a call passes to a script, or stores with it. */
export interface PassedParameters {
  readonly script: string
  /** Of each parameter its value, or the name of the secret that holds it. */
  readonly values: readonly {
    readonly key: string
    readonly value?: string | undefined
    readonly secret?: string | undefined
  }[]
}

/** Where a script is to come from. */
export interface RepositorySource {
  readonly host: string
  /** True if the call names a token for it. */
  readonly getsToken: boolean
  /** True unless the call says that the script is not synchronised with it. */
  readonly mayBeSynced: boolean
}

/** The targets of an effect on CAR, by id: looked up for the preview and checked against the operator's limits. */
export interface CarEffectTargets {
  readonly product: 'car'
  readonly scripts?: readonly string[]
  /** True if these are the scripts that the schedule has already, with the parameters that it has. */
  readonly keepsScripts?: boolean
  /** The keys of the parameters that each script gets. */
  readonly parameters?: readonly { readonly script: string; readonly keys: readonly string[] }[]
  readonly passed?: readonly PassedParameters[]
  readonly schedules?: readonly string[]
  /** Hosts by id or by tag; for the effect `execute`, the hosts on which code runs. */
  readonly assets?: readonly string[]
  readonly tags?: readonly string[]
  readonly excludedAssets?: readonly string[]
  /** Sets of blocked commands that are changed or deleted. */
  readonly commandSets?: readonly string[]
  /** All commands that the set will hold; with no set, those of a new one. */
  readonly newCommands?: readonly string[]
  readonly reports?: readonly string[]
  readonly assetJobs?: readonly string[]
  /** What a script or a set of commands is of. */
  readonly languages?: readonly string[]
  readonly scriptTypes?: readonly string[]
  /** True if new content runs wherever an active schedule runs the script. */
  readonly runsBySchedules?: boolean
  /** True if the script itself is changed. */
  readonly changesScript?: boolean
  /** True if a copy of the script is made: it may run under an id that no limit names. */
  readonly copiesScript?: boolean
  /**
   * Set if it may send the content of a script: the commands blocked for the language of the input, or of the script,
   * are compared with it.
   */
  readonly guardrails?: { readonly languageId?: string }
  readonly repository?: RepositorySource
  /** True if a schedule is switched off and nothing else: it runs nothing any more, so no limit applies. */
  readonly isSwitchOff?: boolean
  /** When the scripts run: at once, at the times that the call gives a schedule, or at those that are stored. */
  readonly runs?: 'now' | 'stored' | Timetable
  /** True if the schedule of the call runs nothing after it. */
  readonly endsRuns?: boolean
  /** Number of objects that one call names, without the hosts and tags of a run. */
  readonly bulkSize?: number
}

/** The targets of an effect on SAQ, by id: looked up for the preview and checked against the operator's limits. */
export interface SaqEffectTargets {
  readonly product: 'saq'
  readonly templates?: readonly string[]
  readonly libraryTemplates?: readonly string[]
  readonly campaigns?: readonly string[]
  readonly users?: readonly string[]
  /** Addresses that get a user of their own: looked up, since some may exist. */
  readonly newAddresses?: readonly string[]
  /** The users who review and approve a campaign. */
  readonly reviewer?: string
  readonly approver?: string
  readonly recipients?: Recipients
  /** Recipients to be removed from a campaign. */
  readonly removed?: readonly string[]
  /** True if every recipient of the campaign gets a mail. */
  readonly mailsRecipients?: boolean
  /** True if it changes the mails that every recipient of the campaign gets later. */
  readonly changesReminders?: boolean
  /** True if it sets the due date, by which these mails go. */
  readonly movesReminders?: boolean
  /** True if the campaign mails nobody after the call. */
  readonly endsMails?: boolean
  /** True if the questionnaires of the campaign are lost. */
  readonly deletesQuestionnaires?: boolean
  /** True if a new version of the template is started. */
  readonly startsVersion?: boolean
  /** True if what the template holds is replaced or edited, so that all of it is read before. */
  readonly readsContents?: boolean
  /** Number of questions that the template will hold. */
  readonly questions?: number
  /** Number of objects that one call names. */
  readonly bulkSize?: number
}

export type EffectTargets = CarEffectTargets | SaqEffectTargets

/** What the stored object shows of references: by the name of the reference the value for an id, as `lookup` has it. */
export type StoredReferences = Readonly<Record<string, ReadonlyMap<string, string>>>

/** An input with what it leaves out as it is stored. */
export interface FilledInput<I> {
  readonly input: I
  /** The names of what is taken from the store. */
  readonly taken: readonly string[]
  /** The names of what is passed and stored otherwise, as far as the record shows it. */
  readonly changes: readonly string[]
  /** For what the lists of the references do not show. */
  readonly references: StoredReferences
  /** What a person must know before approving, one sentence each; the reply repeats them. */
  readonly warnings: readonly string[]
  /** Why it cannot be sent like this: `what is wrong: what to do`. */
  readonly problem?: string | undefined
}
