import { approveCommand } from '../../effects/approval/approve-command.ts'
import { timeLeftText } from '../../effects/approval/pending/time-text.ts'
import type { Safeguards, ToolContext } from '../../tool.ts'
import { waitingCallOf } from '../approval/waiting-call.ts'
import type { PlanState } from '../state/plan-state.ts'

/** How a person can approve what a plan waits for, as one clause; undefined if nobody is asked at present. */
export function approvalWay(
  state: PlanState,
  {
    caller,
    safeguards: { stateDir },
  }: Pick<ToolContext, 'caller'> & {
    readonly safeguards: Pick<Safeguards, 'stateDir'>
  },
): string | undefined {
  const call = waitingCallOf(state, stateDir)
  if (!call) return undefined
  const { link, code, ways, record } = call
  const command = ways.includes('terminal') ? `run \`${approveCommand(stateDir, code)}\`` : ''
  // The page of a service has an address for everybody.
  const place = caller.named ? '' : ' (on the machine where this server runs)'
  const page = link === undefined ? '' : `open ${link}${place}`
  const way = [page, command].filter((text) => text !== '').join(', or ')
  return `${way === '' ? 'answer the form of the client' : way} within ${timeLeftText(record)}`
}
