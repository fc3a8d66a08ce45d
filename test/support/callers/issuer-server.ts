import { createServer } from 'node:http'
import { listening } from '../session/gateway.ts'
import type { SigningKey } from './tokens.ts'

/** A small issuer on loopback: two documents, and keys that a test changes. */
export interface IssuerServer {
  readonly url: string
  keys: readonly SigningKey[]
  readonly close: () => Promise<void>
}

/** Starts a small issuer. */
export async function openIssuerServer(keys: readonly SigningKey[]): Promise<IssuerServer> {
  const documentAt = (path = ''): object | undefined => {
    if (path === '/.well-known/openid-configuration')
      return { issuer: opened.url, jwks_uri: `${opened.url}/keys` }
    return path === '/keys' ? { keys: opened.keys.map(({ jwk }) => jwk) } : undefined
  }
  const { port, close } = await listening(
    createServer(({ url }, response) => {
      const document = documentAt(url)
      response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(document ?? {}))
    }),
  )
  const opened: IssuerServer = { url: `http://127.0.0.1:${port}`, keys, close }
  return opened
}

/** Fetches JSON as the service does: nothing but 200 counts, and no redirect is followed. */
export async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error' })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}
