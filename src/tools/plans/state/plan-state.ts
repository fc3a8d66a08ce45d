import type { LeftOutHost, PlanApproval, PlanEvent, PlannedWave, RolloutPlan, WaveCounts } from '../plan.ts'

// What the lines of a journal add up to. Times are epoch, in ms.

/** An event of this kind, with the time of its line. */
export type EventOf<Kind extends PlanEvent['kind']> = Extract<PlanEvent, { kind: Kind }> & {
  readonly at: number
}

/** Where a plan is: `proposed` until it is approved; `stopped`, `done` and `expired` are ends. */
export type PlanPhase = 'proposed' | 'running' | 'held' | 'stopped' | 'done' | 'expired'

/**
 * `waiting`: not begun, or lapsed since; `sending`: what became of its intent is not known yet; `sent`: its run exists;
 * `ended`: nothing more of it counts.
 */
export type WavePhase = 'waiting' | 'sending' | 'sent' | 'ended'

/** The run of a wave. */
export interface WaveRun {
  readonly correlationUuid?: string
  readonly jobId?: string
  /** How it was recognized if Qualys gave no answer. */
  readonly adopted?: NonNullable<EventOf<'sent'>['adopted']>
  /** When its line was written. */
  readonly sentAt: number
}

/** One wave, as far as it has come. */
export interface WaveState {
  readonly index: number
  readonly planned: PlannedWave
  readonly phase: WavePhase
  /** Its own, if it needs one: the newest. */
  readonly approval?: PlanApproval
  readonly approvedAt?: number
  /** The newest one. */
  readonly intent?: EventOf<'intent'>
  readonly run?: WaveRun
  /** The last ones that were seen. */
  readonly counts?: WaveCounts
  /** As the newest intent names them. */
  readonly leftOut: readonly LeftOutHost[]
  readonly joined: readonly string[]
  /** Hosts that Qualys refused: the wave is tried again without them. */
  readonly refused: readonly string[]
  readonly endedAt?: number
}

/** A plan, as far as it has come. */
export interface PlanState {
  readonly plan: RolloutPlan
  /** Of the record that was proposed. */
  readonly digest: string
  readonly phase: PlanPhase
  /** The newest of those for the whole plan and those to resume. */
  readonly approval?: PlanApproval
  /** When the whole plan was approved. */
  readonly approvedAt?: number
  /** When the plan was resumed last. */
  readonly resumedAt?: number
  /** Of the content of the script that is approved now. */
  readonly sha256: string
  readonly waves: readonly WaveState[]
  /** The index of the first wave that has not ended; absent when all have. */
  readonly current?: number
  /** Why the plan is held, only while it is. */
  readonly held?: EventOf<'held'>
  readonly stopped?: { readonly why: string; readonly at: number; readonly who: string }
  /** Failures of each wave, by its index, that a person accepted by resuming after them. */
  readonly acceptedFailures: readonly number[]
  /** The same for hosts that did not report. */
  readonly acceptedNotReported: readonly number[]
  /** When the current wave is due; absent unless the plan is running and that wave is waiting. */
  readonly dueAt?: number
  readonly proposedAt: number
  /** When the newest line was written. */
  readonly touchedAt: number
}

/** True for a plan that has not ended. */
export const isOpenPhase = ({ phase }: Pick<PlanState, 'phase'>): boolean =>
  phase === 'proposed' || phase === 'running' || phase === 'held'

/** The first wave that has not ended; undefined when all have. */
export const currentWave = ({
  current,
  waves,
}: Pick<PlanState, 'current' | 'waves'>): WaveState | undefined =>
  current === undefined ? undefined : waves[current]

/** How many hosts a wave was sent to, or will be. */
export const hostsOfWave = ({ intent, planned }: WaveState): number => (intent?.hosts ?? planned.hosts).length

/** The wave of a running plan that waits for its own approval, whether it is due or not; undefined if none does. */
export function waveToApprove(state: PlanState): WaveState | undefined {
  const wave = currentWave(state)
  const waits = state.phase === 'running' && wave?.phase === 'waiting' && wave.planned.needsApproval
  return waits && !wave.approval ? wave : undefined
}

/** The failures among the hosts of a wave: a host of which nobody knows how it ended counts as one. */
export const failuresOf = (counts: WaveCounts | undefined): number =>
  counts ? counts.failed + counts.unknown : 0
