import { checkTool } from '../call-arguments.ts'
import type { CommandContext } from '../context.ts'
import { serverOptionsFor } from '../setup/server-options.ts'
import { callTool } from '../setup/tool-call.ts'
import type { PlansCall } from './words.ts'

const tools = {
  hold: 'car_hold_rollout',
  resume: 'car_resume_rollout',
  stop: 'car_stop_rollout',
} as const

/** The words that are a call of a tool. */
export type ChangeWord = keyof typeof tools

/** `qualys-mcp plans hold|stop ID [REASON]` and `plans resume ID`: the same call that an assistant makes. */
export async function changePlan(
  word: ChangeWord,
  { id, reason }: PlansCall,
  context: CommandContext,
): Promise<number> {
  const { flags } = context.invocation
  // As for `call`: it waits for the person.
  const options = serverOptionsFor(context, false, { waitsAtOnce: true })
  const name = tools[word]
  checkTool(name, options)
  const args = {
    planId: id,
    ...(reason !== undefined && { reason }),
    ...(flags['adopt'] !== undefined && { adopt: flags['adopt'] }),
    ...(flags['not-run'] === true && { notRun: true }),
  }
  return callTool(context, options, { name, args })
}
