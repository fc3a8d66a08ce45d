import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { client, firstManager } from './data/accounts.ts'
import { makeListener } from './server/listener.ts'
import { defaultKeys, type EvidenceMode, type Keys, makeWorld } from './state/world.ts'

export interface SandboxOptions {
  /** 0, the default: any free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /**
   * Number of jobs; default 15,000, at least 81: those of the vendor's getting-started page, and the newest
   * one.
   */
  jobs?: number
  /** Number of assets; default 2,000. Another number also changes schedules and asset jobs. */
  assets?: number
  /** Default 1. The same seed gives the same data. */
  seed?: number
  /** `documented`: routes without a documented path are not served. Default `all`. */
  evidence?: EvidenceMode
  /** Another password or client secret, so that a test can recognize it. */
  keys?: Partial<Keys>
}

/** A running sandbox. */
export interface Sandbox {
  gatewayUrl: string
  apiUrl: string
  username: string
  password: string
  clientId: string
  clientSecret: string
  /** Stops at once and destroys open connections. */
  close(): Promise<void>
}

/** Starts a sandbox. Rejects with Node's error if it cannot listen. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1' } = options
  const keys = { ...defaultKeys, ...options.keys }
  const server = createServer(makeListener((previous) => makeWorld({ ...options, keys }, previous)))
  // Longer than any client keeps a connection, so that no client uses one that is closing.
  server.keepAliveTimeout = 75_000
  await listen(server, port, host)
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
  const { username } = firstManager
  return { gatewayUrl: url, apiUrl: url, username, ...client, ...keys, close: () => closeServer(server) }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
