import { describe, expect, test } from 'vitest'
import { readBody } from '../../../src/service/network/body.ts'
import { ask, connectTo, statusesIn } from '../../support/listener/client.ts'
import { openService, shortTimeouts } from '../../support/listener/service.ts'

describe('a client is not waited for', () => {
  const headersAlone = { ...shortTimeouts, request: 60_000 }

  test('if it sends nothing', async () => {
    const { port } = await openService({ timeouts: headersAlone })
    expect(statusesIn(await connectTo(port).ended)).toEqual([408])
  })

  test('if it sends its headers slowly, however steadily', async () => {
    const { port } = await openService({ timeouts: headersAlone })
    const { write, ended, socket } = connectTo(port)
    write('GET / HTTP/1.1\r\nHost: localhost\r\n')
    const timer = setInterval(() => write('X: x\r\n'), 20)
    socket.on('close', () => clearInterval(timer))
    expect(statusesIn(await ended)).toEqual([408])
  })

  test('if it sends its body slowly, and nobody limits the reading', async () => {
    const { port } = await openService({
      timeouts: shortTimeouts,
      onRequest: (req, res) =>
        void readBody(req, res, { maxBytes: 1_000, timeoutMs: 60_000 }).then(
          () => res.end('ok'),
          () => undefined,
        ),
    })
    const { write, ended, socket } = connectTo(port)
    write(
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n',
    )
    const timer = setInterval(() => write(' '), 20)
    socket.on('close', () => clearInterval(timer))
    expect(statusesIn(await ended)).toEqual([408])
  })
})

test('2,000 silent connections leave the service usable once they are dropped', async () => {
  const { port, lines } = await openService({
    host: 'localhost',
    maxConnections: 200,
    timeouts: { ...shortTimeouts, headers: 1_000, request: 1_000 },
  })
  const ended: Promise<string>[] = []
  // In portions, since the system queues a few hundred.
  for (let portion = 0; portion < 20; portion++) {
    const clients = Array.from({ length: 100 }, (_, index) =>
      connectTo(port, index % 2 === 0 ? '127.0.0.1' : '::1'),
    )
    ended.push(...clients.map((client) => client.ended))
    await Promise.all(
      clients.map(
        ({ socket }) => new Promise((resolve) => void socket.once('connect', resolve).once('close', resolve)),
      ),
    )
  }
  const texts = await Promise.all(ended)
  const timedOut = texts.filter((text) => statusesIn(text)[0] === 408)
  // As many as may be open were waited for; the rest got nothing.
  expect(timedOut.length).toBeGreaterThanOrEqual(200)
  expect(timedOut.length).toBeLessThan(2_000)
  expect(texts.filter((text) => text === '')).toHaveLength(2_000 - timedOut.length)
  expect((await ask(port)).text).toBe('ok')
  const dropped = lines.filter(({ msg }) => msg.includes('QUALYS_MAX_CONNECTIONS'))
  expect(dropped).toEqual([expect.objectContaining({ level: 'warn', maxConnections: 200, times: 1 })])
})

test('dropped connections are logged once a minute, with their number', async () => {
  const clock = { now: 1_000 }
  const { port, lines } = await openService({ maxConnections: 1, now: () => clock.now })
  const first = connectTo(port)
  first.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await first.received(/ok$/)
  for (let dropped = 0; dropped < 3; dropped++) await connectTo(port).ended
  clock.now += 60_000
  for (let dropped = 0; dropped < 2; dropped++) await connectTo(port).ended
  expect(lines.map(({ times }) => times)).toEqual([1, 3])
})
