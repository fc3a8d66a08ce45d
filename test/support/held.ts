import { createServer, request as forward } from 'node:http'
import { listening, moment } from './session/gateway.ts'

/** A gateway before a sandbox that keeps back the answers of some paths. */
export interface Held {
  readonly url: string
  /** Resolves when a request of each of these paths has come. */
  readonly arrived: Promise<void>
  /** Sends on what was kept back, and all that follows. */
  readonly release: () => void
  /** The paths of all requests that came. */
  readonly seen: readonly string[]
  readonly close: () => Promise<void>
}

/** Opens such a gateway. What it keeps back has not reached the sandbox yet; `skip` requests of each path pass before. */
export async function holding(
  sandboxUrl: string,
  paths: readonly string[],
  { skip = 0, times = Number.POSITIVE_INFINITY } = {},
): Promise<Held> {
  const arrivals = new Map(paths.map((path) => [path, moment()] as const))
  const released = moment()
  const seen: string[] = []
  const server = createServer(async (incoming, response) => {
    const { url = '/', method, headers } = incoming
    seen.push(url)
    const arrival = arrivals.get(url)
    const number = seen.filter((path) => path === url).length
    if (arrival && number > skip && number <= skip + times) {
      arrival.now()
      await released.come
    }
    const outgoing = forward(new URL(url, sandboxUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    // Whoever asked has gone, or the sandbox has.
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  })
  const { port, close } = await listening(server)
  const arrived = Promise.all([...arrivals.values()].map(({ come }) => come)).then(() => undefined)
  return { url: `http://127.0.0.1:${port}`, arrived, release: released.now, seen, close }
}
