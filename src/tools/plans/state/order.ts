import { journalError } from '../journal-error.ts'
import type { PlanLine } from '../plan.ts'
import type { PlanPhase, PlanState, WavePhase, WaveState } from './plan-state.ts'

// Which lines may follow which.

/** Throws a JournalError. `why`: a clause about the line. */
export function refuse({ id, seq, kind }: PlanLine, why: string): never {
  throw journalError(id, `its lines are in an order that cannot be, since line ${seq} (${kind}) ${why}`)
}

/** Throws a JournalError unless the plan is in one of these phases. */
export function needPhase(state: PlanState, line: PlanLine, ...phases: readonly PlanPhase[]): void {
  if (!phases.includes(state.phase)) refuse(line, `comes while the plan is ${state.phase}`)
}

/** The wave with this index. Throws a JournalError if there is none. */
export function waveOf(state: PlanState, line: PlanLine, index: number): WaveState {
  return state.waves[index] ?? refuse(line, `names wave ${index + 1} of ${state.waves.length}`)
}

/** The wave with this index. Throws a JournalError unless it is in this phase. */
export function needWave(state: PlanState, line: PlanLine, index: number, phase: WavePhase): WaveState {
  const wave = waveOf(state, line, index)
  return wave.phase === phase ? wave : refuse(line, `comes while wave ${index + 1} is ${wave.phase}`)
}
