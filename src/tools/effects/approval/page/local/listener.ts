import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SetupError } from '../../../../../shared/errors.ts'
import type { Log } from '../../../../../shared/log.ts'
import { systemErrorCode } from '../../../../../shared/own-folder.ts'

/** The longest times of a connection, in ms. */
const timeouts = { keepAliveTimeout: 5_000, headersTimeout: 5_000, requestTimeout: 10_000 }
/** How often these are looked at. */
const checkMs = 1_000
const maxConnections = 64
const maxHeaderBytes = 16 * 1024

/** Browsers try ::1 first: a program that has only one of the two could pass for this page. */
const addresses = ['127.0.0.1', '::1'] as const

/** How often a free port is looked for that is free on both. */
const maxAttempts = 10

/** Makes a server listen. Rejects with Node's error. */
export type Listen = (server: Server, address: string, port: number) => Promise<void>

export interface LoopbackOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly onRequest: (req: IncomingMessage, res: ServerResponse) => void
  readonly log: Log
  readonly listen?: Listen
}

/** A server on both loopback addresses. It does not keep the program running. */
export interface LoopbackServer {
  readonly port: number
  /** Stops listening and ends all connections at once. */
  readonly close: () => Promise<void>
}

const listenOn: Listen = (server, address, port) =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port, ipv6Only: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })

/** Serves the requests of one connection in turn: Node hands out what a client sends behind an unanswered one at once. */
const inTurn =
  (serve: LoopbackOptions['onRequest']) =>
  (req: IncomingMessage, res: ServerResponse): void => {
    const begin = (): void => {
      if (!req.socket.destroyed && !req.socket.writableEnded) serve(req, res)
    }
    if (res.socket === null) res.once('socket', begin)
    else begin()
  }

function makeServer({ onRequest, log }: LoopbackOptions): Server {
  const server = createServer({
    ...timeouts,
    connectionsCheckingInterval: checkMs,
    maxHeaderSize: maxHeaderBytes,
    insecureHTTPParser: false,
  })
  server.maxConnections = maxConnections
  server.on('request', inTurn(onRequest))
  server.unref()
  // Such as too many open files: without a listener this would end the program.
  server.once('listening', () =>
    server.on('error', (error) => log.warn({ error: error.message }, 'the approval page took no connection')),
  )
  return server
}

const closeAll = (servers: readonly Server[]): Promise<unknown> =>
  Promise.all(
    servers.map(
      (server) =>
        new Promise((resolve) => {
          server.close(resolve)
          server.closeAllConnections()
        }),
    ),
  )

/** Why there is no page, and what the operator can do; the error itself if that is not known. */
function listenError(error: unknown, port: number): unknown {
  const code = systemErrorCode(error)
  const other = 'Ask the operator to set QUALYS_PAGE_PORT to another port, or to 0 for any that is free.'
  if (code === 'EADDRINUSE')
    return port === 0
      ? new SetupError('There is no approval page: no port is free on both loopback addresses.', other)
      : new SetupError(
          `There is no approval page: port ${port} (QUALYS_PAGE_PORT) is in use on this machine.`,
          other,
        )
  if (code === undefined) return error
  return new SetupError(
    `There is no approval page: port ${port} (QUALYS_PAGE_PORT) cannot be listened on (${code}).`,
    other,
  )
}

/** Listens on both loopback addresses, or on one where this machine has no IPv6. Rejects with Node's error. */
async function bind(options: LoopbackOptions): Promise<readonly Server[]> {
  const { listen = listenOn } = options
  const servers: Server[] = []
  let { port } = options
  for (const address of addresses) {
    const server = makeServer(options)
    try {
      await listen(server, address, port)
    } catch (error) {
      const isMissing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(systemErrorCode(error) ?? '')
      if (isMissing && servers.length > 0) continue
      await closeAll(servers)
      throw error
    }
    servers.push(server)
    port = (server.address() as AddressInfo).port
  }
  return servers
}

/** Listens on one port of both loopback addresses. Throws a SetupError if that is not possible. */
export async function listenOnLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  const tryOnce = (attempt: number): Promise<readonly Server[]> =>
    bind(options).catch((error: unknown) => {
      if (options.port === 0 && systemErrorCode(error) === 'EADDRINUSE' && attempt < maxAttempts)
        return tryOnce(attempt + 1)
      throw listenError(error, options.port)
    })
  const servers = await tryOnce(1)
  const [{ port }] = servers.map((server) => server.address() as AddressInfo) as [AddressInfo]
  return {
    port,
    close: async () => {
      await closeAll(servers)
    },
  }
}
