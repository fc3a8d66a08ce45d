import { ownCommand } from '../../shared/command/own-command.ts'
import { SettingsError } from '../../shared/errors.ts'
import { waitingCallOf } from '../../tools/plans/approval/waiting-call.ts'
import { utcMinute } from '../../tools/plans/durations.ts'
import { type PlanState, waveToApprove } from '../../tools/plans/state/plan-state.ts'
import { waveText } from '../../tools/plans/wave-names.ts'
import { decide } from '../approval/approve-command.ts'
import type { CommandContext } from '../context.ts'
import { openStateFolder } from './read-plans.ts'
import { findPlan } from './show.ts'

/** Why nobody can approve anything of a plan at present, and what to do. */
function nothingToApprove(state: PlanState): string {
  const { phase, plan, dueAt = 0 } = state
  const head = `Rollout ${plan.id} is ${phase}`
  const wave = waveToApprove(state)
  if (phase === 'proposed')
    return `${head}, and nobody asks for a yes any more: let the assistant propose it again with the same arguments.`
  if (phase === 'held')
    return `${head}: \`${ownCommand('plans resume', plan.id)}\` asks for the approval to go on.`
  if (phase !== 'running') return `${head}: there is nothing to approve.`
  if (!wave) return `${head}, and waits for no approval.`
  const where = waveText(wave.index, wave.planned.name)
  return dueAt > Date.now()
    ? `${head}, and ${where} is due at ${utcMinute(dueAt)}: its approval is asked for then.`
    : `${head}, and nobody asks for the approval of ${where} at present: \`${ownCommand('plans advance')}\` does once its windows are open.`
}

/** `qualys-mcp plans approve ID [--page]`: approves what a rollout waits for. Exit code 1 if the person declines. */
export async function approvePlan(id: string, context: CommandContext): Promise<number> {
  const folder = openStateFolder(context)
  const open = findPlan(id, folder, context.warn)
  if (!open) return 1
  const call = waitingCallOf(open.state, folder.stateDir)
  if (!call) throw new SettingsError(folder.shown(nothingToApprove(open.state)))
  return decide(context, folder.stateDir, call.code)
}
