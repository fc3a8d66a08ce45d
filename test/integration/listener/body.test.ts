import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { BodyError, type BodyLimits, readBody, refuseLargeBody } from '../../../src/service/network/body.ts'
import { refuse } from '../../../src/service/network/replies.ts'
import { ask, connectTo, statusesIn } from '../../support/listener/client.ts'
import { openService } from '../../support/listener/service.ts'
import { deferred } from '../../support/session/deferred.ts'

const json = { 'content-type': 'application/json' }
const head = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

/** A service that answers with the body, or refuses it; `failures` are what reading threw. */
async function openReader(limits: Partial<BodyLimits> = {}) {
  const failures: unknown[] = []
  const { port } = await openService({
    onRequest: (req, res) =>
      void readBody(req, res, { maxBytes: 1_000, timeoutMs: 60_000, ...limits }).then(
        (body) => res.end(body),
        (error: unknown) => {
          failures.push(error)
          if (error instanceof BodyError) refuse(res, error)
        },
      ),
  })
  return { port, failures }
}

const post = (port: number, body: string, headers: Record<string, string> = json) =>
  ask(port, { method: 'POST', headers, body })

describe('a body is read', () => {
  test.each([0, 1, 1_000])('of %i bytes', async (length) => {
    const { port } = await openReader()
    expect((await post(port, 'x'.repeat(length))).text).toBe('x'.repeat(length))
  })

  test('in chunks, and leaves the connection open', async () => {
    const { port } = await openReader()
    const { write, received } = connectTo(port)
    const chunks = `${head}Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n`
    write(chunks)
    write('4\r\n:12}\r\n0\r\n\r\n')
    await received(/\{"a":12\}$/)
    write(`${head}Content-Length: 2\r\n\r\n[]`)
    expect(statusesIn(await received(/\[\]$/))).toEqual([200, 200])
  })

  test.each(['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"'])(
    'as %s',
    async (type) => {
      const { port } = await openReader()
      expect((await post(port, '{}', { 'content-type': type })).status).toBe(200)
    },
  )
})

describe('a body is refused', () => {
  test.each([
    ['text/plain', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a type that begins like JSON', { 'content-type': 'application/jsonp' }],
    ['JSON in another encoding', { 'content-type': 'application/json; charset=utf-16' }],
    ['no type', {}],
    ['a compressed one', { ...json, 'content-encoding': 'gzip' }],
  ])('with 415 for %s', async (_name, headers) => {
    const { port } = await openReader()
    const answer = await post(port, '{}', headers)
    expect(answer.status).toBe(415)
    expect(answer.headers['connection']).toBe('close')
  })

  test('with 413 before a byte of it was sent, if it says that it is too large', async () => {
    const { port } = await openReader()
    const { write, received } = connectTo(port)
    write(`${head}Content-Length: 1001\r\n\r\n`)
    const text = await received(/\}$/)
    expect(statusesIn(text)).toEqual([413])
    expect(text).toContain('larger than 1000 bytes')
  })

  test('with 413 at the first byte too many, if it does not say', async () => {
    const { port } = await openReader()
    const { write, received } = connectTo(port)
    write(`${head}Transfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1_001)}\r\n`)
    // The rest never comes.
    expect(statusesIn(await received(/\}$/))).toEqual([413])
  })

  test('with an answer that reaches a client that sends all of it first', async () => {
    const { port } = await openReader()
    const body = 'x'.repeat(8 * 1024 * 1024)
    for (const more of [
      `Content-Length: ${body.length}\r\n\r\n${body}`,
      `Transfer-Encoding: chunked\r\n\r\n800000\r\n${body}\r\n0\r\n\r\n`,
    ]) {
      const { socket, received } = connectTo(port)
      socket.pause()
      // Fails if the connection is reset meanwhile.
      await new Promise<void>((resolve, reject) => {
        socket.write(head + more, (error) => (error ? reject(error) : resolve()))
      })
      socket.resume()
      expect(statusesIn(await received(/\}$/))).toEqual([413])
    }
  })

  test('with 408 if it takes too long', async () => {
    const { port } = await openReader({ timeoutMs: 100 })
    const { write, received } = connectTo(port)
    write(`${head}Content-Length: 10\r\n\r\n12345`)
    expect(statusesIn(await received(/\}$/))).toEqual([408])
  })

  test('with 400 if the client ends it half-way', async () => {
    const { port, failures } = await openReader()
    const { socket, write, ended } = connectTo(port)
    write(`${head}Content-Length: 10\r\n\r\n12345`)
    socket.end()
    expect(statusesIn(await ended)).toEqual([400])
    expect(failures).toEqual([expect.objectContaining({ status: 400 })])
  })

  test('with 400 if the connection breaks', async () => {
    const { port, failures } = await openReader()
    const { socket, write, received } = connectTo(port)
    write(`${head}Content-Length: 10\r\nExpect: 100-continue\r\n\r\n12345`)
    await received(/100 Continue/)
    socket.resetAndDestroy()
    await vi.waitFor(() => expect(failures).toEqual([expect.objectContaining({ status: 400 })]))
  })

  test('with 400 if the connection broke before it was read', async () => {
    const failures: unknown[] = []
    const { port } = await openService({
      onRequest: (req, res) => {
        req.on('error', () => undefined)
        req.on('close', () => {
          readBody(req, res, { maxBytes: 1_000, timeoutMs: 60_000 }).catch((error) => failures.push(error))
        })
        res.flushHeaders()
      },
    })
    const { socket, write, received } = connectTo(port)
    write(`${head}Content-Length: 10\r\n\r\n12345`)
    await received(/200 OK/)
    socket.resetAndDestroy()
    await vi.waitFor(() => expect(failures).toEqual([expect.objectContaining({ status: 400 })]))
  })

  test('with 503 once the service ends', async () => {
    const ending = new AbortController()
    const { port } = await openReader({ signal: ending.signal })
    const waiting = connectTo(port)
    waiting.write(`${head}Content-Length: 10\r\nExpect: 100-continue\r\n\r\n`)
    await waiting.received(/100 Continue/)
    ending.abort()
    expect(await waiting.ended).toMatch(/HTTP\/1\.1 503/)
    expect((await post(port, '{}')).status).toBe(503)
  })
})

