import {
  type CacheHint,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
  type Server,
  type ServerContext,
  UriTemplate,
} from '@modelcontextprotocol/server'
import type { ResourceOffers } from '../../offers.ts'

// resources/list, resources/templates/list and resources/read.

/** A result with how long it may be kept: results say so since 2026-07-28. */
function withCacheHint(result: ReadResourceResult, hint: CacheHint, server: Server): ReadResourceResult {
  return (server.getNegotiatedProtocolVersion() ?? '') >= '2026-07-28' ? { ...result, ...hint } : result
}

function addressIn(uri: string): string {
  if (URL.canParse(uri)) return new URL(uri).href
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Resource URI ${uri} is invalid`, {
    uri,
    reason: 'invalid_uri',
  })
}

/** The resources of these offers, prepared once for all servers that have them. */
export function resourceHandlers({ single, templates }: ResourceOffers) {
  const byAddress = new Map(single.map((offer) => [offer.listed.uri, offer]))
  const families = templates.map((offer) => ({
    ...offer,
    address: new UriTemplate(offer.listed.uriTemplate),
  }))

  async function list(): Promise<{ resources: Resource[] }> {
    const found = families.map(async ({ listed: { uriTemplate: _, ...common }, list }) =>
      ((await list?.()) ?? []).map((resource) => ({ ...common, ...resource })),
    )
    return { resources: [...single.map(({ listed }) => listed), ...(await Promise.all(found)).flat()] }
  }

  async function read(uri: string, request: ServerContext, server: Server): Promise<ReadResourceResult> {
    const address = addressIn(uri)
    const offer = byAddress.get(address)
    if (offer) return withCacheHint(await offer.read(), offer.cacheHint, server)
    for (const family of families) {
      const variables = family.address.match(address)
      if (variables)
        return withCacheHint(await family.read(address, variables, request), family.cacheHint, server)
    }
    throw new ResourceNotFoundError(uri)
  }

  const templateList = { resourceTemplates: templates.map(({ listed }) => listed) }
  return (server: Server): void => {
    server.setRequestHandler('resources/list', list)
    server.setRequestHandler('resources/templates/list', () => templateList)
    server.setRequestHandler('resources/read', ({ params }, request) => read(params.uri, request, server))
  }
}
