import {
  type CompleteRequest,
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
} from '@modelcontextprotocol/server'
import type { PromptOffer } from '../../offers.ts'

// prompts/list, prompts/get and completion/complete.

/** Most values of one completion (MCP, completion/complete). */
const maxValues = 100

/** What completes an argument of a prompt. Resources have no arguments that are completed. */
async function complete(
  byName: ReadonlyMap<string, PromptOffer>,
  { ref, argument }: CompleteRequest['params'],
): Promise<CompleteResult> {
  if (ref.type !== 'ref/prompt') return { completion: { values: [], hasMore: false } }
  const offer = byName.get(ref.name)
  if (!offer) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Prompt ${ref.name} not found`)
  const values = await offer.complete(argument.name, argument.value)
  return {
    completion: {
      values: values.slice(0, maxValues),
      total: values.length,
      hasMore: values.length > maxValues,
    },
  }
}

/** The prompts of these offers, prepared once for all servers that have them. */
export function promptHandlers(offers: readonly PromptOffer[]) {
  const byName = new Map(offers.map((offer) => [offer.listed.name, offer]))
  const list = { prompts: offers.map(({ listed }) => listed) }
  return (server: Server): void => {
    server.setRequestHandler('prompts/list', () => list)
    server.setRequestHandler('completion/complete', ({ params }) => complete(byName, params))
    server.setRequestHandler('prompts/get', ({ params }) => {
      const offer = byName.get(params.name)
      if (!offer) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Prompt ${params.name} not found`)
      return offer.get(params.arguments ?? {})
    })
  }
}
