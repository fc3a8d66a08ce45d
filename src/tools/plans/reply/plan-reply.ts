import { ownCommand } from '../../../shared/command/own-command.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { escapeFences, fenced, fenceNote, quoteIfNeeded } from '../../replies/cells.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Safeguards, ToolContext } from '../../tool.ts'
import { utcMinute } from '../durations.ts'
import type { OpenPlan } from '../runner.ts'
import { firstOpening } from '../state/due.ts'
import {
  currentWave,
  failuresOf,
  hostsOfWave,
  isOpenPhase,
  type PlanState,
  type WaveState,
} from '../state/plan-state.ts'
import { waveText } from '../wave-names.ts'
import { windowsOf } from '../windows.ts'
import { approvalWay } from './approval-way.ts'
import { changesOf, linesOf, rowOf, stateOf } from './wave-rows.ts'

/** What a reply about a plan depends on besides its journal. */
export interface PlanView {
  readonly context: Pick<ToolContext, 'caller' | 'configuration'> & {
    readonly safeguards: Pick<Safeguards, 'stateDir' | 'movesPlans'>
  }
  /** The wall clock, in ms since 1970. */
  readonly now: number
  /** True if it was proposed just now: what can be done with it is said. */
  readonly isNew?: boolean
  /** What a person would have read before the approval, where the settings asked nobody. */
  readonly warnings?: readonly string[]
}

const titleOf = ({ plan: { script } }: PlanState): string =>
  `script ${script.id} ${quoteIfNeeded(script.title)}`

function doneText(wave: WaveState): string {
  const { counts } = wave
  if (!counts) return ''
  const done = counts.succeeded + counts.failed + counts.unknown
  return `, ${formatNumber(done)} of ${counted(hostsOfWave(wave), 'host')} done`
}

const headOf = (state: PlanState): string => `rollout ${state.plan.id} of ${titleOf(state)}: ${state.phase}`

/** How many hosts failed, in all waves. */
function failedText({ waves, phase }: PlanState): string | undefined {
  const failed = waves.reduce((sum, { counts }) => sum + failuresOf(counts), 0)
  if (failed === 0) return undefined
  return phase === 'running' || phase === 'held'
    ? `${formatNumber(failed)} failed so far`
    : `${formatNumber(failed)} failed`
}

/** One line about a plan, in a list of plans. */
export function planHeadline(state: PlanState): string {
  const { phase, waves, held } = state
  const wave = currentWave(state)
  const where = wave
    ? `${waveText(wave.index, wave.planned.name, waves.length)} ${stateOf(wave, phase)}${doneText(wave)}`
    : ''
  const total = waves.reduce((sum, one) => sum + one.planned.hosts.length, 0)
  const all = `${counted(waves.length, 'wave')}, ${counted(total, 'host')}`
  return texts(
    `${headOf(state)}${held ? ` (${held.reason})` : ''}`,
    phase === 'proposed' || wave === undefined ? all : where,
    failedText(state),
  ).join(', ')
}

/** What a person looks at after a stop while a request was on its way: nothing more is sent, and nobody proves its run. */
function unprovedText({ phase, plan, waves }: PlanState): string | undefined {
  const wave = waves.find((one) => one.phase === 'sending')
  if (!wave || phase !== 'stopped') return undefined
  return `Whether ${waveText(wave.index, wave.planned.name)} ran is not known: look for a run of script ${plan.script.id} in the Qualys UI.`
}

/** How many hosts no hold or stop reaches any more. */
function reachedText({ waves }: PlanState): string | undefined {
  const begun = waves.filter(({ phase }) => phase === 'sent' || phase === 'sending')
  const hosts = begun.reduce((sum, wave) => sum + hostsOfWave(wave), 0)
  const verb = begun.some(({ phase }) => phase === 'sending') ? 'may be' : 'are'
  return hosts > 0
    ? `A run cannot be stopped: ${counted(hosts, 'host')} of the current wave ${verb} reached already.`
    : undefined
}

function heldText({ held }: PlanState): readonly string[] {
  if (!held) return []
  const { reason, why, candidates = [] } = held
  const next = reason === 'unproved run' ? [] : ['To go on: car_resume_rollout; to end it: car_stop_rollout.']
  return texts(
    `Held (${reason}) since ${utcMinute(held.at)}: ${why}`,
    candidates.length > 0 &&
      `Candidates: ${candidates.map(({ jobId, created, why }) => `job ${jobId}${created === undefined ? '' : ` of ${created}`} (${why})`).join('; ')}.`,
    next,
  )
}

/** What the plan waits for, while it runs. */
function waitingText(open: OpenPlan, { context, now }: PlanView): readonly string[] {
  const { plan, dueAt } = open.state
  const wave = currentWave(open.state)
  if (!wave || dueAt === undefined) return []
  const where = waveText(wave.index, wave.planned.name)
  const start = firstOpening(Math.max(now, dueAt), context.configuration.settings.window, windowsOf(plan))
  if (start === undefined || start > now)
    return [`${where} starts ${start === undefined ? 'when its windows open' : `at ${utcMinute(start)}`}.`]
  if (!wave.planned.needsApproval || wave.approval) return [`${where} is due.`]
  const way = approvalWay(open.state, context)
  return [
    way === undefined
      ? `${where} waits for an approval: car_resume_rollout asks for it.`
      : `${where} waits for an approval: ask the person to ${way}.`,
  ]
}

function proposedText(open: OpenPlan, { context }: PlanView): readonly string[] {
  const way = approvalWay(open.state, context)
  return [
    way === undefined
      ? 'Nobody has approved it: propose it again with the same arguments.'
      : `Nobody has approved it yet: ask the person to ${way}. It begins then.`,
  ]
}

function phaseText(open: OpenPlan, view: PlanView): readonly string[] {
  const { phase, stopped } = open.state
  if (phase === 'proposed') return proposedText(open, view)
  if (phase === 'running') return waitingText(open, view)
  if (phase === 'held') return heldText(open.state)
  if (phase === 'stopped' && stopped) return [`Stopped ${utcMinute(stopped.at)}. ${stopped.why}`]
  return phase === 'expired' ? ['Nobody touched it for seven days: propose it again.'] : []
}

/** How a plan stands: a line about it, a line a wave, and what happens next. */
export function planReply(open: OpenPlan, view: PlanView): Reply {
  const { state } = open
  const { safeguards } = view.context
  const rows = state.waves.map((wave) => rowOf(wave, state))
  const outputs = state.held?.outputs ?? []
  const note = escapeFences(
    texts(
      phaseText(open, view),
      (state.phase === 'held' || state.phase === 'stopped') && reachedText(state),
      unprovedText(state),
      changesOf(state),
      view.warnings ?? [],
      view.isNew && state.phase === 'running' && 'Follow it with car_get_rollout and waitSeconds.',
      isOpenPhase(state) &&
        !safeguards.movesPlans &&
        `This process does not move it on: a running server does, or \`${ownCommand('plans advance --watch')}\`.`,
    ).join(' '),
  )
  return {
    summary: texts(headOf(state), failedText(state)).join(', '),
    body: texts(
      linesOf(rows),
      outputs.length > 0 && [fenceNote, fenced('outputs of failed hosts', outputs.join('\n'))],
      note !== '' && `Note: ${note}`,
    ).join('\n'),
    rows: rows.map((row) => ({ ...row })),
    ...(note !== '' && { note }),
  }
}
