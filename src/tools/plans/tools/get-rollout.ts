import { systemClock } from '../../../shared/clock.ts'
import { formatNumber } from '../../../shared/format.ts'
import type { Tool, ToolContext } from '../../tool.ts'
import { journalsOf } from '../journals.ts'
import { findPlan } from '../open-plans.ts'
import { getInput } from '../propose/plan-inputs.ts'
import { planReply } from '../reply/plan-reply.ts'
import { type OpenPlan, openPlan } from '../runner.ts'
import { currentWave, hostsOfWave, type PlanState, waveToApprove } from '../state/plan-state.ts'

/** How often the journal is looked at, in ms: another process may write it. */
const intervalMs = 500

/** True if a wait may still see the plan change: it is not held or over, and no person has to approve its wave. */
function mayGoOn({ state }: OpenPlan, until: number): boolean {
  const { phase, dueAt = 0 } = state
  if (phase !== 'running' && phase !== 'proposed') return false
  return !waveToApprove(state) && dueAt <= until
}

function reportProgress({ progress }: ToolContext, state: PlanState): void {
  const wave = currentWave(state)
  const counts = wave?.counts
  if (!wave || !counts) return
  const hosts = hostsOfWave(wave)
  const done = hosts - counts.open
  progress.report(done, hosts, `hosts of wave ${formatNumber(wave.index + 1)} done`)
}

/** Reads a plan until it needs somebody, ends, or the time is over. Nothing is moved by that. */
async function waitFor(open: OpenPlan, waitMs: number, context: ToolContext): Promise<OpenPlan> {
  const journals = journalsOf(context.safeguards)
  const until = Date.now() + waitMs
  const end = systemClock.now() + waitMs
  let last = open
  while (mayGoOn(last, until) && systemClock.now() < end) {
    await systemClock.sleep(Math.min(intervalMs, Math.max(0, end - systemClock.now())), context.signal)
    last = openPlan(journals, open.state.plan.id) ?? last
    reportProgress(context, last.state)
  }
  return last
}

/** Shows a rollout, and waits for it. */
export const getRollout: Tool = {
  name: 'car_get_rollout',
  title: 'Follow a rollout',
  description: 'How a rollout stands; waits until it needs a person or ends, and moves nothing.',
  effect: 'read',
  input: getInput,
  run: async ({ planId, waitSeconds = 0 }, context) => {
    const open = await findPlan(String(planId), context)
    const stopProgress = context.progress.repeat(systemClock)
    try {
      const last = await waitFor(open, Number(waitSeconds) * 1_000, context)
      return planReply(last, { context, now: Date.now() })
    } finally {
      stopProgress()
    }
  },
}
