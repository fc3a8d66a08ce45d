import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A connection whose bytes a test writes by hand. */
export interface RawClient {
  readonly socket: Socket
  readonly write: (text: string) => void
  /** Resolves with all that came so far once it matches; rejects if the connection ends before. */
  readonly received: (pattern: RegExp) => Promise<string>
  /** Resolves with all that came once the connection has ended, in whatever way. */
  readonly ended: Promise<string>
}

/** Wraps a socket, which is destroyed after the test. */
export function rawClient(socket: Socket): RawClient {
  let text = ''
  let isOver = false
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const look of [...waiting]) look()
  }
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    wake()
  })
  socket.on('error', () => undefined)
  const ended = new Promise<string>((resolve) => {
    socket.on('close', () => {
      isOver = true
      wake()
      resolve(text)
    })
  })
  onTestFinished(() => void socket.destroy())
  return {
    socket,
    write: (part) => void socket.write(part, 'latin1'),
    received: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(text) && !isOver) return
          waiting.delete(look)
          if (pattern.test(text)) resolve(text)
          else reject(new Error(`The connection ended with ${JSON.stringify(text)}`))
        }
        waiting.add(look)
        look()
      }),
    ended,
  }
}

/** Connects; an error shows as the end of the connection. */
export const connectTo = (port: number, host = '127.0.0.1'): RawClient => rawClient(connect({ port, host }))

/** The status of each response in what came. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

interface Ask {
  readonly host?: string
  readonly method?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

/** One request over a connection of its own. Rejects with Node's error. */
export function ask(port: number, { host = '127.0.0.1', body, ...options }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host, agent: false, ...options }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
