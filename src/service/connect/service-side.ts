import {
  type JSONRPCNotification,
  type JSONRPCRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server'
import { isObject, textOrEmpty } from '../../shared/json.ts'
import type { Deliver } from './delivery.ts'
import {
  type ClientFacts,
  claimedRevision,
  currentRevision,
  serverInfoIn,
  withEnvelope,
  withoutNews,
} from './envelope.ts'
import { type Destination, replyOf } from './failures.ts'
import { standardHeaders } from './headers.ts'
import type { Outcome } from './post.ts'
import type { Json, Reply } from './reply.ts'
import { type Ask, replyInRounds } from './rounds.ts'

/** One request of the client, and the ways back to it. */
export interface Exchange {
  readonly request: JSONRPCRequest
  readonly signal: AbortSignal
  readonly onNotification: (notification: JSONRPCNotification) => Promise<void>
  readonly ask: Ask
}

const unnamedClient: ClientFacts = { clientInfo: { name: 'unknown', version: 'unknown' }, capabilities: {} }

const objectIn = (value: unknown, otherwise: Json): Json => (isObject(value) ? value : otherwise)

/** The answers that show a service of 2025: it does not know the method, or refuses the revision. */
const isOlderService = (outcome: Outcome): boolean =>
  outcome.kind === 'answered' || (outcome.kind === 'refused' && [400, 404, 405].includes(outcome.status))

/** The revision for a client of 2025: the one that it asks for, or the latest of them. */
function revisionFor(asked: unknown): string {
  const known: readonly string[] = SUPPORTED_PROTOCOL_VERSIONS
  return known.includes(textOrEmpty(asked)) ? textOrEmpty(asked) : (known[0] ?? '')
}

/**
 * The service as one client sees it. Requests of 2026-07-28 pass unchanged. Those of 2025 are translated, or pass
 * unchanged to a service that knows no more than 2025.
 */
export class ServiceSide {
  readonly #deliver: Deliver
  readonly #destination: Destination
  #client = unnamedClient
  /** What the service speaks; undefined until it was asked. */
  #era: 'current' | 'older' | undefined
  /** Of a service of 2025: what its `initialize` gave out. */
  #olderHeaders: Readonly<Record<string, string>> = {}

  constructor(deliver: Deliver, destination: Destination) {
    this.#deliver = deliver
    this.#destination = destination
  }

  /** The reply to a request, made by the service or about it. Rejects with the reason of the signal. */
  async replyTo(exchange: Exchange): Promise<Reply> {
    const { request } = exchange
    const claimed = claimedRevision(request)
    if (claimed !== undefined) return this.#pass(exchange, standardHeaders(request, claimed))
    if (request.method === 'initialize') return this.#initialize(exchange)
    if (this.#era === undefined) {
      const outcome = await this.#discover(exchange)
      if (this.#era === undefined) return replyOf(outcome, request.method, this.#destination)
    }
    return this.#era === 'current' ? this.#translate(exchange) : this.#pass(exchange, this.#olderHeaders)
  }

  /** Tells a service of 2025 what its client tells. Later revisions have no such notifications over HTTP. */
  async notify(notification: JSONRPCNotification, signal: AbortSignal): Promise<void> {
    if (this.#era !== 'older') return
    await this.#deliver({
      message: { ...notification },
      headers: this.#olderHeaders,
      signal,
      onNotification: async () => undefined,
    })
  }

  /** Asks the service what it speaks; on the way, a login begins if it needs one. */
  async prepare(signal: AbortSignal): Promise<void> {
    const request = { jsonrpc: '2.0' as const, id: 'qualys-mcp', method: 'server/discover' }
    await this.#discover({ request, signal, onNotification: async () => undefined })
  }

  async #pass({ request, ...rest }: Exchange, headers: Readonly<Record<string, string>>): Promise<Reply> {
    const outcome = await this.#deliver({ message: { ...request }, headers, ...rest })
    return replyOf(outcome, request.method, this.#destination)
  }

  /** Sends a request of 2025 as one of 2026-07-28. A repetition has an id of its own, as the specification asks for. */
  async #translate({ request, ask, ...rest }: Exchange): Promise<Reply> {
    const { id, method, params } = request
    const send = (next: Json, round: number): Promise<Reply> => {
      const message = {
        ...request,
        id: round === 1 ? id : `${id}:${round}`,
        params: withEnvelope(next, this.#client),
      }
      const headers = standardHeaders(message, currentRevision)
      return this.#deliver({ message, headers, ...rest }).then((outcome) =>
        replyOf(outcome, method, this.#destination),
      )
    }
    return withoutNews(await replyInRounds({ method, params: params ?? {}, send, ask, signal: rest.signal }))
  }

  async #discover({ request, ...rest }: Omit<Exchange, 'ask'>): Promise<Outcome> {
    const message = {
      jsonrpc: '2.0',
      id: request.id,
      method: 'server/discover',
      params: withEnvelope(undefined, this.#client),
    }
    const outcome = await this.#deliver({
      message,
      headers: standardHeaders(message, currentRevision),
      ...rest,
    })
    const versions = outcome.kind === 'answered' ? outcome.reply.result?.['supportedVersions'] : undefined
    if (Array.isArray(versions) && versions.includes(currentRevision)) this.#era = 'current'
    else if (isOlderService(outcome)) this.#era = 'older'
    return outcome
  }

  async #initialize(exchange: Exchange): Promise<Reply> {
    const { params = {} } = exchange.request
    this.#client = {
      clientInfo: objectIn(params['clientInfo'], unnamedClient.clientInfo),
      capabilities: objectIn(params['capabilities'], {}),
    }
    const outcome = await this.#discover(exchange)
    if (this.#era === 'older') return this.#initializeOlder(exchange)
    const reply = replyOf(outcome, 'initialize', this.#destination)
    if (reply.error) return reply
    const { capabilities, instructions } = reply.result
    return {
      result: {
        protocolVersion: revisionFor(params['protocolVersion']),
        capabilities: objectIn(capabilities, {}),
        serverInfo: objectIn(serverInfoIn(reply.result), { name: 'unknown', version: 'unknown' }),
        ...(typeof instructions === 'string' && { instructions }),
      },
    }
  }

  /** A service of 2025 could ask only over a connection that stays open: it is told that nobody can be asked. */
  async #initializeOlder({ request, ...rest }: Exchange): Promise<Reply> {
    const outcome = await this.#deliver({
      message: { ...request, params: { ...request.params, capabilities: {} } },
      headers: {},
      ...rest,
    })
    const reply = replyOf(outcome, request.method, this.#destination)
    if (outcome.kind !== 'answered' || !reply.result) return reply
    const session = outcome.headers['mcp-session-id']
    this.#olderHeaders = {
      'mcp-protocol-version': textOrEmpty(reply.result['protocolVersion']),
      ...(typeof session === 'string' && { 'mcp-session-id': session }),
    }
    return reply
  }
}
