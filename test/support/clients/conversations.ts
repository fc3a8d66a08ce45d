import type { Host, ServerCommand } from './host.ts'
import { readsAndChanges } from './reads-and-changes.ts'
import { quote, ScriptedModel } from './scripted-model.ts'
import { structuredReplies } from './structured-replies.ts'

/** Every conversation with one client, and what went wrong, a sentence each. */
export async function failuresOf(host: Host, server: ServerCommand): Promise<readonly string[]> {
  const failures: string[] = []
  for (const conversation of [readsAndChanges(host), structuredReplies(host)]) {
    const model = new ScriptedModel(conversation.begin, conversation.mayRepeat)
    const env = { ...server.env, ...conversation.settings }
    try {
      const answer = await host.converse(model, { ...server, env }, conversation.person)
      if (answer !== 'done')
        model.failures.push(`The conversation ends with ${quote(answer)}, not with the final answer.`)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      model.failures.push(`The client ends the conversation after ${model.last?.tool}: ${quote(message)}.`)
    }
    failures.push(...model.failures.map((sentence) => `${conversation.name}: ${sentence}`))
  }
  return failures
}
