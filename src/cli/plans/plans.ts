import { SettingsError, SetupError } from '../../shared/errors.ts'
import { safeText } from '../../shared/safe-text.ts'
import { JournalError } from '../../tools/plans/journal-error.ts'
import type { Command, CommandContext } from '../context.ts'
import { sentenceOf } from './read-plans.ts'
import { type PlansCall, readPlansCall } from './words.ts'

async function run(call: PlansCall, context: CommandContext): Promise<number> {
  const { word, id } = call
  switch (word) {
    case 'list':
      return (await import('./list.ts')).listPlans(context)
    case 'show':
      return (await import('./show.ts')).showPlan(id, context)
    case 'advance':
      return (await import('./advance.ts')).advancePlans(context)
    case 'approve':
      return (await import('./approve.ts')).approvePlan(id, context)
    default:
      return (await import('./change.ts')).changePlan(word, call, context)
  }
}

/** `qualys-mcp plans`: rollouts in a terminal, by cron or by systemd. Exit code 1 for a damaged or unknown one. */
export const plansCommand: Command = async (context) => {
  try {
    return await run(readPlansCall(context.invocation), context)
  } catch (error) {
    if (error instanceof JournalError) {
      context.warn(safeText(sentenceOf(error)))
      return 1
    }
    if (error instanceof SetupError) throw new SettingsError(sentenceOf(error))
    throw error
  }
}