describe('a client that waits for 100 Continue', () => {
  const waiting = `${head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`

  test('is told to go on only where its body is read', async () => {
    const known = deferred()
    const arrived = deferred()
    const { port } = await openService({
      onRequest: async (req, res) => {
        arrived.resolve()
        await known.promise
        res.end(await readBody(req, res, { maxBytes: 10, timeoutMs: 60_000 }))
      },
    })
    const { socket, write, received } = connectTo(port)
    write(waiting)
    await arrived.promise
    expect(socket.bytesRead).toBe(0)
    known.resolve()
    await received(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    write('[]')
    expect(statusesIn(await received(/\[\]$/))).toEqual([100, 200])
  })

  test('is told to go on after the answer to the request before its own', async () => {
    const known = deferred()
    const { port } = await openService({
      onRequest: async (req, res) => {
        const body = await readBody(req, res, { maxBytes: 10, timeoutMs: 60_000 })
        if (body.toString() === '1') await known.promise
        res.end(body)
      },
    })
    const { write, received } = connectTo(port)
    write(`${head}Content-Length: 1\r\n\r\n1${waiting}`)
    known.resolve()
    expect(statusesIn(await received(/100 Continue\r\n\r\n$/))).toEqual([200, 100])
    write('[]')
    expect(statusesIn(await received(/\[\]$/))).toEqual([200, 100, 200])
  })

  test('gets head and body of its answer together if it has not waited', async () => {
    const known = deferred()
    const { port } = await openService({
      onRequest: async (req, res) => {
        const body = await readBody(req, res, { maxBytes: 10, timeoutMs: 60_000 })
        if (body.toString() === '1') await known.promise
        res.end(body)
      },
    })
    const { write, received, socket } = connectTo(port)
    write(`${head}Content-Length: 1\r\n\r\n1${waiting}[]`)
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(0)
    // Were the second served at once, its answer would be ready by then.
    await pause(20)
    known.resolve()
    const text = await received(/\[\]$/)
    expect(text).toMatch(/100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n(?:[A-Z].*\r\n)+\r\n\[\]$/)
  })

  test('is refused without, at once', async () => {
    const isEnded: boolean[] = []
    const { port } = await openService({
      onRequest: (_req, res) => {
        refuse(res, { status: 401, sentence: 'Who are you?' })
        isEnded.push(res.writableEnded)
      },
    })
    const { write, ended } = connectTo(port)
    write(waiting)
    expect(statusesIn(await ended)).toEqual([401])
    expect(isEnded).toEqual([true])
  })

  test('is refused without for what it says of its body', async () => {
    const { port } = await openReader({ maxBytes: 1 })
    const { write, ended } = connectTo(port)
    write(waiting)
    expect(statusesIn(await ended)).toEqual([413])
  })
})

test('the size that a request says is checked without reading', () => {
  expect(() => refuseLargeBody({ headers: { 'content-length': '11' } }, 10)).toThrow(BodyError)
  expect(() => refuseLargeBody({ headers: { 'content-length': '10' } }, 10)).not.toThrow()
  expect(() => refuseLargeBody({ headers: {} }, 10)).not.toThrow()
})

describe('a refused request', () => {
  test('keeps its connection if it has no body', async () => {
    const { port } = await openService({
      onRequest: (_req, res) => refuse(res, { status: 403, sentence: 'No.' }),
    })
    const { write, received } = connectTo(port)
    write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await received(/\}$/)
    write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(statusesIn(await received(/(?:HTTP(?:.|\s)+){2}\}$/))).toEqual([403, 403])
  })

  test('loses it if its body is unread, even if the client goes on sending', async () => {
    const { port } = await openService({
      onRequest: (_req, res) => refuse(res, { status: 403, sentence: 'No.' }),
    })
    const { socket, write, ended } = connectTo(port)
    write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
    const timer = setInterval(() => write('1\r\nx\r\n'), 20)
    socket.on('close', () => clearInterval(timer))
    const text = await ended
    expect(statusesIn(text)).toEqual([403])
    expect(text).toMatch(/^connection: close\r$/im)
  })
})
