import { minuteMs } from '../../../shared/clock.ts'
import type { PlanLine } from '../plan.ts'
import { needPhase, needWave, refuse, waveOf } from './order.ts'
import { failuresOf, type PlanState, type WaveState } from './plan-state.ts'
import { approve, intend, type LineOf, lapse, runOf, see, send, withWave } from './wave-steps.ts'

function begin(line: PlanLine): PlanState {
  if (line.kind !== 'proposed') return refuse(line, 'comes before the plan was proposed')
  const { plan, digest, at } = line
  return {
    plan,
    digest,
    phase: 'proposed',
    sha256: plan.script.sha256,
    waves: plan.waves.map((planned, index) => ({
      index,
      planned,
      phase: 'waiting',
      leftOut: [],
      joined: [],
      refused: [],
    })),
    acceptedFailures: plan.waves.map(() => 0),
    acceptedNotReported: plan.waves.map(() => 0),
    proposedAt: at,
    touchedAt: at,
  }
}

function onApproved(state: PlanState, line: LineOf<'approved'>): PlanState {
  if (line.wave === undefined) {
    needPhase(state, line, 'proposed')
    return { ...state, phase: 'running', approval: line.approval, approvedAt: line.at }
  }
  needPhase(state, line, 'running', 'held')
  const { planned } = needWave(state, line, line.wave, 'waiting')
  if (!planned.needsApproval) refuse(line, `is for wave ${line.wave + 1}, which needs no approval of its own`)
  return withWave(state, line.wave, approve(line))
}

function onIntent(state: PlanState, line: LineOf<'intent'>): PlanState {
  needPhase(state, line, 'running')
  const { planned, approval } = needWave(state, line, line.wave, 'waiting')
  if (line.wave !== state.current)
    refuse(line, `is for wave ${line.wave + 1}, and an earlier one has not ended`)
  if (planned.needsApproval && !approval) refuse(line, `is for wave ${line.wave + 1}, which is not approved`)
  return withWave(state, line.wave, intend(line))
}

/** A request that is on its way, and a run, go on while the plan is held or stopped. */
const underWay = ['running', 'held', 'stopped'] as const

function onOutcome(state: PlanState, line: LineOf<'sent' | 'lapsed'>): PlanState {
  needPhase(state, line, ...underWay)
  needWave(state, line, line.wave, 'sending')
  return withWave(state, line.wave, line.kind === 'sent' ? send(runOf(line.at, line)) : lapse(line.refused))
}

function onSeen(state: PlanState, line: LineOf<'seen'>): PlanState {
  needPhase(state, line, ...underWay)
  needWave(state, line, line.wave, 'sent')
  return withWave(state, line.wave, see(line))
}

function onHeld(state: PlanState, line: LineOf<'held'>): PlanState {
  needPhase(state, line, 'running')
  if (line.wave !== undefined) waveOf(state, line, line.wave)
  return { ...state, phase: 'held', held: line }
}

/** The plan after a person said what became of the wave that was being sent. */
function withProvedRun(state: PlanState, line: LineOf<'resumed'>): PlanState {
  if (!line.adopt && !line.notRun) return state
  if (line.adopt && line.notRun) refuse(line, 'names a run, and says that there is none')
  const { current } = state
  if (current === undefined) return refuse(line, 'says what became of a wave, and all waves have ended')
  needWave(state, line, current, 'sending')
  const run = line.adopt && runOf(line.at, { ...line.adopt, adopted: 'by a person' })
  return withWave(state, current, run ? send(run) : lapse())
}

/** A wave that has not begun, without its own approval. */
function withoutYes(wave: WaveState): WaveState {
  if (wave.phase !== 'waiting') return wave
  const { approval: _, approvedAt: __, ...others } = wave
  return others
}

function onResumed(state: PlanState, line: LineOf<'resumed'>): PlanState {
  needPhase(state, line, 'held')
  const { held, ...rest } = withProvedRun(state, line)
  // Who resumes after another reason was not asked about failures: these still count.
  const accepts = held?.reason === 'failures' || held?.reason === 'not reported'
  // A yes to a wave that did not count, or was not given, is asked for again.
  const waves = held?.reason === 'approval' ? rest.waves.map(withoutYes) : rest.waves
  return {
    ...rest,
    waves,
    phase: 'running',
    approval: line.approval,
    resumedAt: line.at,
    sha256: line.sha256,
    ...(accepts && {
      acceptedFailures: rest.waves.map(({ counts }) => failuresOf(counts)),
      acceptedNotReported: rest.waves.map(({ counts, phase }) => (phase === 'ended' && counts?.open) || 0),
    }),
  }
}

function onStopped(state: PlanState, line: LineOf<'stopped'>): PlanState {
  needPhase(state, line, 'proposed', 'running', 'held')
  const { held: _, ...rest } = state
  return { ...rest, phase: 'stopped', stopped: { why: line.why, at: line.at, who: line.who } }
}

function onDone(state: PlanState, line: PlanLine): PlanState {
  needPhase(state, line, 'running')
  if (state.current !== undefined) refuse(line, `comes before wave ${state.current + 1} has ended`)
  return { ...state, phase: 'done' }
}

function onExpired(state: PlanState, line: PlanLine): PlanState {
  needPhase(state, line, 'proposed', 'running', 'held')
  const { held: _, ...rest } = state
  return { ...rest, phase: 'expired' }
}

function apply(state: PlanState, line: PlanLine): PlanState {
  switch (line.kind) {
    case 'proposed':
      return refuse(line, 'is not the first one')
    case 'approved':
      return onApproved(state, line)
    case 'intent':
      return onIntent(state, line)
    case 'sent':
    case 'lapsed':
      return onOutcome(state, line)
    case 'seen':
      return onSeen(state, line)
    case 'held':
      return onHeld(state, line)
    case 'resumed':
      return onResumed(state, line)
    case 'stopped':
      return onStopped(state, line)
    case 'done':
      return onDone(state, line)
    case 'expired':
      return onExpired(state, line)
  }
}

/** When a wave that waits in a running plan is due. */
function dueTime(state: PlanState, wave: WaveState): number {
  const before = state.waves[wave.index - 1]
  const afterSoak = before && (before.endedAt ?? 0) + before.planned.soakMinutes * minuteMs
  return Math.max(afterSoak ?? state.approvedAt ?? 0, wave.approvedAt ?? 0, state.resumedAt ?? 0)
}

/** The plan with what follows from the states of its waves. */
function settle({ current: _, dueAt: __, ...state }: PlanState): PlanState {
  const wave = state.waves.find(({ phase }) => phase !== 'ended')
  const isDue = state.phase === 'running' && wave?.phase === 'waiting'
  return {
    ...state,
    ...(wave && { current: wave.index }),
    ...(isDue && { dueAt: dueTime(state, wave) }),
  }
}

/** The state of a plan after all its lines. Pure. Throws a JournalError for lines in an order that cannot be. */
export function foldPlan(lines: readonly PlanLine[]): PlanState {
  const [first, ...others] = lines
  if (!first) throw new Error('A plan has at least one line.')
  return others.reduce(
    (state, line) => settle({ ...apply(state, line), touchedAt: line.at }),
    settle(begin(first)),
  )
}
