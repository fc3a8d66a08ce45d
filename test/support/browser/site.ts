import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A small site on loopback. */
export interface Site {
  /** With the name that browsers allow passkeys on. */
  readonly origin: string
  /** The same site by its address. */
  readonly addressOrigin: string
  readonly close: () => Promise<void>
}

/** Serves HTML by its path. */
export async function serveSite(
  pages: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const server = createServer(({ url }, response) => {
    const page = pages[url ?? '']
    response.writeHead(page === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      ...headers,
    })
    response.end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    addressOrigin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
