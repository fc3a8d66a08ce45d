import { lineText } from '../../tools/plans/journal/line.ts'
import { planReply } from '../../tools/plans/reply/plan-reply.ts'
import { type OpenPlan, openPlan } from '../../tools/plans/runner.ts'
import { textOf } from '../../tools/replies/reply.ts'
import type { CommandContext } from '../context.ts'
import { openStateFolder } from './read-plans.ts'

/** The plan with this id; undefined if the state folder has none, which is told. */
export function findPlan(
  id: string,
  { journals, stateDir, shown }: ReturnType<typeof openStateFolder>,
  warn: CommandContext['warn'],
): OpenPlan | undefined {
  const open = openPlan(journals, id)
  if (!open)
    warn(
      shown(
        `There is no rollout ${id.slice(0, 60)} in ${stateDir}: QUALYS_STATE_DIR or XDG_STATE_HOME may differ between the server and here.`,
      ),
    )
  return open
}

/** `qualys-mcp plans show ID`: how a rollout stands, or its journal. Exit code 1 if there is none. */
export function showPlan(id: string, context: CommandContext): number {
  const { invocation, print, warn } = context
  const folder = openStateFolder(context)
  const open = findPlan(id, folder, warn)
  if (!open) return 1
  if (invocation.flags['jsonl'] === true) {
    print(open.lines.map(lineText).join('').trimEnd())
    return 0
  }
  const { configuration, stateDir, shown } = folder
  const { caller, platform } = open.state.plan
  // Whether a server moves it on is not known here.
  const view = { context: { caller, configuration, safeguards: { stateDir, movesPlans: true } } }
  const text = textOf(planReply(open, { ...view, now: Date.now() }))
  print(shown(platform === 'sandbox' ? `sandbox: ${text}` : text))
  return 0
}
