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
import type { Person, Question, Running, Tool } from '../../tool.ts'

/** The form: one checkbox, unticked, without a default. */
const form = {
  type: 'object',
  properties: {
    approve: {
      type: 'boolean',
      title: 'Do it',
      description: 'Tick to approve exactly what is described above.',
    },
  },
  required: ['approve'],
} as const

/** Key of the one question in a result that asks for input. */
const key = 'approval'

/** Maximum number of questions per call: what is to be approved may change each time. */
const mostRounds = 4

const withForms = z.looseObject({
  elicitation: z.looseObject({ form: z.unknown(), url: z.unknown() }).partial(),
})
const answered = z.looseObject({
  action: z.string(),
  content: z.looseObject({ approve: z.unknown() }).partial().nullish(),
})

/** Decided by the negotiated protocol version: an envelope can come with any request. */
const isModern = (server: McpServer): boolean =>
  (server.server.getNegotiatedProtocolVersion() ?? '') >= '2026-07-28'

/** True for a client that shows forms. An empty capability also means forms (2025-06-18). */
function showsForms(server: McpServer, { mcpReq }: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {}
  const capabilities = isModern(server)
    ? envelope[CLIENT_CAPABILITIES_META_KEY]
    : server.server.getClientCapabilities()
  const declared = withForms.safeParse(capabilities)
  if (!declared.success) return false
  const { form, url } = declared.data.elicitation
  return form !== undefined || url === undefined
}

function answerIn(response: unknown, state: string | undefined): Person['answer'] {
  const read = answered.safeParse(response)
  if (!read.success || state === undefined) return undefined
  const { action, content } = read.data
  return { action, approved: content?.approve === true, state }
}

/**
 * The person behind a request, and the answer in it. Only clients of the new protocol send an answer with the
 * call.
 */
export function personOf(server: McpServer, context: ServerContext): Person {
  const { mcpReq } = context
  const state = mcpReq.requestState<unknown>()
  const modern = isModern(server)
  const answer = modern
    ? answerIn(mcpReq.inputResponses?.[key], typeof state === 'string' ? state : undefined)
    : undefined
  return { reachable: showsForms(server, context), modern, context, ...(answer && { answer }) }
}

const isQuestion = (outcome: Reply | Question): outcome is Question => 'question' in outcome

/** Asks with a request of its own, as protocols before 2026-07-28 do. */
async function push(
  { unanswered }: Question,
  message: string,
  { person, signal, safeguards }: Running,
): Promise<unknown> {
  try {
    return await person.context.mcpReq.elicitInput(
      { message, requestedSchema: { ...form, required: [...form.required] } },
      { timeout: safeguards.patienceMs, signal },
    )
  } catch (error) {
    signal.throwIfAborted()
    throw unanswered(
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
export async function ask(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  running: Running,
): Promise<Reply | InputRequiredResult> {
  let { person } = running
  for (let round = 1; ; round++) {
    const about = { ...running, person }
    const outcome = await inCallTime(running.configuration.settings, running.signal, (signal) =>
      tool.run(args, { ...about, signal }),
    )
    if (!isQuestion(outcome)) return outcome
    const message = outcome.question
    if (person.modern) {
      const question = inputRequired.elicit({
        message,
        requestedSchema: { ...form, required: [...form.required] },
      })
      return inputRequired({ inputRequests: { [key]: question }, requestState: outcome.state })
    }
    if (round > mostRounds)
      throw outcome.unanswered(
        new DeclinedError(
          'What is to be approved kept changing, so nothing was sent.',
          'Make the call again.',
        ),
      )
    const answer = answerIn(await push(outcome, message, { ...running, person }), outcome.state)
    person = { ...person, ...(answer && { answer }) }
  }
}
