import { type generations, textOf } from '../stdio/peers.ts'
import type { Host } from './host.ts'
import type { Call, OfferedTool, Seen } from './scripted-model.ts'

type Connect = (typeof generations)[string]
type Peer = Awaited<ReturnType<Connect>>

async function seenBy(peer: Peer, { tool, arguments: given }: Call): Promise<Seen> {
  const result = await peer.callTool({ name: tool, arguments: { ...given } })
  return { text: textOf(result), all: JSON.stringify(result), structured: result.structuredContent }
}

/**
 * A client of the SDK with the plainest loop. It hands the whole result to the model, with `_meta`, as Mastra,
 * LlamaIndex and Google's SDK do.
 */
export function sdkHost(connect: Connect, showsForms: boolean): Host {
  return {
    checksArguments: false,
    showsForms,
    rowsFor: 'model',
    converse: async (model, { env }, person) => {
      const answer = async (question: string) => ({ ...person(question) })
      const peer = await connect(env, showsForms ? { shows: 'forms', answer } : undefined)
      try {
        const { tools } = await peer.listTools()
        const offered = tools.map(
          ({ name, inputSchema }) => ({ name, parameters: inputSchema }) as OfferedTool,
        )
        let move = model.next(offered)
        while (typeof move !== 'string') move = model.next(offered, await seenBy(peer, move))
        return move
      } finally {
        await peer.close()
      }
    },
  }
}
