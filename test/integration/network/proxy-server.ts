import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import { listening } from '../../support/session/gateway.ts'

/** One CONNECT as the proxy received it. */
export interface ConnectRequest {
  readonly to: string
  readonly authorization: string | undefined
}

/** A proxy on this machine. */
export interface ProxyServer {
  readonly port: number
  /** The CONNECT requests, in order. */
  readonly connects: ConnectRequest[]
  /** Requests that were sent to the proxy itself, to be passed on as plain text. */
  readonly plain: string[]
  /** Runs instead of opening a tunnel; undefined: it opens one. */
  instead: ((socket: Socket) => void) | undefined
  readonly close: () => Promise<void>
}

/** A refusal as an HTTP response. */
export const refusing =
  (status: string) =>
  (socket: Socket): void =>
    void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`)

/** A real CONNECT proxy; every tunnel ends at one port of this machine, whatever name was requested. */
export async function openProxy(
  targetPort: number,
  pair?: { readonly key: string; readonly cert: string },
): Promise<ProxyServer> {
  const server: Server = pair ? createTlsServer({ key: pair.key, cert: pair.cert }) : createServer()
  const held = new Set<Socket>()
  const { port, close } = await listening(server)
  const proxy: ProxyServer = {
    port,
    connects: [],
    plain: [],
    instead: undefined,
    close: async () => {
      for (const socket of held) socket.destroy()
      await close()
    },
  }
  server.on('request', ({ url = '' }, response) => {
    proxy.plain.push(url)
    response.writeHead(400).end()
  })
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    proxy.connects.push({ to: url, authorization: headers['proxy-authorization'] })
    held.add(socket.on('error', () => undefined))
    if (proxy.instead) return void proxy.instead(socket)
    const tunnel = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      tunnel.pipe(socket).pipe(tunnel)
    })
    held.add(tunnel.on('error', () => undefined).on('close', () => socket.destroy()))
    socket.on('close', () => tunnel.destroy())
  })
  return proxy
}
