import { hourMs } from '../../shared/clock.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { texts } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import { timeLeftText } from '../../tools/effects/approval/pending/time-text.ts'
import { waitingCallOf } from '../../tools/plans/approval/waiting-call.ts'
import { planHeadline } from '../../tools/plans/reply/plan-reply.ts'
import type { MovedPlans } from '../../tools/plans/run/move-plans.ts'
import type { OpenPlan } from '../../tools/plans/runner.ts'
import { type PlanState, waveToApprove } from '../../tools/plans/state/plan-state.ts'
import { capitalized, waveText } from '../../tools/plans/wave-names.ts'

/** A problem that lasts is told again after this time. */
const repeatMs = hourMs

interface Output {
  readonly print: (line: string) => void
  readonly warn: (line: string) => void
  readonly redact: Redact
}

/** What is known of a plan: the number of its lines, and the code under which it waits for a person. */
interface Known {
  readonly lines: number
  readonly code: string | undefined
}

/** What a plan waits for a person for, and the command for that. */
function waitsFor(state: PlanState, stateDir: string): string | undefined {
  const { held, plan } = state
  const command = (...words: readonly string[]): string => `\`${ownCommand('plans', ...words, plan.id)}\``
  if (held?.reason === 'unproved run')
    return `${held.why} To go on: ${command('resume')} with --adopt JOB, or with --not-run.`
  if (held) return `${held.why} To go on: ${command('resume')}; to end it: ${command('stop')}.`
  const call = waitingCallOf(state, stateDir)
  if (!call) return undefined
  const wave = waveToApprove(state)
  const what = wave ? capitalized(waveText(wave.index, wave.planned.name)) : 'It'
  return `${what} waits for an approval: run ${command('approve')} within ${timeLeftText(call.record)}, with --page for the page.`
}

/** Tells what is new since the last look, a line for each plan, and what went wrong: nothing twice, for cron. */
export function newsOfPlans(
  plans: readonly OpenPlan[],
  stateDir: string,
  { print, warn, redact }: Output,
): (moved: MovedPlans, now?: number) => void {
  const knownOf = ({ lines, state }: OpenPlan): Known => ({
    lines: lines.length,
    code: waitingCallOf(state, stateDir)?.code,
  })
  const known = new Map(plans.map((plan) => [plan.state.plan.id, knownOf(plan)]))
  /** When each problem was told: epoch, in ms. */
  const reported = new Map<string, number>()
  const shown = (text: string): string => safeText(redact(text))
  return ({ advanced, problems }, now = Date.now()) => {
    for (const { open } of advanced) {
      const { id } = open.state.plan
      const before = known.get(id)
      const next = knownOf(open)
      known.set(id, next)
      if (before?.lines === next.lines && (next.code === undefined || before.code === next.code)) continue
      print(shown(texts(`${planHeadline(open.state)}.`, waitsFor(open.state, stateDir)).join(' ')))
    }
    for (const problem of new Set(problems)) {
      if (now - (reported.get(problem) ?? Number.NEGATIVE_INFINITY) < repeatMs) continue
      reported.set(problem, now)
      warn(shown(problem))
    }
  }
}
