import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  SdkError,
  SdkErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { randomUUID } from '../../../shared/crypto.ts'
import { DeclinedError, messageOf, QualysError } from '../../../shared/errors.ts'
import { inCallTime } from '../../call-time.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Approver, FormAnswer, Question, Tool, ToolContext, Waiting } from '../../tool.ts'
import { refuseAtEnd } from '../refuse-at-end.ts'
import { waitLeft } from '../timing/lateness.ts'
import { classifyAnswer, classifyOpening, failedAnswer } from './form/form-answer.ts'

/** The form: one checkbox, unticked, without a default. */
const requestedSchema = {
  type: 'object' as const,
  properties: {
    approve: {
      type: 'boolean' as const,
      title: 'Do it',
      description: 'Tick to approve exactly what is described above.',
    },
  },
  required: ['approve'],
}

/** Keys of the one question in a result that asks for input: a form, or an address to open. */
const approvalKey = 'approval'
const pageKey = 'page'

/** Maximum number of questions per call: what is to be approved may change each time. */
const maxRounds = 4

const capabilitiesSchema = z.looseObject({
  elicitation: z.looseObject({ form: z.unknown(), url: z.unknown() }).partial(),
})

/** Decided by the negotiated protocol version: an envelope can come with any request. */
const supportsInputRequired = (server: Server): boolean =>
  (server.getNegotiatedProtocolVersion() ?? '') >= '2026-07-28'

/** What the client can do for a person. An empty capability also means forms (2025-06-18). */
function abilitiesOf(server: Server, { mcpReq }: ServerContext): { forms: boolean; addresses: boolean } {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {}
  const capabilities = supportsInputRequired(server)
    ? envelope[CLIENT_CAPABILITIES_META_KEY]
    : server.getClientCapabilities()
  const parsed = capabilitiesSchema.safeParse(capabilities)
  if (!parsed.success) return { forms: false, addresses: false }
  const { form, url } = parsed.data.elicitation
  return { forms: form !== undefined || url === undefined, addresses: url !== undefined }
}

/**
 * The answer that came with a call, and its state; undefined for a call without a state. The SDK drops answers
 * that are no objects, and keeps their keys.
 */
function answerIn({ mcpReq }: ServerContext): Approver['answer'] {
  const { inputResponses, droppedInputResponseKeys } = mcpReq
  const state = mcpReq.requestState<unknown>()
  if (typeof state !== 'string') return undefined
  const opened = inputResponses?.[pageKey]
  if (opened !== undefined) return { ...classifyOpening(opened), state, isOfAddress: true }
  const response = inputResponses?.[approvalKey]
  const isDropped = droppedInputResponseKeys?.includes(approvalKey) === true
  const isMissing = response === undefined && !isDropped
  // Asked again, such a client would do the same for ever.
  const answer = isMissing
    ? failedAnswer('it sent the question back without an answer')
    : classifyAnswer(response)
  return { ...answer, state }
}

/**
 * The person who can approve a request, and the answer in it. Only since protocol 2026-07-28 does an answer
 * come with the call.
 */
export function approverOf(server: Server, request: ServerContext): Approver {
  const usesInputRequired = supportsInputRequired(server)
  const answer = usesInputRequired ? answerIn(request) : undefined
  const { forms, addresses } = abilitiesOf(server, request)
  return { isReachable: forms, opensAddresses: addresses, usesInputRequired, request, answer }
}

const isQuestion = (outcome: Reply | Question | Waiting): outcome is Question => 'question' in outcome

const isWaiting = (outcome: Reply | Question | Waiting): outcome is Waiting => 'waitingFor' in outcome

/**
 * Asks with a request of its own, as protocols before 2026-07-28 do. The SDK's `elicitInput` is not used: it
 * turns an answer that does not fit the form into an error.
 */
