import { ownCommand } from '../../shared/command/own-command.ts'
import { counted } from '../../shared/format.ts'
import { isOpen, newestFirst, readPlans } from '../../tools/plans/open-plans.ts'
import { planHeadline } from '../../tools/plans/reply/plan-reply.ts'
import type { OpenPlan } from '../../tools/plans/runner.ts'
import type { CommandContext } from '../context.ts'
import { openStateFolder, sentenceOf } from './read-plans.ts'

const accountIn = ({ state: { plan } }: OpenPlan): string => `${plan.account} on ${plan.platform}`

/** `qualys-mcp plans list`: the open rollouts of the state folder. Exit code 1 if a journal is damaged. */
export function listPlans(context: CommandContext): number {
  const { print, warn, invocation } = context
  const { journals, stateDir, shown } = openStateFolder(context)
  const { open: all, damaged } = readPlans(journals)
  const listed = invocation.flags['all'] === undefined ? all.filter(isOpen) : all
  const hasSeveral = new Set(all.map(accountIn)).size > 1
  for (const plan of [...listed].sort(newestFirst))
    print(shown(`${planHeadline(plan.state)}${hasSeveral ? ` (${accountIn(plan)})` : ''}`))
  if (listed.length === 0)
    print(
      all.length === 0
        ? `No rollout is kept in ${stateDir}.`
        : `No rollout is open; \`${ownCommand('plans list --all')}\` shows ${counted(all.length, 'ended one')}.`,
    )
  for (const error of damaged) warn(shown(sentenceOf(error)))
  return damaged.length === 0 ? 0 : 1
}
