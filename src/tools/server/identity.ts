import {
  CLIENT_INFO_META_KEY,
  type Implementation,
  type JSONRPCMessage,
  SERVER_INFO_META_KEY,
  Server,
  type ServerContext,
  type Transport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import packageJson from '../../../package.json' with { type: 'json' }
import { oneLine } from '../../shared/safe-text.ts'
import type { ClientName } from '../tool.ts'
import { plainError } from './protocol/error-text.ts'

/** A shield, as lines on a square of 24; the colour suits light and dark backgrounds. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#c33" stroke-width="2"><path d="M12 2l8 3v7c0 5-4 8-8 10-4-2-8-5-8-10V5z"/></svg>'

/** Who this server is, as clients show it to people. */
export const identity: Implementation = {
  name: 'qualys-mcp',
  title: 'Qualys CAR and SAQ',
  description: packageJson.description,
  version: packageJson.version,
  icons: [
    {
      // A data URI needs no network.
      src: `data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}`,
      mimeType: 'image/svg+xml',
      sizes: ['any'],
    },
  ],
}

/**
 * Since 2026-07-28 every result names the server in its `_meta`, which some hosts put before the model. Only the
 * answer to server/discover keeps all of it.
 */
export function shortenIdentity(message: JSONRPCMessage): JSONRPCMessage {
  if (!('result' in message)) return message
  const { result } = message
  if (result._meta?.[SERVER_INFO_META_KEY] === undefined || 'supportedVersions' in result) return message
  const { name, version } = identity
  const _meta = { ...result._meta, [SERVER_INFO_META_KEY]: { name, version } }
  return { ...message, result: { ...result, _meta } }
}

/** A server that introduces itself once on each connection, and then gives its name and version only. */
export class IdentifiedServer extends Server {
  /** The SDK leaves the transport to the server that it is connected to. */
  override connect(transport: Transport): Promise<void> {
    const send = transport.send.bind(transport)
    transport.send = (message, options) => send(plainError(shortenIdentity(message)), options)
    return super.connect(transport)
  }
}

/** What a client says of itself. It may say anything. */
const clientInfo = z.object({ name: z.string(), version: z.string().catch('') })
const maxNameLength = 80

/** The client of a request: it names itself in each request since 2026-07-28, and once before. */
export function clientOf(server: Server, { mcpReq }: ServerContext): ClientName | undefined {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {}
  const { data } = clientInfo.safeParse(envelope[CLIENT_INFO_META_KEY] ?? server.getClientVersion())
  return data && { name: oneLine(data.name, maxNameLength), version: oneLine(data.version, maxNameLength) }
}
