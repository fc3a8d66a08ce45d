import type { ServerContext } from '@modelcontextprotocol/server'
import type { Effect } from '../operations/operation.ts'
import { DeclinedError } from '../session/errors.ts'
import { keepPending, takeApproval } from './effects/approvals.ts'
import type { Running } from './tool.ts'

/** A question to a person; the state comes back with the answer. */
export interface Question {
  readonly question: string
  readonly state: string
  /** Nobody answers: notes it, and says so. */
  readonly unanswered: (error: DeclinedError) => DeclinedError
}

/** The person behind the client, as far as this call reaches one. */
export interface Person {
  /** True when the client can put a form before somebody. */
  readonly reachable: boolean
  /** True when a question goes out as a result and comes back with its answer (2026-07-28), not as a request. */
  readonly modern: boolean
  /** What came back, and the state that came with it: from the client, so neither is to be trusted. */
  readonly answer?: { readonly action: string; readonly approved: boolean; readonly state: string }
  readonly context: ServerContext
}

/** What is to be consented to. */
export interface Asked {
  readonly effect: Effect
  /** The effect of the tool, whatever the input makes of it. */
  readonly usual: Effect
  readonly tool: string
  readonly preview: string
  /** Of account, tool, arguments and preview. */
  readonly digest: string
}

/** A call whose input makes more of it than its tool says is asked about under either name. */
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
 * Who approved: a setting, a person through the client, or one in a terminal; or the question that is still to be
 * asked. Throws where nobody can be asked, or a person said no. An answer counts only with a state that this process
 * sealed for exactly this; without one it is no answer, and the question is put (again).
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
