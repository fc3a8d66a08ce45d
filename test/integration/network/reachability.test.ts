import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failureOf, readOnce, remoteHost, stubDns } from '../../support/network/caller.ts'
import { listening, noRows, withLogin } from '../../support/session/gateway.ts'
import { passNetworkTime } from '../../support/waiting/fake-time.ts'
import { gatewayFor } from '../../support/waiting/gateway.ts'

// Hosts that cannot be reached, each in its own way, and those that can.
const rows = expect.objectContaining({ rows: [] })

/** A port where nothing listens. */
async function freePort(): Promise<number> {
  const { port, close } = await listening(createHttpServer())
  await close()
  return port
}

/** A gateway on these addresses; undefined if this machine does not have one of them. */
async function gatewayOn(host: string, port = 0): Promise<number | undefined> {
  const server = createHttpServer(withLogin((_request, response) => void response.end(noRows)))
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, host, () => resolve(true))
  })
  if (!listens) return undefined
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

/** A port that neither accepts nor refuses connections: its owner sleeps, and its queue is full. */
async function deafPort(): Promise<number> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port)
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
     })`,
    { eval: true },
  )
  const [port] = (await once(worker, 'message')) as [number]
  const fillers: Socket[] = Array.from({ length: 8 }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  )
  await once(fillers[1] ?? worker, 'connect')
  onTestFinished(async () => {
    for (const socket of fillers) socket.destroy()
    await worker.terminate()
  })
  return port
}

describe('each failure has its own setup error that names the host', () => {
  test('its name is unknown', async () => {
    stubDns({})
    const { kind, text } = await failureOf(readOnce(`https://${remoteHost}`))
    expect(kind).toBe('setup')
    expect(text).toContain(remoteHost)
    expect(text).toMatch(/name is not known/)
    expect(text).toMatch(/QUALYS_PLATFORM|platform/)
  })

  test('its name is unknown, with the resolver error of this machine', async () => {
    const { kind, text } = await failureOf(readOnce('https://name.invalid'))
    expect(kind).toBe('setup')
    expect(text).toMatch(/name\.invalid.*name/)
    expect(text).not.toMatch(/nothing answers/)
  })

  test('nothing listens there', async () => {
    const port = await freePort()
    const { kind, text } = await failureOf(readOnce(`http://127.0.0.1:${port}`))
    expect(kind).toBe('setup')
    expect(text).toContain(`127.0.0.1:${port}`)
    expect(text).toMatch(/refuse|nothing listens/)
    expect(text).not.toMatch(/name is not known|TIMEOUT_SECONDS/)
  })

  test.each([
    ['no connection comes about', async () => `http://127.0.0.1:${await deafPort()}`],
    [
      'TLS never begins',
      async () => {
        const held: Socket[] = []
        const server = createServer((socket) => void held.push(socket.on('error', () => undefined)))
        await once(server.listen(0, '127.0.0.1'), 'listening')
        onTestFinished(() => {
          server.close()
          for (const socket of held) socket.destroy()
        })
        return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
      },
    ],
  ])('%s: the connect time-out is reported, with its setting', async (_name, address) => {
    const url = await address()
    const begins = (): void => void setImmediate(() => passNetworkTime(1_000))
    subscribe('undici:client:beforeConnect', begins)
    onTestFinished(() => void unsubscribe('undici:client:beforeConnect', begins))
    const { kind, text } = await failureOf(readOnce(url, { QUALYS_CONNECT_TIMEOUT_SECONDS: '1' }))
    expect(kind).toBe('setup')
    expect(text).toContain(url)
    expect(text).toMatch(/\b1 s\b/)
    expect(text).toContain('QUALYS_CONNECT_TIMEOUT_SECONDS')
    expect(text).not.toMatch(/refuse|name is not known/)
  })

  test('it hangs up before TLS begins: not reported as a certificate problem', async () => {
    const server = createServer((socket) => void socket.on('error', () => undefined).destroy())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const { text } = await failureOf(readOnce(`https://127.0.0.1:${(server.address() as AddressInfo).port}`))
    expect(text).not.toMatch(/is not trusted|QUALYS_CA_FILE/)
  })
})

describe('IPv4 and IPv6', () => {
  test('IPv6 by its address', async ({ skip }) => {
    const port = await gatewayOn('::1')
    if (port === undefined) return skip('this machine has no ::1')
    await expect(readOnce(`http://[::1]:${port}`)).resolves.toEqual(rows)
  })

  test.for([
    { name: 'the first refuses', listens: '127.0.0.1', addresses: ['::1', '127.0.0.1'] },
    { name: 'the second refuses', listens: '127.0.0.1', addresses: ['127.0.0.1', '::1'] },
    { name: 'only IPv6 answers', listens: '::1', addresses: ['127.0.0.1', '::1'] },
  ])('a name with both, where $name', async ({ listens, addresses }, { skip }) => {
    const port = await gatewayOn(listens)
    if (port === undefined) return skip('this machine has no ::1')
    stubDns({ localhost: addresses })
    await expect(readOnce(`http://localhost:${port}`)).resolves.toEqual(rows)
  })

  test('a name with both, where both refuse: reported as one refusal', async () => {
    const port = await freePort()
    stubDns({ localhost: ['::1', '127.0.0.1'] })
    const { kind, text } = await failureOf(readOnce(`http://localhost:${port}`))
    expect(kind).toBe('setup')
    expect(text).toMatch(/refuse|nothing listens/)
    expect(text).not.toMatch(/unexpected|AggregateError/)
  })
})

describe('redirects', () => {
  test.each([302, 307])('%i is followed neither to another host nor to the same one', async (status) => {
    const seen: string[] = []
    const elsewhere = await gatewayFor(({ url = '' }, response) => {
      seen.push(`elsewhere ${url}`)
      response.end(noRows)
    })
    for (const location of [`${elsewhere.gatewayUrl}/sm/v1/script-types`, '/sm/v1/script-language']) {
      const here = await gatewayFor(({ url = '' }, response) => {
        seen.push(url)
        response.writeHead(status, { location }).end()
      })
      const { kind, text } = await failureOf(readOnce(here.gatewayUrl))
      expect(kind).toBe('setup')
      expect(text).toMatch(/redirects.*refused/)
    }
    expect(seen).toEqual(['/sm/v1/script-types', '/sm/v1/script-types'])
  })

  test('a login is not redirected, nor are its credentials', async () => {
    const bodies: string[] = []
    const elsewhere = await gatewayFor(
      () => undefined,
      (request, response) => {
        request.on('data', (chunk) => bodies.push(String(chunk)))
        response.writeHead(201).end('header.payload.signature')
      },
    )
    const here = await gatewayFor(
      () => undefined,
      (_request, response) =>
        void response.writeHead(307, { location: `${elsewhere.gatewayUrl}/auth` }).end(),
    )
    const { kind } = await failureOf(readOnce(here.gatewayUrl))
    expect(kind).toBe('setup')
    expect(bodies).toEqual([])
  })
})
