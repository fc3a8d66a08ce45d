import { createServer, request as forward } from 'node:http'
import { deferred, listening } from './session/gateway.ts'

/** A gateway in front of a sandbox that holds back the requests for some paths. */
export interface HoldingGateway {
  readonly url: string
  /** Resolves when a request for each of these paths has arrived. */
  readonly arrived: Promise<void>
  /** Passes on the requests that are held, and all later ones. */
  readonly release: () => void
  /** The paths of all requests that arrived. */
  readonly paths: readonly string[]
  readonly close: () => Promise<void>
}

/** Opens such a gateway. Held requests have not reached the sandbox; the first `skip` requests for each path pass. */
export async function openHoldingGateway(
  sandboxUrl: string,
  paths: readonly string[],
  { skip = 0, times = Number.POSITIVE_INFINITY } = {},
): Promise<HoldingGateway> {
  const arrivals = new Map(paths.map((path) => [path, deferred()] as const))
  const released = deferred()
  const seen: string[] = []
  const server = createServer(async (incoming, response) => {
    const { url = '/', method, headers } = incoming
    seen.push(url)
    const arrival = arrivals.get(url)
    const number = seen.filter((path) => path === url).length
    if (arrival && number > skip && number <= skip + times) {
      arrival.resolve()
      await released.promise
    }
    const outgoing = forward(new URL(url, sandboxUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    // The client or the sandbox has closed its connection.
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  })
  const { port, close } = await listening(server)
  const arrived = Promise.all([...arrivals.values()].map(({ promise }) => promise)).then(() => undefined)
  return { url: `http://127.0.0.1:${port}`, arrived, release: released.resolve, paths: seen, close }
}
