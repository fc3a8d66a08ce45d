import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SettingsError } from '../../shared/errors.ts'
import { systemErrorCode } from '../../shared/own-folder.ts'
import { type OperationSources, operationHandler, sendNotFound } from './health.ts'

/** How to serve the pages of operation. */
export interface OperationServerOptions extends OperationSources {
  /** `localhost` means both loopback addresses. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

/** A server of `/healthz`, `/readyz` and `/metrics`. */
export interface OperationServer {
  readonly port: number
  /** Ends it and its connections. */
  readonly close: () => Promise<void>
}

const maxConnections = 100

/** Milliseconds. Whoever asks here sends a line and a few headers. */
const timeouts = { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 } as const

const maxHeaderSize = 8_192

/** A machine without IPv6 has one loopback address. */
const withoutIpv6: readonly (string | undefined)[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

/** How often another free port is tried, if only one of two addresses has it free. */
const maxAttempts = 20

function makeServer(sources: OperationSources): Server {
  // The Host header is not checked: Prometheus and the kubelet come by address.
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    const handler = operationHandler(path, sources)
    if (handler) void handler(request, response)
    else sendNotFound(response)
  }
  const server = createServer({ ...timeouts, maxHeaderSize, connectionsCheckingInterval: 1_000 }, answer)
  server.maxConnections = maxConnections
  // Of silence, also while an answer is being read.
  server.timeout = 10_000
  return server
}

/** Listens, and returns the port. Rejects with the error of the system. */
function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has it: name a free port',
  EACCES: 'this user may not listen there: name a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address: name one of its own',
  ENOTFOUND: 'no address has this name: name an address of this machine',
}

function listenError(error: unknown, host: string, port: number): SettingsError {
  const code = systemErrorCode(error)
  const reason = reasons[code ?? ''] ?? `the system says ${code}: name another address or port`
  return new SettingsError(
    `The metrics cannot be served at ${host}, port ${port} (QUALYS_METRICS_HOST, QUALYS_METRICS_PORT), since ${reason}.`,
  )
}

/** Listens on all addresses with one port. Undefined if the port that was free on the first is taken on another. */
async function listenOnAll(
  sources: OperationSources,
  [first, ...others]: readonly [string, ...string[]],
  port: number,
): Promise<OperationServer | undefined> {
  const main = makeServer(sources)
  const servers = [main]
  const closeAll = async (): Promise<void> => {
    await Promise.all(servers.map(close))
  }
  const found = await listen(main, first, port)
  for (const host of others) {
    const server = makeServer(sources)
    try {
      await listen(server, host, found)
      servers.push(server)
    } catch (error) {
      if (withoutIpv6.includes(systemErrorCode(error))) continue
      await closeAll()
      if (port !== 0 || systemErrorCode(error) !== 'EADDRINUSE') throw error
      return undefined
    }
  }
  return { port: found, close: closeAll }
}

/** Starts the small server of QUALYS_METRICS_PORT. Throws a SettingsError if it cannot listen there. */
export async function startOperationServer({
  host,
  port,
  ...sources
}: OperationServerOptions): Promise<OperationServer> {
  // Otherwise another program could answer at the other one.
  const hosts = host === 'localhost' ? (['127.0.0.1', '::1'] as const) : ([host] as const)
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const server = await listenOnAll(sources, hosts, port)
      if (server) return server
    }
  } catch (error) {
    throw listenError(error, host, port)
  }
  throw listenError(Object.assign(new Error('in use'), { code: 'EADDRINUSE' }), host, port)
}
