import type { PlanLine } from '../plan.ts'
import type { PlanState, WaveRun, WaveState } from './plan-state.ts'

// What a line means for its wave. Whether the line may come is checked before: see fold.ts.

/** A line of one of these kinds. */
export type LineOf<Kind extends PlanLine['kind']> = Extract<PlanLine, { kind: Kind }>

/** A plan with another state of one wave. */
export function withWave(state: PlanState, index: number, change: (wave: WaveState) => WaveState): PlanState {
  return { ...state, waves: state.waves.map((wave) => (wave.index === index ? change(wave) : wave)) }
}

/** The wave with an approval of its own. */
export const approve =
  ({ approval, at }: LineOf<'approved'>) =>
  (wave: WaveState): WaveState => ({ ...wave, approval, approvedAt: at })

/** The wave while its run is being sent. */
export const intend =
  (intent: LineOf<'intent'>) =>
  (wave: WaveState): WaveState => ({
    ...wave,
    phase: 'sending',
    intent,
    leftOut: intent.leftOut,
    joined: intent.joined,
  })

/** The wave with its run. */
export const send =
  (run: WaveRun) =>
  (wave: WaveState): WaveState => ({ ...wave, phase: 'sent', run })

/** The run that a line names. */
export function runOf(at: number, { correlationUuid, jobId, adopted }: Omit<WaveRun, 'sentAt'>): WaveRun {
  return {
    ...(correlationUuid === undefined ? {} : { correlationUuid }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(adopted === undefined ? {} : { adopted }),
    sentAt: at,
  }
}

/** The wave after nothing was sent: another intent may follow. */
export const lapse =
  (refused: readonly string[] = []) =>
  (wave: WaveState): WaveState => ({ ...wave, phase: 'waiting', refused: [...wave.refused, ...refused] })

/** The wave with what was seen of its run. */
export const see =
  ({ counts, jobId, isEnd, at }: LineOf<'seen'>) =>
  (wave: WaveState): WaveState => ({
    ...wave,
    counts,
    ...(jobId !== undefined && wave.run ? { run: { ...wave.run, jobId } } : {}),
    ...(isEnd ? { phase: 'ended', endedAt: at } : {}),
  })
