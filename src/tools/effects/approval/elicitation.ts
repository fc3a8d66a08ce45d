import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { DeclinedError } from '../../../shared/errors.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { inCallTime } from '../../call-time.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Approver, Question, Tool, ToolContext } from '../../tool.ts'

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
const answerSchema = z.looseObject({
  action: z.string(),
  content: z.looseObject({ approve: z.unknown() }).partial().nullish(),
})

/** Decided by the negotiated protocol version: an envelope can come with any request. */
const supportsInputRequired = (server: McpServer): boolean =>
  (server.server.getNegotiatedProtocolVersion() ?? '') >= '2026-07-28'

/** True for a client that shows forms. An empty capability also means forms (2025-06-18). */
function showsForms(server: McpServer, { mcpReq }: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {}
  const capabilities = supportsInputRequired(server)
    ? envelope[CLIENT_CAPABILITIES_META_KEY]
    : server.server.getClientCapabilities()
  const parsed = capabilitiesSchema.safeParse(capabilities)
  if (!parsed.success) return false
  const { form, url } = parsed.data.elicitation
  return form !== undefined || url === undefined
}

function parseAnswer(response: unknown, state: string | undefined): Approver['answer'] {
  const parsed = answerSchema.safeParse(response)
  if (!parsed.success || state === undefined) return undefined
  const { action, content } = parsed.data
  return { action, approved: content?.approve === true, state }
}

/**
 * The person who can approve a request, and the answer in it. Only since protocol 2026-07-28 does an answer
 * come with the call.
 */
export function approverOf(server: McpServer, request: ServerContext): Approver {
  const { mcpReq } = request
  const state = mcpReq.requestState<unknown>()
  const usesInputRequired = supportsInputRequired(server)
  const answer = usesInputRequired
    ? parseAnswer(mcpReq.inputResponses?.[approvalKey], typeof state === 'string' ? state : undefined)
    : undefined
  return { isReachable: showsForms(server, request), usesInputRequired, request, answer }
}

const isQuestion = (outcome: Reply | Question): outcome is Question => 'question' in outcome

/** Asks with a request of its own, as protocols before 2026-07-28 do. */
async function elicit(
  { onUnanswered }: Question,
  message: string,
  { approver, signal, safeguards }: ToolContext,
): Promise<unknown> {
  try {
    return await approver.request.mcpReq.elicitInput(
      { message, requestedSchema },
      { timeout: safeguards.answerTimeoutMs, signal },
    )
  } catch (error) {
    signal.throwIfAborted()
    throw onUnanswered(
      new DeclinedError(
        `Nobody answered the question (${oneLine(error instanceof Error ? error.message : String(error), 120)}), so nothing was sent.`,
        'Ask the person, then make the call again.',
      ),
    )
  }
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
    const message = outcome.question
    if (approver.usesInputRequired) {
      const question = inputRequired.elicit({ message, requestedSchema })
      return inputRequired({ inputRequests: { [approvalKey]: question }, requestState: outcome.state })
    }
    if (round > maxRounds)
      throw outcome.onUnanswered(
        new DeclinedError(
          'What is to be approved kept changing, so nothing was sent.',
          'Make the call again.',
        ),
      )
    const answer = parseAnswer(await elicit(outcome, message, attemptContext), outcome.state)
    approver = { ...approver, answer: answer ?? approver.answer }
  }
}
