import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Network } from '../../config/service/parsers.ts'
import { SettingsError } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import type { Certificates } from './certificates.ts'
import { type Connections, guardConnections } from './connections.ts'
import { proxiesIn } from './forwarded.ts'

/** The longest times of a connection, in ms. */
export interface Timeouts {
  /** Between a response and the next request; more than proxies keep a connection to the service (nginx: 60 s). */
  readonly keepAlive: number
  /** From the beginning of a connection, or of a request, to the end of its headers. */
  readonly headers: number
  /** To the end of its body. A response may take any time. */
  readonly request: number
  /** How often these are looked at. */
  readonly check: number
}

const usualTimeouts: Timeouts = { keepAlive: 70_000, headers: 10_000, request: 30_000, check: 1_000 }

export interface ListenerOptions {
  /** A name or an address; `localhost` stands for both loopback addresses. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly tls?: Certificates | undefined
  readonly maxConnections: number
  /** Closes connections from all others. */
  readonly behindProxy?: readonly Network[] | undefined
  /**
   * Is called for requests with `Expect: 100-continue` as well: `readBody` tells their clients to go on. `arrivedAt`: by
   * `performance.now()`; a request may have waited for its turn since.
   */
  readonly onRequest: (req: IncomingMessage, res: ServerResponse, arrivedAt: number) => void
  readonly log: Log
  /** The settings that errors name. */
  readonly names?: { readonly host: string; readonly port: string }
  readonly timeouts?: Partial<Timeouts>
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** An open service. */
export interface Listeners {
  readonly addresses: readonly { readonly address: string; readonly port: number }[]
  readonly port: number
  /** How many connections are open. */
  readonly connections: () => number
  /**
   * From now on each request is the last of its connection. Connections that wait for one stay: a client may be sending
   * one just now, which would be lost.
   */
  readonly endKeepAlive: () => void
  /** Stops listening and ends all connections at once. */
  readonly close: () => Promise<void>
}

const ownNames = { host: 'QUALYS_HTTP_HOST (--host)', port: 'QUALYS_HTTP_PORT (--port)' }

/** How often a free port is looked for that is free on both loopback addresses. */
const maxAttempts = 10

async function makeServer({ tls, timeouts }: ListenerOptions): Promise<Server> {
  const { keepAlive, headers, request, check } = { ...usualTimeouts, ...timeouts }
  const options = {
    keepAliveTimeout: keepAlive,
    headersTimeout: headers,
    requestTimeout: request,
    connectionsCheckingInterval: check,
    // Flags of Node could change these two.
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
    // The system asks a silent peer whether it is still there: a stream to one that is gone ends.
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  }
  if (!tls) return createServer(options)
  const { createServer: createTlsServer } = await import('node:https')
  const server = createTlsServer({
    ...options,
    ...tls.options(),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: headers,
  })
  tls.attach(server)
  return server
}

/** Rejects with Node's error. */
function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

const stopListening = (servers: readonly Server[]): Promise<unknown> =>
  Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** What the operator can do about an address on which nothing can listen; the error itself if that is not known. */
function listenError(error: unknown, { host, port, names = ownNames }: ListenerOptions): unknown {
  const code = codeOf(error)
  if (code === 'EADDRINUSE')
    return new SettingsError(
      port === 0
        ? `No port is free on both loopback addresses: set one as ${names.port}.`
        : `Port ${port} is in use on ${host}: stop what listens there, or set another one as ${names.port}.`,
    )
  if (code === 'EACCES')
    return new SettingsError(`Port ${port} is for root alone: set one from 1024 on as ${names.port}.`)
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT'].includes(String(code)))
    return new SettingsError(
      `${host} is no address of this machine: set ${names.host} to localhost, or to one of its addresses.`,
    )
  return error
}

/**
 * Serves the requests of one connection in turn, and none behind an answer that closes it. Node hands out what a client
 * sends behind an unanswered request at once; but it closes no answer that waits, writes `100 Continue` into another
 * one, and ends the process by an assertion if one is answered behind the last.
 */
const inTurn =
  (serve: ListenerOptions['onRequest']) =>
  (req: IncomingMessage, res: ServerResponse): void => {
    const { socket } = req
    const arrivedAt = performance.now()
    const begin = (): void => {
      if (!socket.destroyed && !socket.writableEnded) serve(req, res, arrivedAt)
    }
    if (res.socket === null) res.once('socket', begin)
    else begin()
  }

/** Listens on both addresses of localhost, or on the one of another host. Rejects with Node's error. */
async function bind(options: ListenerOptions, { guard, destroy }: Connections): Promise<readonly Server[]> {
  const { host } = options
  const onRequest = inTurn(options.onRequest)
  const servers: Server[] = []
  let { port } = options
  // A program on the other address could pass for this one: browsers try ::1 first.
  for (const address of host === 'localhost' ? ['127.0.0.1', '::1'] : [host]) {
    const server = await makeServer(options)
    // More headers than this would be left out silently; their size is bounded anyhow.
    server.maxHeadersCount = 0
    guard(server)
    server.on('request', onRequest).on('checkContinue', onRequest)
    try {
      await listen(server, address, port)
    } catch (error) {
      const isMissing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(String(codeOf(error)))
      if (isMissing && servers.length > 0) continue
      const closed = stopListening(servers)
      destroy()
      await closed
      throw error
    }
    servers.push(server)
    port = (server.address() as AddressInfo).port
  }
  return servers
}

/** Listens, with TLS if there is a certificate. Throws a SettingsError for an address that cannot be used. */
export async function openListeners(options: ListenerOptions): Promise<Listeners> {
  const { maxConnections, behindProxy, log, now = () => performance.now() } = options
  const isProxy = behindProxy && proxiesIn(behindProxy)
  const connections = guardConnections({ maxConnections, isProxy, log, now })
  let isEnding = false
  const onRequest: ListenerOptions['onRequest'] = (req, res, arrivedAt) => {
    if (isEnding) res.setHeader('connection', 'close')
    options.onRequest(req, res, arrivedAt)
  }
  const tryOnce = (attempt: number): Promise<readonly Server[]> =>
    bind({ ...options, onRequest }, connections).catch((error: unknown) => {
      if (options.port === 0 && codeOf(error) === 'EADDRINUSE' && attempt < maxAttempts)
        return tryOnce(attempt + 1)
      throw listenError(error, options)
    })
  const servers = await tryOnce(1)
  const addresses = servers.map((server) => server.address() as AddressInfo)
  return {
    addresses: addresses.map(({ address, port }) => ({ address, port })),
    port: addresses[0]?.port ?? options.port,
    connections: connections.count,
    endKeepAlive: () => {
      isEnding = true
    },
    close: async () => {
      const closed = stopListening(servers)
      connections.destroy()
      await closed
    },
  }
}
