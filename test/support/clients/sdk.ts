import { type generations, type Peer, textOf } from '../stdio/peers.ts'
import type { Host } from './host.ts'
import type { HttpConnect } from './http-peers.ts'
import { withService } from './own-service.ts'
import type { Call, OfferedTool, ScriptedModel, Seen } from './scripted-model.ts'

type Connect = (typeof generations)[string]

async function seenBy(peer: Peer, { tool, arguments: given }: Call): Promise<Seen> {
  const result = await peer.callTool({ name: tool, arguments: { ...given } })
  return { text: textOf(result), all: JSON.stringify(result), structured: result.structuredContent }
}

/** The plainest loop around a model; the connection is closed at its end. */
export async function converseWith(peer: Peer, model: ScriptedModel): Promise<string> {
  try {
    const { tools } = await peer.listTools()
    const offered = tools.map(({ name, inputSchema }) => ({ name, parameters: inputSchema }) as OfferedTool)
    let move = model.next(offered)
    while (typeof move !== 'string') move = model.next(offered, await seenBy(peer, move))
    return move
  } finally {
    await peer.close()
  }
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
      return await converseWith(
        await connect(env, showsForms ? { shows: 'forms', answer } : undefined),
        model,
      )
    },
  }
}

/** The same client with a service. It can show forms; `asks`: whether the service may ask by them. */
export function sdkHttpHost(connect: HttpConnect, asks: boolean): Host {
  return {
    checksArguments: false,
    showsForms: asks,
    rowsFor: 'model',
    isRemote: true,
    converse: (model, server, person) =>
      withService(server, async (own) => {
        const answer = async (question: string) => ({ ...person(question) })
        return await converseWith(await connect(own, { shows: 'forms', answer }), model)
      }),
  }
}
