import type { Effect } from '../../../operations/operation.ts'
import { DeclinedError } from '../../../shared/errors.ts'
import type { Question, Running } from '../../tool.ts'
import { keepPending, takeApproval } from './pending-calls.ts'

/** What a person must approve. */
export interface Asked {
  readonly effect: Effect
  /** The effect that the tool declares, whatever the input adds. */
  readonly usual: Effect
  readonly tool: string
  readonly preview: string
  /** Digest of account, tool, arguments and preview. */
  readonly digest: string
}

/**
 * True if approval is needed. An input can raise the effect: the call then needs approval if either effect
 * does.
 */
function needed({ effect, usual }: Asked, { configuration }: Running): boolean {
  const { mode, confirm } = configuration.settings
  return mode === 'confirm' && confirm.some((word) => word === effect || word === usual)
}

function declined(action: string): DeclinedError {
  return action === 'cancel'
    ? new DeclinedError(
        'The question was closed without an answer, so nothing was sent.',
        'Do not ask again unless the person wants it.',
      )
    : new DeclinedError(
        'The person said no, so nothing was sent.',
        'Do not ask again unless the person wants it.',
      )
}

/**
 * Who approved: the settings, a person through the client, or a person in a terminal; or the question to ask.
 * Throws a DeclinedError if the person declined or nobody can be asked. An answer counts only with a state
 * that this process sealed for exactly this call; otherwise the question is asked again.
 */
export async function consent(
  asked: Asked,
  running: Running,
): Promise<{ readonly approvedBy: string } | (Omit<Question, 'unanswered'> & { readonly forged: boolean })> {
  const { person, safeguards } = running
  if (!needed(asked, running)) return { approvedBy: 'settings' }
  const { answer, reachable, context } = person
  const { tool, preview, digest } = asked
  if (answer && (await safeguards.seals.open(answer.state, digest, context))) {
    if (answer.action === 'accept' && answer.approved) return { approvedBy: 'a person, asked by the client' }
    throw declined(answer.action)
  }
  if (reachable)
    return { question: preview, state: await safeguards.seals.seal(digest), forged: answer !== undefined }
  if (takeApproval(safeguards.stateDir, digest)) return { approvedBy: 'a person, in a terminal' }
  const code = keepPending(safeguards.stateDir, { digest, tool, preview })
  throw new DeclinedError(
    'A person has to approve this, and this client cannot ask one; nothing was sent.',
    `Ask the operator to run \`qualys-mcp approve ${code}\` in a terminal within ten minutes, then make the identical call again.`,
  )
}
