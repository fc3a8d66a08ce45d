import { setTimeout as sleep } from 'node:timers/promises'
import { randomUUID } from '../../shared/crypto.ts'
import { isObject } from '../../shared/json.ts'
import { failureReply, type Json, type Reply } from './reply.ts'

// A service of 2026-07-28 asks within its result, and the client repeats the request with the answers. Clients of 2025
// get each question as a request of its own.

/** Asks the client, and returns its reply. */
export type Ask = (method: string, params: Json | undefined) => Promise<Reply>

/** What a request is asked in these rounds. */
export interface Rounds {
  readonly method: string
  readonly params: Json
  /** Sends the request with these parameters. `round`: counted from 1. */
  readonly send: (params: Json, round: number) => Promise<Reply>
  readonly ask: Ask
  readonly signal: AbortSignal
}

const maxRounds = 8

/** Between two rounds without a question: the service only wants the request again. */
const pauseMs = 250

/** The parameters of a question as 2025-11-25 has them: an address to open has an id there. */
function questionParams(method: string, params: unknown): Json | undefined {
  if (!isObject(params)) return undefined
  const isAddress = method === 'elicitation/create' && params['mode'] === 'url'
  return isAddress && params['elicitationId'] === undefined
    ? { ...params, elicitationId: randomUUID() }
    : params
}

/** The client's answer to one question. An error of the client stays one: it is no answer of a person. */
async function answerTo(question: unknown, ask: Ask): Promise<Json> {
  const { method, params } = isObject(question) ? question : {}
  if (typeof method !== 'string') return { error: { code: -32_600, message: 'The question has no method.' } }
  const { result, error } = await ask(method, questionParams(method, params))
  return result ?? { error }
}

/** The answers to all questions of a result, by their keys. */
async function answersTo(questions: Json, ask: Ask): Promise<Json> {
  const answers = Object.entries(questions).map(
    async ([key, question]) => [key, await answerTo(question, ask)] as const,
  )
  return Object.fromEntries(await Promise.all(answers))
}

/** Sends a request, and again with the answers of the client as long as the service asks; at most 8 times. */
export async function replyInRounds({ method, params, send, ask, signal }: Rounds): Promise<Reply> {
  let next = params
  for (let round = 1; round <= maxRounds; round++) {
    const reply = await send(next, round)
    if (reply.result?.['resultType'] !== 'input_required') return reply
    const { inputRequests, requestState } = reply.result
    const hasQuestions = isObject(inputRequests) && Object.keys(inputRequests).length > 0
    const inputResponses = hasQuestions ? await answersTo(inputRequests, ask) : undefined
    if (!hasQuestions) await sleep(pauseMs, undefined, { signal })
    next = {
      ...params,
      ...(inputResponses && { inputResponses }),
      ...(requestState !== undefined && { requestState }),
    }
  }
  return failureReply(method, `The service asked ${maxRounds} times without an end: make the request again.`)
}
