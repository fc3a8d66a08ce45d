import type { BrowserContext } from 'playwright-core'

/** What the pages of a profile did, from its start. */
export interface Traffic {
  /** The addresses of all requests, refused and failed ones too. */
  readonly requests: readonly string[]
  /** Addresses that belong neither to this origin nor to the page itself (`data:`). */
  readonly outside: (origin: string) => readonly string[]
  /** Errors on the console, and those that no script caught; violations of the page's own policy are among them. */
  readonly errors: readonly string[]
}

/** Records what pages do. Addresses that a frame only names in a `preconnect` or `dns-prefetch` are not requests. */
export function recordTraffic(context: BrowserContext): Traffic {
  const requests: string[] = []
  const errors: string[] = []
  context.on('request', (request) => requests.push(request.url()))
  context.on('page', (page) => page.on('websocket', (socket) => requests.push(socket.url())))
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => errors.push(String(error.error())))
  const isInside = (url: string, origin: string): boolean =>
    url.startsWith('data:') || (URL.canParse(url) && new URL(url).origin === origin)
  return { requests, errors, outside: (origin) => requests.filter((url) => !isInside(url, origin)) }
}