async function elicit(
  { question: message, url }: Question,
  { approver, signal, safeguards }: ToolContext,
): Promise<FormAnswer> {
  const params =
    url === undefined
      ? { mode: 'form' as const, message, requestedSchema }
      : { mode: 'url' as const, message, url, elicitationId: randomUUID() }
  const { answerTimeoutMs, ending } = safeguards
  const options = { timeout: answerTimeoutMs, signal: AbortSignal.any([signal, ending]) }
  if (!approver.request) return failedAnswer('no client is connected')
  try {
    const question = { method: 'elicitation/create' as const, params }
    const answer = await approver.request.mcpReq.send(question, z.unknown(), options)
    return url === undefined ? classifyAnswer(answer) : classifyOpening(answer)
  } catch (error) {
    signal.throwIfAborted()
    // A yes would no longer count, so nobody has to wait for it.
    refuseAtEnd(safeguards)
    const isLate = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout
    return isLate ? { kind: 'unanswered' } : failedAnswer(messageOf(error))
  }
}

/** The result of work that ends within this time; undefined if it takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Asks for as long as the call may wait. The question stays open after that, and its answer counts for the next
 * identical call. Undefined if that question is already open, and was answered now.
 */
async function askInTime(question: Question, context: ToolContext): Promise<FormAnswer | undefined> {
  const { digest } = question
  const { safeguards } = context
  const stillOpen = new DeclinedError(
    `Nobody has answered the question yet, and a call waits no longer than ${safeguards.callTimes.waitMs / 1000} s; nothing was sent.`,
    'The question stays open for ten minutes: once the person has said yes, make the identical call again.',
  )
  const open = safeguards.lateAnswers.awaited(digest)
  if (open) {
    if (
      (await within(
        waitLeft(context),
        open.then(() => true),
      )) === undefined
    )
      throw stillOpen
    return undefined
  }
  const asking = elicit(question, context)
  const answer = await within(waitLeft(context), asking)
  if (answer) return answer
  safeguards.lateAnswers.expect(digest, asking)
  throw stillOpen
}

/** Asks the person again if what is to be approved changed, but not for ever. */
async function askInRound(
  round: number,
  question: Question,
  context: ToolContext,
): Promise<FormAnswer | undefined> {
  if (round > maxRounds)
    throw new DeclinedError(
      'What is to be approved kept changing, so nothing was sent.',
      'Make the call again.',
    )
  return await askInTime(question, context)
}

/** Waits until a person decided elsewhere. Throws the error of the call if nobody does in time. */
async function waitForPerson(
  { waitingFor, decided, onGivenUp }: Waiting,
  { progress, signal }: ToolContext,
): Promise<void> {
  try {
    progress.say(`waiting for a person: ${waitingFor}`)
    await decided(signal)
    signal.throwIfAborted()
  } catch (error) {
    onGivenUp(error instanceof QualysError ? error : undefined)
    throw error
  }
}

/** A question as a result, which the client sends back with the answer. */
function inputRequest({ question: message, url, state }: Question): InputRequiredResult {
  const inputRequests =
    url === undefined
      ? { [approvalKey]: inputRequired.elicit({ message, requestedSchema }) }
      : { [pageKey]: inputRequired.elicitUrl({ message, url }) }
  return inputRequired({ inputRequests, requestState: state })
}

/**
 * Runs a tool, each time within QUALYS_CALL_TIMEOUT_SECONDS. If it returns a question, asks the person: directly, or
 * with a result that the client sends back with the answer. If a person decides elsewhere, waits for that.
 */
export async function runWithApproval(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  context: ToolContext,
): Promise<Reply | InputRequiredResult> {
  let { approver } = context
  for (let round = 1; ; round++) {
    const attemptContext = { ...context, approver }
    const outcome = await inCallTime(context.configuration.settings, context.signal, (signal) =>
      tool.run(args, { ...attemptContext, signal }),
    )
    if (isWaiting(outcome)) {
      await waitForPerson(outcome, context)
      approver = { ...approver, answer: undefined, hasWaited: true }
      continue
    }
    if (!isQuestion(outcome)) return outcome
    if (approver.usesInputRequired) return inputRequest(outcome)
    const answer = await askInRound(round, outcome, attemptContext).catch((error: unknown) => {
      outcome.onGivenUp(error instanceof QualysError ? error : undefined)
      throw error
    })
    const { state, url } = outcome
    approver = {
      ...approver,
      answer: answer && { ...answer, state, ...(url !== undefined && { isOfAddress: true }) },
    }
  }
}
