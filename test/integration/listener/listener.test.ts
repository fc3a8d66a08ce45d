import { createServer, Server } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { refuse } from '../../../src/service/network/replies.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { ask, connectTo, type RawClient, statusesIn } from '../../support/listener/client.ts'
import { openService, shortTimeouts } from '../../support/listener/service.ts'
import { deferred } from '../../support/session/deferred.ts'

/** Has listening on an address fail with this code, so many times, after some work that gets the port. */
function failListening(
  address: string,
  code: string,
  times = Number.POSITIVE_INFINITY,
  before: (port: number) => Promise<void> = async () => undefined,
): void {
  const { listen } = Server.prototype
  const error = Object.assign(new Error(`listen ${code}`), { code })
  let left = times
  const spy = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (
    this: Server,
    ...all: unknown[]
  ) {
    if (all[1] !== address || left-- <= 0) return Reflect.apply(listen, this, all)
    setImmediate(() => void before(Number(all[0])).then(() => this.emit('error', error)))
    return this
  })
  onTestFinished(() => spy.mockRestore())
}

/** Listens there until the test ends; the port. */
async function occupy(host: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}

describe('localhost', () => {
  test('is both loopback addresses on one port', async () => {
    const { addresses, port } = await openService({ host: 'localhost' })
    expect(addresses).toEqual([
      { address: '127.0.0.1', port },
      { address: '::1', port },
    ])
    for (const { address } of addresses) expect((await ask(port, { host: address })).text).toBe('ok')
  })

  test('takes another free port if the first one is taken on the other address', async () => {
    failListening('::1', 'EADDRINUSE', 3)
    const { addresses, port } = await openService({ host: 'localhost' })
    expect(addresses).toHaveLength(2)
    expect((await ask(port, { host: '::1' })).text).toBe('ok')
  })

  test('gives up if no port is free on both', async () => {
    failListening('::1', 'EADDRINUSE')
    await expect(openService({ host: 'localhost' })).rejects.toThrow(/free on both.*QUALYS_HTTP_PORT/)
  })

  test('drops who has connected to a port that it does not take', async () => {
    const clients: RawClient[] = []
    failListening('::1', 'EADDRINUSE', 1, async (port) => {
      const client = connectTo(port)
      clients.push(client)
      await new Promise((resolve) => client.socket.once('connect', resolve))
    })
    const { port } = await openService({ host: 'localhost' })
    expect(await clients[0]?.ended).toBe('')
    expect((await ask(port)).text).toBe('ok')
  })

  test.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])(
    'is 127.0.0.1 alone where ::1 is missing (%s)',
    async (code) => {
      failListening('::1', code)
      const { addresses, port } = await openService({ host: 'localhost' })
      expect(addresses).toEqual([{ address: '127.0.0.1', port }])
      expect((await ask(port)).text).toBe('ok')
    },
  )

  test('shares one number of connections', async () => {
    const { port } = await openService({ host: 'localhost', maxConnections: 2 })
    for (const other of ['127.0.0.1', '::1']) {
      const first = connectTo(port, '127.0.0.1')
      const second = connectTo(port, other)
      for (const { write, received } of [first, second]) {
        write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
        await received(/ok$/)
      }
      expect(await connectTo(port, '127.0.0.1').ended).toBe('')
      expect(await connectTo(port, '::1').ended).toBe('')
      first.socket.destroy()
      await vi.waitFor(async () => expect((await ask(port, { host: '::1' })).text).toBe('ok'))
      second.socket.destroy()
      await vi.waitFor(async () => expect((await ask(port, { host: '127.0.0.1' })).text).toBe('ok'))
    }
  })
})

describe('an address that cannot be used is refused with what to set', () => {
  test.each(['127.0.0.1', '::1'])('a port that is taken on %s', async (host) => {
    const port = await occupy(host)
    const opening = openService({ host: 'localhost', port })
    await expect(opening).rejects.toThrow(SettingsError)
    await expect(opening).rejects.toThrow(new RegExp(`Port ${port} is in use.*QUALYS_HTTP_PORT \\(--port\\)`))
    // Nothing is left behind on the other one.
    const other = await openService({ host: host === '::1' ? '127.0.0.1' : '::1', port })
    expect(other.port).toBe(port)
  })

  test('a port of other settings', async () => {
    const port = await occupy('127.0.0.1')
    const names = { host: 'QUALYS_METRICS_HOST', port: 'QUALYS_METRICS_PORT' }
    await expect(openService({ port, names })).rejects.toThrow(/QUALYS_METRICS_PORT/)
  })

  test('an address of another machine', async () => {
    await expect(openService({ host: '203.0.113.9' })).rejects.toThrow(
      /203\.0\.113\.9 is no address of this machine.*QUALYS_HTTP_HOST/,
    )
  })

  test('a port for root', async () => {
    failListening('127.0.0.1', 'EACCES')
    await expect(openService({ port: 443 })).rejects.toThrow(/443 is for root.*QUALYS_HTTP_PORT/)
  })
})

