import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { client, firstManager } from './data/accounts.ts'
import { makeListener } from './server/listener.ts'
import { defaultKeys, makeWorld, type WorldOptions } from './state/world.ts'

export interface SandboxOptions extends WorldOptions {
  /** 0, the default: any free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
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
  const server = createServer(makeListener((previous) => makeWorld(options, previous)))
  // Longer than any client keeps a connection, so that no client uses one that is closing.
  server.keepAliveTimeout = 75_000
  await listen(server, port, host)
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
  const { username } = firstManager
  const keys = { ...defaultKeys, ...options.keys }
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
