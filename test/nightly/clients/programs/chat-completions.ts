import type { OfferedTool, ScriptedModel, Seen } from '../../../support/clients/scripted-model.ts'

/** What the clients of OpenAI's chat completions send, as far as a model reads it. */
interface Request {
  readonly tools?: readonly { readonly function: OfferedTool }[]
  readonly messages: readonly { readonly role: string; readonly content: unknown }[]
}

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }

function messageFor(
  model: ScriptedModel,
  { tools = [], messages }: Request,
  read: (content: unknown) => Seen,
) {
  const last = messages.at(-1)
  const offered = tools.map((tool) => tool.function)
  const move = last?.role === 'tool' ? model.next(offered, read(last.content)) : model.next(offered)
  if (typeof move === 'string') return { role: 'assistant', content: move }
  const called = { name: move.tool, arguments: JSON.stringify(move.arguments) }
  const calls = [{ id: model.callId, type: 'function', function: called }]
  return { role: 'assistant', content: null, tool_calls: calls }
}

/** Answers OpenAI's own HTTP client in place of the service, so that a framework converts its messages as ever. */
export function completionsOf(model: ScriptedModel, read: (content: unknown) => Seen): typeof fetch {
  return async (_address, init) => {
    const message = messageFor(model, JSON.parse(String(init?.body)) as Request, read)
    const finish = message.content === null ? 'tool_calls' : 'stop'
    const choices = [{ index: 0, message, finish_reason: finish }]
    const id = `completion_${model.callId}_${finish}`
    return Response.json({ id, object: 'chat.completion', created: 1, model: 'scripted', choices, usage })
  }
}
