import type { Operation } from '../../operations/operation.ts'
import type { Answer } from '../../session/answer.ts'
import { type Pace, realPace } from '../../shared/clock.ts'
import { redacted } from '../../shared/secrets.ts'
import { perform } from '../effects/perform.ts'
import { fileReply } from '../replies/files.ts'
import { keeper, listInput } from '../replies/list-filter.ts'
import { pageReply, type Reply, recordReply } from '../replies/reply.ts'
import type { Running, Tool } from '../tool.ts'

type Args = Readonly<Record<string, unknown>>

/** Redacts before anything is clipped: half a secret is still a secret. */
function replyTo(operation: Operation, answer: Answer, args: Args, running: Running): Reply {
  const { replyChars } = running.configuration.settings
  const { redact } = running.session
  switch (answer.kind) {
    case 'record':
      return recordReply(operation, { ...answer, record: redacted(answer.record, redact) }, replyChars)
    case 'file':
      return fileReply(operation, answer, replyChars, redact)
    case 'page':
      return pageReply(
        operation,
        { ...answer, rows: redacted(answer.rows, redact) },
        {
          budget: replyChars,
          sifted: keeper(operation, args, redact) !== undefined,
          ...(Array.isArray(args['fields']) && { fields: args['fields'] }),
          ...(Array.isArray(args['sort']) && { sort: args['sort'] }),
        },
      )
  }
}

/** Marks a guessed tool in its description, where the assistant reads it first. */
function described({ description, evidence }: Operation): string {
  return evidence === 'guessed' ? `${description} (unverified: its path is not public).` : `${description}.`
}

/** The tool of an operation, with a given clock. */
export function toolBy(pace: Pace, operation: Operation): Tool {
  return {
    name: operation.name,
    title: operation.title,
    description: described(operation),
    effect: operation.effect,
    input: operation.returns === 'rows' ? { ...operation.input, ...listInput(operation) } : operation.input,
    run: async (args, running) => {
      if (operation.effect !== 'read') return perform(operation, args, running, pace)
      const { session, signal, progress } = running
      const answer = await session.call(operation, args, {
        signal,
        progress,
        keep: keeper(operation, args, session.redact),
      })
      return replyTo(operation, answer, args, running)
    },
  }
}

/** The tool of an operation. */
export const toolOf = (operation: Operation): Tool => toolBy(realPace, operation)
