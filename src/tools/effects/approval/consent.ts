import type { Effect } from '../../../operations/operation.ts'
import { DeclinedError } from '../../../shared/errors.ts'
import type { Question, ToolContext } from '../../tool.ts'
import { savePending, takeApproval } from './pending-calls.ts'

/** What a person must approve. */
export interface CallToApprove {
  readonly effect: Effect
  /** The effect that the tool declares, whatever the input adds. */
  readonly declaredEffect: Effect
  readonly tool: string
  readonly preview: string
  /** Digest of account, tool, arguments and preview. */
  readonly digest: string
}

function declinedError(action: string): DeclinedError {
  const what = action === 'cancel' ? 'The question was closed without an answer' : 'The person said no'
  return new DeclinedError(`${what}, so nothing was sent.`, 'Do not ask again unless the person wants it.')
}

/**
 * Who approved: the settings, a person through the client, or a person in a terminal; or the question to ask.
 * Throws a DeclinedError if the person declined or nobody can be asked. An answer counts only with a state
 * that this process issued for exactly this call; otherwise the question is asked again.
 */
export async function consent(
  call: CallToApprove,
  context: ToolContext,
): Promise<
  { readonly approvedBy: string } | (Omit<Question, 'onUnanswered'> & { readonly isForged: boolean })
> {
  const { approver, safeguards } = context
  const { mode, confirm } = context.configuration.settings
  // An input can raise the effect: the call then needs approval if either effect does.
  const isNeeded = confirm.some((word) => word === call.effect || word === call.declaredEffect)
  if (mode !== 'confirm' || !isNeeded) return { approvedBy: 'settings' }
  const { answer, isReachable, request } = approver
  const { tool, preview, digest } = call
  if (answer && (await safeguards.requestStates.redeem(answer.state, digest, request))) {
    if (answer.action === 'accept' && answer.approved) return { approvedBy: 'a person, asked by the client' }
    throw declinedError(answer.action)
  }
  if (isReachable)
    return {
      question: preview,
      state: await safeguards.requestStates.issue(digest),
      isForged: answer !== undefined,
    }
  if (takeApproval(safeguards.stateDir, digest)) return { approvedBy: 'a person, in a terminal' }
  const code = savePending(safeguards.stateDir, { digest, tool, preview })
  throw new DeclinedError(
    'A person has to approve this, and this client cannot ask one; nothing was sent.',
    `Ask the operator to run \`qualys-mcp approve ${code}\` in a terminal within ten minutes, then make the identical call again.`,
  )
}
