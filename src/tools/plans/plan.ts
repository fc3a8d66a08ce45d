import type { ApprovalRecord } from '../approvals.ts'
import type { Approval } from '../effects/approval/pending/stored-call.ts'
import type { Caller } from '../tool.ts'

// A plan and the lines of its journal, as data (design 14). Times are epoch, in ms; ids are texts.

/** A number of hosts, or a share of a number of hosts in percent, rounded up. */
export type Bound = { readonly hosts: number } | { readonly percent: number }

/** One wave, as it was resolved when the plan was proposed. */
export interface PlannedWave {
  readonly name: string
  /** Ids of its hosts, in ascending order: sealed. */
  readonly hosts: readonly string[]
  /** How the hosts were chosen, such as `tag 7588 "Lab"` or `10% of the rest`. */
  readonly chosenBy: string
  /** How long the next wave waits after this one has ended. */
  readonly soakMinutes: number
  readonly needsApproval: boolean
}

/** The script as it was when a person approved it. */
export interface PlannedScript {
  readonly id: string
  readonly title: string
  /** Of its content, in hexadecimal. */
  readonly sha256: string
}

/** What is approved: sealed by the record of the approval. */
export interface RolloutPlan {
  readonly v: 1
  readonly id: string
  /** Who acts at Qualys, as in the record of an approval. */
  readonly account: string
  readonly platform: string
  /** Who proposed it, with the limits of that caller. */
  readonly caller: Caller
  readonly tool: 'car_plan_rollout' | 'car_plan_rerun'
  readonly script: PlannedScript
  /** Arguments of car_execute_script besides scriptId, assetIds and description. */
  readonly options: Readonly<Record<string, unknown>>
  readonly description?: string
  /** The tag that the whole fleet has; absent if the fleet is a list of ids. */
  readonly fleetTag?: { readonly id: string; readonly name: string }
  /** All hosts of the fleet when the plan was proposed, in ascending order: some may be in no wave. */
  readonly fleet: readonly string[]
  /** The name of each host of the waves, as far as Qualys shows it. */
  readonly hostNames: Readonly<Record<string, string>>
  readonly waves: readonly PlannedWave[]
  /** A wave that has as many failed hosts, or all waves together, holds the plan. At least one is set. */
  readonly stopAfter: { readonly wave?: Bound; readonly all?: Bound }
  /** More hosts of a wave that do not report in time hold the plan. */
  readonly notReported: Bound
  /** More hosts of a wave that can no longer be reached hold the plan. */
  readonly leftOut: Bound
  readonly reportWithinMinutes: number
  readonly lateAfterMinutes: number
  /** A window of the plan, beside QUALYS_WINDOW, in the same form. */
  readonly window?: string
}

/** How a person, or the settings, said yes. `approval` is absent for a form of the client, and for the settings. */
export interface PlanApproval {
  readonly record: ApprovalRecord
  readonly digest: string
  readonly approvedBy: string
  /** `form`: of the client; `settings`: no person had to be asked. */
  readonly way: 'form' | 'settings' | 'elsewhere'
  readonly approval?: Approval
  /** Who asked, if the caller is a person of the service: four eyes compare with them. */
  readonly asker?: Caller['named']
}

/** A run that may be the one that a plan sent. */
export interface RunCandidate {
  readonly jobId: string
  readonly correlationUuid?: string
  /** ISO 8601, in UTC, by Qualys' clock. */
  readonly created?: string
  /** Why it was not adopted, as one clause. */
  readonly why: string
}

/** Hosts of a wave, by what is known of them. They add up to the hosts that the run was sent to. */
export interface WaveCounts {
  readonly succeeded: number
  readonly failed: number
  /** Done, but how is not known. Counts as failed. */
  readonly unknown: number
  /** Not done. At the end of a wave: not reported. */
  readonly open: number
}

/** A host that a wave leaves out, and why, such as `is no longer in the fleet`. */
export interface LeftOutHost {
  readonly id: string
  readonly why: string
}

/** Why a plan is held: a program can tell the kinds apart, a person reads the sentence. */
export type HoldReason =
  | 'person'
  | 'failures'
  | 'not reported'
  | 'left out'
  | 'script changed'
  | 'limit'
  | 'approval'
  | 'late'
  | 'unproved run'
  | 'refused'

/** What happened, without the place in the chain. */
export type PlanEvent =
  /** `digest`: SHA-256 of the facts of the preview, in hexadecimal. */
  | { readonly kind: 'proposed'; readonly plan: RolloutPlan; readonly digest: string }
  /** `wave`: the index of the wave that it is for; absent for the whole plan. */
  | { readonly kind: 'approved'; readonly wave?: number; readonly approval: PlanApproval }
  | {
      readonly kind: 'intent'
      readonly wave: number
      /** Who sends it: nobody else does. */
      readonly runner: string
      readonly hosts: readonly string[]
      readonly leftOut: readonly LeftOutHost[]
      /** Hosts that joined the tag of the fleet since: named, never added. */
      readonly joined: readonly string[]
      /** 12 random letters, also in the description of the run. */
      readonly mark: string
      /** The newest runs of the script just before. */
      readonly before: readonly string[]
      /** The time at Qualys. */
      readonly qualysTime: number
      /** After this time nothing is sent. */
      readonly until: number
      /** SHA-256 of the arguments of car_execute_script. */
      readonly arguments: string
      /** The call as the audit log names it. */
      readonly call: string
    }
  | {
      readonly kind: 'sent'
      readonly wave: number
      readonly correlationUuid?: string
      readonly jobId?: string
      /** How a run without an answer was recognized; absent if Qualys answered. */
      readonly adopted?: 'by its mark' | 'by its hosts' | 'by a person'
    }
  /** Nothing was run, for certain. */
  | {
      readonly kind: 'lapsed'
      readonly wave: number
      readonly why: string
      /** Hosts that Qualys named when it refused the wave: it is tried again without them. */
      readonly refused?: readonly string[]
    }
  | {
      readonly kind: 'seen'
      readonly wave: number
      readonly counts: WaveCounts
      readonly jobId?: string
      /** True if nothing more of this wave counts. */
      readonly isEnd?: true
    }
  | {
      readonly kind: 'held'
      readonly reason: HoldReason
      /** What happened and what to look at, in one or two sentences. */
      readonly why: string
      readonly wave?: number
      readonly candidates?: readonly RunCandidate[]
      /** The hosts that are left out, if that is the reason: whoever resumes accepts these and no others. */
      readonly hosts?: readonly string[]
      /** The kinds of output of hosts that failed, each as a short text, with the number of its hosts. */
      readonly outputs?: readonly string[]
    }
  | {
      readonly kind: 'resumed'
      readonly approval: PlanApproval
      /** The content of the script that was approved with it. */
      readonly sha256: string
      /** The run that is the one of the intent, or that none is. */
      readonly adopt?: { readonly jobId: string; readonly correlationUuid?: string }
      readonly notRun?: true
    }
  | { readonly kind: 'stopped'; readonly why: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'expired' }

/** A line of a journal. */
export type PlanLine = PlanEvent & {
  readonly v: 1
  /** The id of the plan. */
  readonly id: string
  /** 1, 2, 3, … */
  readonly seq: number
  /** SHA-256 of the line before, in hexadecimal; 64 zeros for the first one. */
  readonly prev: string
  /** By the wall clock of the process that wrote it. */
  readonly at: number
  /** Who wrote it: the person or caller where one acted, or `runner`. */
  readonly who: string
}
