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
import { DeclinedError, messageOf, QualysError } from '../../../shared/errors.ts'
import { inCallTime } from '../../call-time.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Approver, FormAnswer, Question, Tool, ToolContext } from '../../tool.ts'
import { refuseAtEnd } from '../refuse-at-end.ts'
import { waitLeft } from '../timing/lateness.ts'
import { classifyAnswer, failedAnswer } from './form-answer.ts'

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

/** Key of the one question in a result that asks for input. */
const approvalKey = 'approval'

/** Maximum number of questions per call: what is to be approved may change each time. */
const maxRounds = 4

const capabilitiesSchema = z.looseObject({
  elicitation: z.looseObject({ form: z.unknown(), url: z.unknown() }).partial(),
})

/** Decided by the negotiated protocol version: an envelope can come with any request. */
const supportsInputRequired = (server: Server): boolean =>
  (server.getNegotiatedProtocolVersion() ?? '') >= '2026-07-28'

/** True for a client that shows forms. An empty capability also means forms (2025-06-18). */
function showsForms(server: Server, { mcpReq }: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {}
  const capabilities = supportsInputRequired(server)
    ? envelope[CLIENT_CAPABILITIES_META_KEY]
    : server.getClientCapabilities()
  const parsed = capabilitiesSchema.safeParse(capabilities)
  if (!parsed.success) return false
  const { form, url } = parsed.data.elicitation
  return form !== undefined || url === undefined
}

/**
 * The answer that came with a call, and its state; undefined for a call without a state. The SDK drops answers
 * that are no objects, and keeps their keys.
 */
function answerIn({ mcpReq }: ServerContext): Approver['answer'] {
  const { inputResponses, droppedInputResponseKeys } = mcpReq
  const state = mcpReq.requestState<unknown>()
  const response = inputResponses?.[approvalKey]
  const isDropped = droppedInputResponseKeys?.includes(approvalKey) === true
  if (typeof state !== 'string') return undefined
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
  return { isReachable: showsForms(server, request), usesInputRequired, request, answer }
}

const isQuestion = (outcome: Reply | Question): outcome is Question => 'question' in outcome

/**
 * Asks with a request of its own, as protocols before 2026-07-28 do. The SDK's `elicitInput` is not used: it
 * turns an answer that does not fit the form into an error.
 */
async function elicit(message: string, { approver, signal, safeguards }: ToolContext): Promise<FormAnswer> {
  const params = { mode: 'form' as const, message, requestedSchema }
  const { answerTimeoutMs, ending } = safeguards
  const options = { timeout: answerTimeoutMs, signal: AbortSignal.any([signal, ending]) }
  try {
    const question = { method: 'elicitation/create' as const, params }
    return classifyAnswer(await approver.request.mcpReq.send(question, z.unknown(), options))
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
async function askInTime(
  { question, digest }: Question,
  context: ToolContext,
): Promise<FormAnswer | undefined> {
  const { safeguards } = context
  const stillOpen = new DeclinedError(
    'Nobody has answered the question yet, and a call waits no longer than 35 s; nothing was sent.',
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

/**
 * Runs a tool, each time within QUALYS_CALL_TIMEOUT_SECONDS. If it returns a question, asks the person:
 * directly, or with a result that the client sends back with the answer.
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
    if (!isQuestion(outcome)) return outcome
    if (approver.usesInputRequired) {
      const question = inputRequired.elicit({ message: outcome.question, requestedSchema })
      return inputRequired({ inputRequests: { [approvalKey]: question }, requestState: outcome.state })
    }
    const answer = await askInRound(round, outcome, attemptContext).catch((error: unknown) => {
      outcome.onGivenUp(error instanceof QualysError ? error : undefined)
      throw error
    })
    approver = { ...approver, answer: answer && { ...answer, state: outcome.state } }
  }
}
