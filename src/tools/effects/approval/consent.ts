import type { Effect } from '../../../operations/operation.ts'
import { BusyError, DeclinedError, SetupError } from '../../../shared/errors.ts'
import type { FormAnswer, Question, ToolContext } from '../../tool.ts'
import type { Preview } from '../preview/preview.ts'
import { refuseUnreadable } from '../preview/readable.ts'
import { approveCommand } from './approve-command.ts'
import { asksPerson } from './asks-person.ts'
import { formQuestion, maxFormLines } from './form-question.ts'
import { dropAnswered, savePending, takeApproval } from './pending/pending-calls.ts'
import { timeText } from './pending/time-text.ts'

/** What a person must approve. */
export interface CallToApprove {
  readonly effect: Effect
  /** The effect that the tool declares, whatever the input adds. */
  readonly declaredEffect: Effect
  /** True if the call names a secret: a person is asked, whichever effects QUALYS_CONFIRM names. */
  readonly namesSecret: boolean
  readonly tool: string
  readonly preview: Preview
  /** Digest of account, tool, arguments and the facts of the preview. */
  readonly digest: string
  /** Names the call, whatever its preview says: of server, caller, tool and arguments. */
  readonly key: string
}

/** Who approved a call that no person has to approve. */
export const bySettings = 'settings'

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

/**
 * The answer that belongs to exactly this call; undefined if there is none. One that came late is held by this process.
 */
async function answerTo(
  { digest }: CallToApprove,
  { approver: { answer, request }, safeguards }: ToolContext,
): Promise<FormAnswer | undefined> {
  if (!answer) return safeguards.lateAnswers.take(digest)
  // Only this process says that nobody answered, when the state is about to expire as well.
  const isValid =
    answer.kind === 'unanswered' || (await safeguards.requestStates.redeem(answer.state, digest, request))
  return isValid ? answer : undefined
}

/** Works in the state folder; what is wrong with a folder that is unusable, or holds too many calls. */
function inStateFolder<T>(work: () => T): T | SetupError | BusyError {
  try {
    return work()
  } catch (error) {
    if (error instanceof SetupError || error instanceof BusyError) return error
    throw error
  }
}

/** Stores the call, and returns its code; or why that is not possible. */
const offerCode = (
  { digest, key, tool, preview }: CallToApprove,
  { caller: { id: caller }, safeguards: { server, stateDir } }: ToolContext,
): string | SetupError | BusyError =>
  inStateFolder(() => savePending(stateDir, { digest, tool, preview, waiter: { server, caller, key } }))

/** Stores the call, and returns the command that approves it; or why that is not possible. */
function offerCommand(call: CallToApprove, context: ToolContext): string | SetupError | BusyError {
  const code = offerCode(call, context)
  return typeof code === 'string' ? approveCommand(context.safeguards.stateDir, code) : code
}

/** The way that is left after a no: the command, or why there is none; nothing if no folder can hold it. */
function wayAfterNo(
  call: CallToApprove,
  context: ToolContext,
  sentenceOf: (command: string) => string,
): string {
  const command = offerCommand(call, context)
  if (command instanceof SetupError) return ''
  return ` ${command instanceof BusyError ? `${command.message} ${command.next}` : sentenceOf(command)}`
}

/** Where the terminal is, for a caller who may be on another machine. */
const whereOf = ({ caller }: ToolContext): string => (caller.named ? ' on the machine of this server' : '')

/** The error for a no. It stays a no; but the person may not have been asked. */
function declinedError(
  kind: keyof typeof refusals,
  call: CallToApprove,
  context: ToolContext,
): DeclinedError {
  const [what, habit] = refusals[kind]
  const way = wayAfterNo(
    call,
    context,
    (command) =>
      `Some clients ${habit}: a person who saw no question can run \`${command}\` in a terminal${whereOf(context)} within ten minutes, and then the identical call runs.`,
  )
  return new DeclinedError(
    `${what}, so nothing was sent.`,
    `Do not ask again unless the person wants it.${way}`,
  )
}

/** The error for a call that a person said no to, and was asked about again. Nobody is asked a third time. */
function stillDeclinedError(until: number, call: CallToApprove, context: ToolContext): DeclinedError {
  const way = wayAfterNo(
    call,
    context,
    (command) =>
      `Before that only an approval by code runs it: a person who wants it can run \`${command}\` in a terminal${whereOf(context)} within ten minutes, then make the identical call again.`,
  )
  return new DeclinedError(
    'A person said no to this call and was asked again already, so it is declined without asking; nothing was sent.',
    `It may be asked again after ${timeText(until)}.${way}`,
  )
}

/** The error if no person was asked: the call can be approved in a terminal. */
function notAskedError(
  what: string,
  call: CallToApprove,
  context: ToolContext,
): DeclinedError | SetupError | BusyError {
  const command = offerCommand(call, context)
  if (command instanceof SetupError) return new SetupError(`${what} ${command.message}`, command.next)
  if (command instanceof BusyError) return new BusyError(`${what} ${command.message}`, command.next)
  return new DeclinedError(
    what,
    `Ask the operator to run \`${command}\` in a terminal${whereOf(context)} within ten minutes, then make the identical call again.`,
  )
}

/**
 * Who approved: the settings, a person through the client, or a person in a terminal; or the question to ask.
 * Throws a DeclinedError if the person declined or was not asked. An answer counts only with a state that this
 * process issued for exactly this call; otherwise the question is asked again.
 */
export async function consent(call: CallToApprove, context: ToolContext): Promise<Consent> {
  const { approver, safeguards } = context
  if (!asksPerson(context.configuration.settings, call)) return { approvedBy: bySettings }
  refuseUnreadable(call.preview)
  const answer = await answerTo(call, context)
  const { stateDir } = safeguards
  // Used up whatever the client answers: two yeses are one run, and a later no takes back an earlier yes.
  const isApprovedInTerminal = inStateFolder(() => takeApproval(stateDir, call.digest)) === true
  if (answer?.kind === 'declined' || answer?.kind === 'closed') {
    safeguards.declines.add(call.key)
    throw declinedError(answer.kind, call, context)
  }
  const isApproved = answer?.kind === 'approved'
  if (isApproved || isApprovedInTerminal) {
    safeguards.declines.end(call.key)
    if (!isApproved) safeguards.requestStates.voidOf(call.digest)
    // The code of a short view ends with its question.
    inStateFolder(() => dropAnswered(stateDir, call.digest))
    return { approvedBy: isApproved ? 'a person, asked by the client' : 'a person, in a terminal' }
  }
  if (answer) {
    if (answer.kind !== 'unanswered') safeguards.declines.askedNobody(call.key)
    const said = answer.said ? ` (${answer.said})` : ''
    throw notAskedError(`${answersOfNobody[answer.kind]}${said}, so nothing was sent.`, call, context)
  }
  const declinedUntil = safeguards.declines.ask(call.key)
  if (declinedUntil !== undefined) throw stillDeclinedError(declinedUntil, call, context)
  if (!approver.isReachable)
    throw notAskedError(
      'A person has to approve this, and this client cannot ask one; nothing was sent.',
      call,
      context,
    )
  const question = formQuestion(call.preview, stateDir, () => offerCode(call, context))
  if (question instanceof BusyError) throw question
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
    digest: call.digest,
    isForged: approver.answer !== undefined,
  }
}
