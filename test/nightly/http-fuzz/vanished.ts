import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { SeededRandom } from '../fuzz/seeded-random.ts'
import { waitingCall } from './requests/cancelled.ts'
import { bytesOf, draftFor, type Endpoint } from './requests/draft.ts'

/** The calls of one connection: the first is answered, and the others wait behind it. */
const callsOnConnection = 3
const connections = 4
/** The calls have begun by then. */
const beforeMs = 500

/** Requests that are refused before their body is read, and how often they are sent. */
const refusedOnConnection = 3
const refusedConnections = 300

/**
 * Sends refused requests in one piece, and breaks the connection off at once: Node 20 gave such responses to the wrong
 * requests, which ended the service.
 */
export async function vanishWhileRefused({ port }: Endpoint): Promise<void> {
  const request = `POST /nothing-here HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 5\r\n\r\nhello`
  for (let nth = 0; nth < refusedConnections; nth++) {
    await new Promise<void>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => {
        socket.write(request.repeat(refusedOnConnection))
        setImmediate(() => socket.resetAndDestroy())
      })
      socket.on('error', () => undefined).on('close', () => resolve())
    })
  }
}

/** Makes calls that wait, several on a connection, and breaks the connections off while they do. */
export async function vanish(random: SeededRandom, endpoint: Endpoint): Promise<void> {
  const newCall = (nth: number): Buffer => {
    const body = JSON.stringify(waitingCall(`v${nth}`, nth % 2 === 0))
    return bytesOf(random, draftFor(random, endpoint, body))
  }
  const sockets = Array.from({ length: connections }, (_, nth) => {
    const socket = connect({ port: endpoint.port, host: '127.0.0.1', noDelay: true })
    socket.on('error', () => undefined).resume()
    socket.write(Buffer.concat(Array.from({ length: callsOnConnection }, (_, index) => newCall(nth + index))))
    return socket
  })
  await pause(beforeMs)
  for (const socket of sockets) socket.resetAndDestroy()
}
