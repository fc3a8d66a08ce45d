import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type JSONRPCRequest,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from '@modelcontextprotocol/server'
import { isObject } from '../../shared/json.ts'
import type { Json, Reply } from './reply.ts'

// Since 2026-07-28 each request says who sends it; before, a client said so once.

/** The revision that is spoken with the service. */
export const currentRevision = '2026-07-28'

/** What a client of 2025 says of itself at `initialize`. */
export interface ClientFacts {
  readonly clientInfo: Json
  readonly capabilities: Json
}

/** The revision that a request names itself; undefined for a request of a 2025 revision. */
export function claimedRevision({ params }: Pick<JSONRPCRequest, 'params'>): string | undefined {
  const revision = params?._meta?.[PROTOCOL_VERSION_META_KEY]
  return typeof revision === 'string' ? revision : undefined
}

/** The parameters of a request of 2025 as 2026-07-28 has them. */
export const withEnvelope = (
  params: Json | undefined,
  { clientInfo, capabilities }: ClientFacts,
): Json & { readonly _meta: Json } => ({
  ...params,
  _meta: {
    ...(isObject(params?.['_meta']) && params['_meta']),
    [PROTOCOL_VERSION_META_KEY]: currentRevision,
    [CLIENT_INFO_META_KEY]: clientInfo,
    [CLIENT_CAPABILITIES_META_KEY]: capabilities,
  },
})

/** A reply without the members that the 2025 revisions do not know. */
export function withoutNews(reply: Reply): Reply {
  if (reply.error) return reply
  const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, _meta, ...result } = reply.result
  if (!isObject(_meta)) return { result }
  const { [SERVER_INFO_META_KEY]: _server, ...meta } = _meta
  return { result: Object.keys(meta).length > 0 ? { ...result, _meta: meta } : result }
}

/** Who made the server of a result. */
export const serverInfoIn = ({ _meta }: Json): unknown =>
  isObject(_meta) ? _meta[SERVER_INFO_META_KEY] : undefined
