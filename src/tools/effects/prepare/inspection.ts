import type { Effect, Input, Resolved } from '../../../operations/operation.ts'
import type { ApprovalRecord, ApprovalSubject } from '../../approvals.ts'
import type { Preview, PreviewParts } from '../preview/preview.ts'
import type { Hosts } from '../targets/hosts.ts'
import type { Targets } from '../targets/targets.ts'
import type { ScheduleRuns } from '../timing/schedule-runs.ts'

/** A validated call, ready for consent. What was checked is what is sent. */
export interface PreparedCall {
  readonly effect: Effect
  /** True if the call names a secret: a person approves it, whichever effects need one. */
  readonly namesSecret: boolean
  readonly targets: Targets
  /** Where code runs; undefined if none runs. */
  readonly hosts?: Hosts | undefined
  /** The runs of its schedule, if it has one. */
  readonly scheduleRuns?: ScheduleRuns | undefined
  readonly account: string
  /** The arguments as they are sent. */
  readonly args: Input
  readonly resolved: Resolved
  /** What is sent in another form than it was passed, as one clause. */
  readonly note: string | undefined
  /** What was found in the arguments, one sentence each. */
  readonly warnings: readonly string[]
  readonly preview: Preview
  /** What makes another call identical to this one. */
  readonly subject: ApprovalSubject
  /** What an approval is for; the digest covers it. */
  readonly record: ApprovalRecord
  readonly digest: string
}

/** What a look at the targets shows. */
export interface Inspection
  extends Pick<PreparedCall, 'effect' | 'namesSecret' | 'targets' | 'hosts' | 'scheduleRuns' | 'args'> {
  /** The arguments as the preview shows them: masked, as a part of a secret would no longer be recognized. */
  readonly shownArgs: Input
  /** Set if what is sent refers to other objects than what was passed. */
  readonly resolved?: Resolved | undefined
  readonly note?: string | undefined
  readonly warnings?: readonly string[]
  /** What an approval is bound to besides the preview. */
  readonly fingerprint: unknown
  readonly parts: PreviewParts
}
