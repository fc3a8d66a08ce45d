import { z } from 'zod'
import { oneLine } from '../../../../shared/safe-text.ts'
import type { FormAnswer } from '../../../tool.ts'

/** Longest quotation of what a client said. */
const maxQuoted = 120

const absent = z.null().optional()
const accepted = <C extends z.ZodType>(content: C) => z.object({ action: z.literal('accept'), content })

/**
 * The answers with a meaning, the first that fits wins. Members that are null count as absent. A box is ticked
 * by `true` alone: the text "true" may be a default that nobody has seen.
 */
const meanings: readonly (readonly [z.ZodType, FormAnswer['kind']])[] = [
  [z.object({ action: z.literal('decline') }), 'declined'],
  [z.object({ action: z.literal('cancel') }), 'closed'],
  [accepted(z.object({ approve: z.literal(false) })), 'declined'],
  [accepted(z.object({ approve: absent }).nullish()), 'no form'],
]

/** A yes with an error beside it is none. */
const yes = accepted(z.object({ approve: z.literal(true) })).extend({ error: absent })

/** An error in the place of an answer. */
const failure = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ code: z.number(), message: z.string(), action: absent }).transform(({ message }) => message),
])

/** An answer that is an error of the client. */
export function failedAnswer(message: string): FormAnswer {
  return { kind: 'failed', said: oneLine(message, maxQuoted) }
}

/** What a client's answer to the form means. The answer is not trusted, and nothing in it is guessed. */
export function classifyAnswer(response: unknown): FormAnswer {
  if (yes.safeParse(response).success) return { kind: 'approved' }
  const [, kind] = meanings.find(([schema]) => schema.safeParse(response).success) ?? []
  if (kind) return { kind }
  const message = failure.safeParse(response).data
  if (message !== undefined) return failedAnswer(message)
  return { kind: 'odd', said: oneLine(JSON.stringify(response) ?? '', maxQuoted) }
}

/** What an answer to an address means. That it was opened says nothing about what the person wants. */
export function classifyOpening(response: unknown): FormAnswer {
  const answer = classifyAnswer(response)
  return answer.kind === 'no form' || answer.kind === 'approved' ? { kind: 'opened' } : answer
}
