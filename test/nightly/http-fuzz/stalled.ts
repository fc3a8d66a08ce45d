import { connect } from 'node:net'
import { readResponses } from './responses/responses.ts'

/** Twice the service's time-out for headers, and for bodies. */
const patience = { headers: 20_000, body: 60_000 } as const
const dripMs = 400

/** A client that never comes to the end of its request. */
interface Stalled {
  readonly title: string
  readonly patienceMs: number
  /** What it sends at first. */
  readonly start: string
  /** What it sends again and again. */
  readonly drip?: string
}

function stalledClients(port: number, token: string): readonly Stalled[] {
  const head = `POST /mcp HTTP/1.1\r\nHost: localhost:${port}\r\n`
  const length = `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`
  const chunks = length.replace('Content-Length: 1000', 'Transfer-Encoding: chunked')
  const ofHeads = [
    { title: 'nothing', start: '' },
    { title: 'half a line', start: 'POST /mc' },
    { title: 'half a head', start: head },
    { title: 'a head without end', start: head, drip: 'X: y\r\n' },
    { title: 'empty lines', start: '', drip: '\r\n' },
  ]
  const ofBodies = [
    { title: 'half a body', start: `${head}${length}{"jsonrpc":` },
    { title: 'a body without end', start: `${head}${length}`, drip: ' ' },
    { title: 'chunks without end', start: `${head}${chunks}`, drip: '1\r\n \r\n' },
  ]
  return [
    ...ofHeads.map((one) => ({ ...one, patienceMs: patience.headers })),
    ...ofBodies.map((one) => ({ ...one, patienceMs: patience.body })),
  ]
}

/** What is wrong with how the service ends the connection of such a client. */
function faultOfStalled(
  { title, start, drip, patienceMs }: Stalled,
  port: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    const chunks: Buffer[] = []
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      socket.destroy()
    }, patienceMs)
    const dripping = setInterval(() => drip !== undefined && socket.write(drip), dripMs)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(timer)
      clearInterval(dripping)
      const { responses, fault } = readResponses(Buffer.concat(chunks), () => false)
      const isRight = fault === undefined && responses.every(({ status }) => status === 400 || status === 408)
      if (isLate) resolve(`a client that sends ${title} is not turned away in ${patienceMs} ms`)
      else if (isRight) resolve(undefined)
      else
        resolve(
          `a client that sends ${title} gets ${fault ?? responses.map(({ status }) => status).join(', ')}`,
        )
    })
    socket.write(start)
  })
}

/** Keeps connections with clients that never end a request; resolves with what is wrong once they are turned away. */
export async function stalledFaults(
  port: number,
  token: string,
  withBodies: boolean,
): Promise<readonly string[]> {
  const clients = stalledClients(port, token).filter(
    ({ patienceMs }) => withBodies || patienceMs === patience.headers,
  )
  const faults = await Promise.all(clients.map((client) => faultOfStalled(client, port)))
  return faults.filter((fault) => fault !== undefined)
}
