import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'

export { deferred } from './deferred.ts'

/** A list without rows, in the envelope of CAR. */
export const noRows = '{"errorCode":null,"message":null,"body":{"totalCount":0,"list":[]}}'

const anyToken: RequestListener = (_request, response) =>
  void response.writeHead(201).end('header.payload.signature')

/** Passes the login to `login`, the rest to `answer`. */
export function withLogin(answer: RequestListener, login = anyToken): RequestListener {
  return (request, response) => (request.url === '/auth' ? login : answer)(request, response)
}

/** Starts a server of node:http or node:https on this machine; returns its port and a way to end it at once. */
export async function listening(
  server: ReturnType<typeof createServer>,
): Promise<{ port: number; close: () => Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { port: (server.address() as AddressInfo).port, close }
}

/** A small gateway, for what the sandbox cannot show: which connections are open at a moment. */
export async function openGateway(answer: RequestListener, login?: RequestListener): Promise<Sandbox> {
  const { port, close } = await listening(createServer(withLogin(answer, login)))
  const url = `http://127.0.0.1:${port}`
  const nobody = { username: 'nobody', password: 'nothing', clientId: 'none', clientSecret: 'none' }
  return { gatewayUrl: url, apiUrl: url, ...nobody, close }
}