describe('a connection', () => {
  test('stays open for the next request', async () => {
    const { port } = await openService()
    const { write, received } = connectTo(port)
    write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await received(/ok$/)).toMatch(/^Keep-Alive: timeout=70\r$/m)
    write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(statusesIn(await received(/ok(?:.|\s)+ok$/))).toEqual([200, 200])
  })

  test('that breaks with requests behind each other does not end the process', async () => {
    // Node ends it by an assertion, outside of any test, if they are served at once.
    const { port } = await openService({
      onRequest: (_req, res) => refuse(res, { status: 404, sentence: 'Nothing.' }),
    })
    const posts = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello'.repeat(3)
    for (let turn = 0; turn < 200; turn++) {
      const { socket, ended } = connectTo(port)
      socket.once('connect', () => {
        socket.write(posts)
        if (turn % 2 === 0) setTimeout(() => socket.write(posts), 1)
        setImmediate(() => socket.resetAndDestroy())
      })
      await ended
    }
    expect((await ask(port)).status).toBe(404)
  })

  test('is not ended while a response streams longer than all times', async () => {
    const { port } = await openService({
      timeouts: { ...shortTimeouts, keepAlive: 100 },
      onRequest: (_req, res) => {
        res.write('begin ')
        setTimeout(() => res.end('end'), 800)
      },
    })
    expect((await ask(port)).text).toBe('begin end')
  })

  test.each([
    ['is malformed', 'nonsense\r\n\r\n', 400],
    ['has no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['has two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['has headers over 16 KiB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
    [
      'expects what is not known',
      'GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n',
      417,
    ],
  ])('ends after a request that %s', async (_name, request, status) => {
    const { port } = await openService()
    const { write, ended } = connectTo(port)
    write(request)
    expect(statusesIn(await ended)).toEqual([status])
  })

  test('has every header read, however many', async () => {
    const { port } = await openService({ onRequest: ({ headers }, res) => void res.end(headers['x-last']) })
    const many = Array.from({ length: 2_500 }, () => 'a:\r\n').join('')
    const { write, ended } = connectTo(port)
    write(`GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${many}X-Last: seen\r\n\r\n`)
    expect(await ended).toMatch(/seen$/)
  })
})

test('a connection that the system does not accept is logged, and the service goes on', async () => {
  const spy = vi.spyOn(Server.prototype, 'listen')
  onTestFinished(() => spy.mockRestore())
  const { port, lines } = await openService()
  for (const server of spy.mock.contexts as Server[]) server.emit('error', new Error('accept EMFILE'))
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', error: 'accept EMFILE' })])
  expect((await ask(port)).text).toBe('ok')
})

describe('the end', () => {
  test('lets requests finish, and makes later ones the last of their connection', async () => {
    const started = deferred()
    const release = deferred()
    const { port, endKeepAlive } = await openService({
      onRequest: async ({ url }, res) => {
        if (url === '/slow') {
          started.resolve()
          await release.promise
        }
        res.end('ok')
      },
    })
    const idle = connectTo(port)
    idle.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await idle.received(/ok$/)
    const slow = ask(port, { path: '/slow' })
    await started.promise
    endKeepAlive()
    idle.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(statusesIn(await idle.ended)).toEqual([200, 200])
    release.resolve()
    expect((await slow).text).toBe('ok')
    const last = connectTo(port)
    last.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await last.ended).toMatch(/^Connection: close\r$/im)
  })

  test('ends every connection at once, and frees the port', async () => {
    const { port, close } = await openService({ onRequest: (_req, res) => void res.write('begin') })
    const [silent, streaming] = [connectTo(port), connectTo(port)]
    streaming.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await streaming.received(/begin/)
    await close()
    expect(await silent.ended).toBe('')
    expect(await streaming.ended).toMatch(/begin/)
    await expect(ask(port)).rejects.toThrow(/ECONNREFUSED/)
    expect((await openService({ port })).port).toBe(port)
  })
})

test('a refusal is an error of JSON-RPC that nobody keeps', async () => {
  const { port } = await openService({
    onRequest: (_req, res) =>
      refuse(res, { status: 429, sentence: 'Wait.', headers: { 'retry-after': '7' } }),
  })
  const { status, headers, text } = await ask(port)
  expect(status).toBe(429)
  expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', error: { code: -32000, message: 'Wait.' }, id: null })
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'retry-after': '7',
  })
})
