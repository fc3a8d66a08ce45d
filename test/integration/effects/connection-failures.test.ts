import { writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { ToolReply } from '../../support/assistant.ts'
import {
  createTemporaryFolder,
  openUnattendedServer,
  type UnattendedServer,
} from '../../support/effects/unattended.ts'
import { selfSigned } from '../../support/session/certificate.ts'
import { listening, openGateway, withLogin } from '../../support/session/gateway.ts'

// Failures on the way to Qualys: before anything was sent nothing can have happened, afterwards the outcome is
// unclear.

let folder: ReturnType<typeof createTemporaryFolder>
const running: { close: () => Promise<void> | void }[] = []
beforeEach(() => {
  folder = createTemporaryFolder()
})
afterEach(async () => {
  for (const thing of running.splice(0).reverse()) await thing.close()
  folder.remove()
})

/** It has no look-up, so that the first request is the effect itself. */
const effect = '/sm/v1/reports'
const send = (server: UnattendedServer): Promise<ToolReply> =>
  server.call('car_generate_report', { reportName: 'Once', templateName: 'Script Job Report' })

async function serve(url: string, extra: Environment = {}): Promise<UnattendedServer> {
  const environment = {
    QUALYS_GATEWAY_URL: url,
    QUALYS_API_URL: url,
    QUALYS_USERNAME: 'nobody',
    QUALYS_PASSWORD: 'nothing',
    QUALYS_MAX_WAIT_SECONDS: '0',
  }
  const server = await openUnattendedServer({ ...environment, ...extra }, folder.path)
  running.push(server)
  return server
}

/** It has no look-up, and can be sent again safely. */
function expectUnsent({ isError, text, error }: ToolReply, kind: string): void {
  expect(isError).toBe(true)
  expect(error).toMatchObject({ kind })
  expect(text).not.toMatch(/not known|complete|repeat/)
}

/** One connection for each request: none is closing when the next one is sent. */
const once = (response: ServerResponse): ServerResponse => response.setHeader('connection', 'close')
const login: RequestListener = (_request, response) =>
  void once(response).writeHead(201).end('header.payload.signature')

test('a refused connection: nothing was sent, and it is a setup error', async () => {
  const gateway = await openGateway((_request, response) => once(response).end('{"list":[]}'), login)
  const server = await serve(gateway.gatewayUrl)
  expect((await server.call('car_list_reports', {})).isError).toBe(false)
  await gateway.close()
  const reply = await send(server)
  expectUnsent(reply, 'setup')
  expect(reply.text).toContain(`${gateway.gatewayUrl} cannot be reached`)
})

/** A gateway behind TLS, and a proxy in front of it that a test can break. */
async function farGateway() {
  const far = 'gateway.qualys.example'
  const pair = selfSigned(far, 'localhost')
  const caFile = join(folder.path, 'ca.pem')
  await writeFile(caFile, pair.cert)
  const state = { effects: 0, tunnels: 0, drop: false, spoil: false }
  let nearEnd: Socket | undefined
  const target = await listening(
    createTlsServer(
      pair,
      withLogin(({ method, url }, response) => {
        if (method === 'POST' && url === effect) state.effects++
        // Bytes that are not TLS, within a connection.
        if (state.spoil) nearEnd?.write('HTTP/1.1 502 Bad Gateway\r\n\r\n')
        else once(response).end('{"list":[]}')
      }, login),
    ),
  )
  const listener = createServer()
  listener.on('connect', (_request, socket: Socket) => {
    state.tunnels++
    socket.on('error', () => undefined)
    if (state.drop) return void socket.destroy()
    nearEnd = socket
    const tunnel = connect(target.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      tunnel.pipe(socket).pipe(tunnel)
    })
    tunnel.on('error', () => socket.destroy())
  })
  const proxy = await listening(listener)
  running.push(target, proxy)
  const extra = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, QUALYS_CA_FILE: caFile }
  const server = await serve(`https://${far}`, extra)
  expect((await server.call('car_list_reports', {})).isError).toBe(false)
  state.tunnels = 0
  return { server, state }
}

test('a proxy that drops the connection: nothing was sent', async () => {
  const { server, state } = await farGateway()
  state.drop = true
  const reply = await send(server)
  expectUnsent(reply, 'vendor')
  expect(reply.text).toContain('UND_ERR_PROXY_DROPPED')
  expect(state).toMatchObject({ effects: 0, tunnels: 1 })
})

test('a connection whose TLS breaks after the request arrived: the outcome is unknown', async () => {
  const { server, state } = await farGateway()
  state.spoil = true
  const { text, error } = await send(server)
  expect(text).toMatch(/broke before the answer was complete.*not known/)
  expect(error).toMatchObject({ kind: 'unclear' })
  expect(state.effects).toBe(1)
})
