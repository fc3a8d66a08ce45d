import { ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server'
import type { PromptOffer } from '../../offers.ts'

// prompts/list and prompts/get.

/** The prompts of these offers, prepared once for all servers that have them. */
export function promptHandlers(offers: readonly PromptOffer[]) {
  const byName = new Map(offers.map((offer) => [offer.listed.name, offer]))
  const list = { prompts: offers.map(({ listed }) => listed) }
  return (server: Server): void => {
    server.setRequestHandler('prompts/list', () => list)
    server.setRequestHandler('prompts/get', ({ params }) => {
      const offer = byName.get(params.name)
      if (!offer) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Prompt ${params.name} not found`)
      return offer.get(params.arguments ?? {})
    })
  }
}
