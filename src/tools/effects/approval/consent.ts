import type { Effect } from '../../../operations/operation.ts'
import { DeclinedError, SetupError } from '../../../shared/errors.ts'
import type { FormAnswer, Question, ToolContext } from '../../tool.ts'
import type { Preview } from '../preview/preview.ts'
import { refuseUnreadable } from '../preview/readable.ts'
import { approveCommand } from './approve-command.ts'
import { asksPerson } from './asks-person.ts'
import { formQuestion, maxFormLines } from './form-question.ts'
import { dropAnswered, savePending, takeApproval } from './pending-calls.ts'

/** What a person must approve. */
export interface CallToApprove {
  readonly effect: Effect
  /** The effect that the tool declares, whatever the input adds. */
  readonly declaredEffect: Effect
  readonly tool: string
  readonly preview: Preview
  /** Digest of account, tool, arguments and the facts of the preview. */
  readonly digest: string
}

/** Who approved a call, or the question to ask. */
type Consent =
  | { readonly approvedBy: string }
  | (Omit<Question, 'onGivenUp'> & { readonly isForged: boolean })

/** What is said of a no, and of the clients that say it for nobody. */
const refusals = {
  declined: ['The person said no', 'say no without showing anything'],
  closed: ['The question was closed without an answer', 'close it without showing anything'],
} as const

/** What is said of an answer that no person gave. */
const answersOfNobody = {
  'no form': 'The client accepted without showing the form',
  odd: "The client's answer does not fit the form",
  failed: 'The client could not ask',
  unanswered: 'Nobody answered the question in time',
} as const

/** The answer that belongs to exactly this call; undefined if there is none. */
async function answerTo(
  { digest }: CallToApprove,
  { approver: { answer, request }, safeguards }: ToolContext,
): Promise<FormAnswer | undefined> {
  if (!answer) return undefined
  // Only this process says that nobody answered, when the state is about to expire as well.
  const isValid =
    answer.kind === 'unanswered' || (await safeguards.requestStates.redeem(answer.state, digest, request))
  return isValid ? answer : undefined
}

/** Works in the state folder; what is wrong with a folder that is unusable. */
function inStateFolder<T>(work: () => T): T | SetupError {
  try {
    return work()
  } catch (error) {
    if (error instanceof SetupError) return error
    throw error
  }
}

/** Stores the call, and returns its code; or why that is not possible. */
const offerCode = (
  { digest, tool, preview }: CallToApprove,
  { safeguards: { stateDir } }: ToolContext,
): string | SetupError => inStateFolder(() => savePending(stateDir, { digest, tool, preview }))

/** Stores the call, and returns the command that approves it; or why that is not possible. */
function offerCommand(call: CallToApprove, context: ToolContext): string | SetupError {
  const code = offerCode(call, context)
  return typeof code === 'string' ? approveCommand(context.safeguards.stateDir, code) : code
}

/** The error for a no. It stays a no; but the person may not have been asked. */
function declinedError(
  kind: keyof typeof refusals,
  call: CallToApprove,
  context: ToolContext,
): DeclinedError {
  const [what, habit] = refusals[kind]
  const command = offerCommand(call, context)
  const way =
    typeof command === 'string'
      ? ` Some clients ${habit}: a person who saw no question can run \`${command}\` in a terminal within ten minutes, and then the identical call runs.`
      : ''
  return new DeclinedError(
    `${what}, so nothing was sent.`,
    `Do not ask again unless the person wants it.${way}`,
  )
}

/** The error if no person was asked: the call can be approved in a terminal. */
function notAskedError(what: string, call: CallToApprove, context: ToolContext): DeclinedError | SetupError {
  const command = offerCommand(call, context)
  if (command instanceof SetupError) return new SetupError(`${what} ${command.message}`, command.next)
  return new DeclinedError(
    what,
    `Ask the operator to run \`${command}\` in a terminal within ten minutes, then make the identical call again.`,
  )
}

/**
 * Who approved: the settings, a person through the client, or a person in a terminal; or the question to ask.
 * Throws a DeclinedError if the person declined or was not asked. An answer counts only with a state that this
 * process issued for exactly this call; otherwise the question is asked again.
 */
export async function consent(call: CallToApprove, context: ToolContext): Promise<Consent> {
  const { approver, safeguards } = context
  const isNeeded = asksPerson(context.configuration.settings, call.effect, call.declaredEffect)
  if (!isNeeded) return { approvedBy: 'settings' }
  refuseUnreadable(call.preview)
  const answer = await answerTo(call, context)
  const { stateDir } = safeguards
  // Used up whatever the client answers: two yeses are one run, and a later no takes back an earlier yes.
  const isApprovedInTerminal = inStateFolder(() => takeApproval(stateDir, call.digest)) === true
  if (answer?.kind === 'approved') {
    // The code of a short view ends with its question.
    inStateFolder(() => dropAnswered(stateDir, call.digest))
    return { approvedBy: 'a person, asked by the client' }
  }
  if (answer?.kind === 'declined' || answer?.kind === 'closed')
    throw declinedError(answer.kind, call, context)
  if (isApprovedInTerminal) return { approvedBy: 'a person, in a terminal' }
  if (answer) {
    const said = answer.said ? ` (${answer.said})` : ''
    throw notAskedError(`${answersOfNobody[answer.kind]}${said}, so nothing was sent.`, call, context)
  }
  if (!approver.isReachable)
    throw notAskedError(
      'A person has to approve this, and this client cannot ask one; nothing was sent.',
      call,
      context,
    )
  const question = formQuestion(call.preview, stateDir, () => offerCode(call, context))
  if (question instanceof SetupError)
    throw new SetupError(
      `A form cannot show all of the preview, and there is no place to read the rest. ${question.message}`,
      question.next,
    )
  if (question === undefined)
    throw notAskedError(
      `A person has to approve this, and even an excerpt of the preview takes more than the ${maxFormLines} lines of a form; nothing was sent.`,
      call,
      context,
    )
  return {
    question,
    state: await safeguards.requestStates.issue(call.digest),
    isForged: approver.answer !== undefined,
  }
}
