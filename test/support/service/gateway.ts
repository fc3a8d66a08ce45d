import { createServer, request as forward, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import { deferred, listening } from '../session/gateway.ts'

/** A gateway in front of a sandbox that holds one path back, and sees when a request for it is given up. */
export interface WatchedGateway {
  readonly url: string
  /** Resolves when a request for the path is held. */
  readonly held: Promise<void>
  /** Resolves when the client of a held request has closed its connection. */
  readonly givenUp: Promise<void>
  /** Passes on what is held, and all that comes. */
  readonly release: () => void
  /** The requests that were passed on, as `POST /path`. */
  readonly passed: readonly string[]
}

const routeOf = ({ method = '', url = '' }: IncomingMessage): string => `${method} ${url.split('?')[0]}`

/** Opens such a gateway, which is closed after the test. The first `skip` requests for the route pass. */
export async function openWatchedGateway(
  sandboxUrl: string,
  route: string,
  { skip = 0 } = {},
): Promise<WatchedGateway> {
  const [held, givenUp, released] = [deferred(), deferred(), deferred()]
  const passed: string[] = []
  let number = 0
  const server = createServer(async (incoming, response) => {
    if (routeOf(incoming) === route && ++number > skip) {
      response.on('close', () => {
        if (!response.writableFinished) givenUp.resolve()
      })
      held.resolve()
      await Promise.race([released.promise, givenUp.promise])
      if (response.destroyed) return
    }
    passed.push(routeOf(incoming))
    const { method, headers, url = '/' } = incoming
    const outgoing = forward(new URL(url, sandboxUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  })
  const { port, close } = await listening(server)
  onTestFinished(close)
  return {
    url: `http://127.0.0.1:${port}`,
    held: held.promise,
    givenUp: givenUp.promise,
    release: released.resolve,
    passed,
  }
}
