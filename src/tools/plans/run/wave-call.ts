import type { Input } from '../../../operations/operation.ts'
import { randomBytes, randomInt, sha256 } from '../../../shared/crypto.ts'
import { canonicalJson } from '../../../shared/json.ts'
import { approvedCounts } from '../../effects/audit/approved-facts.ts'
import { auditArguments } from '../../effects/audit/audit-arguments.ts'
import { callerOf } from '../../effects/audit/audit-caller.ts'
import type { PreparedCall } from '../../effects/prepare/inspection.ts'
import type { WriteAuditLine } from '../../effects/send-once.ts'
import type { ToolContext } from '../../tool.ts'
import { execute } from '../execute.ts'
import type { PlanApproval, RolloutPlan } from '../plan.ts'
import { waveInWords } from '../wave-names.ts'

/** The arguments with which a wave is sent. */
export function argumentsOf(plan: RolloutPlan, index: number, hosts: readonly string[], mark: string): Input {
  const { script, options, description = `Rollout ${plan.id}, ${waveInWords(plan, index)}` } = plan
  return {
    scriptId: script.id,
    assetIds: hosts,
    ...options,
    description: `${description} [qualys-mcp ${mark}]`,
  }
}

/** How the audit log names a call with these arguments. */
export const callIdOf = (args: Input): string => sha256(canonicalJson([execute.name, args])).slice(0, 16)

/** Without vowels, no mark holds a word: one such as "mask" beside our name passes for a masked secret, which is refused. */
const alphabet = 'bcdfghjklmnpqrstvwxz'

/** 12 random letters that name one run. */
export const newMark = (): string =>
  Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('')

/** The audit log of one wave: the lines of a call of car_execute_script that names its plan. */
export async function auditOf(
  plan: RolloutPlan,
  wave: number,
  args: Input,
  context: ToolContext,
): Promise<WriteAuditLine> {
  const caller = await callerOf(execute, context)
  const attempt = randomBytes(4).toString('hex')
  const place = { tool: execute.name, call: callIdOf(args), attempt, plan: plan.id, wave: wave + 1 }
  return (event, facts = {}) => context.safeguards.audit?.record(event, { ...place, ...facts }, caller)
}

/** Writes what is asked and by which approvals it is allowed. */
export function auditWave(
  audit: WriteAuditLine,
  args: Input,
  prepared: PreparedCall,
  approvals: readonly PlanApproval[],
): void {
  audit('asked', { effect: prepared.effect, arguments: auditArguments(args) })
  const { pages, counts } = approvedCounts(prepared)
  for (const targets of pages.slice(0, -1)) audit('targets', { targets })
  audit('approved', {
    effect: prepared.effect,
    by: approvals.map(({ approvedBy }) => approvedBy).join('; '),
    // The records stand in the lines of the calls that were approved.
    approvals: approvals.map(({ digest }) => digest),
    counts,
    targets: pages.at(-1) ?? {},
  })
}
