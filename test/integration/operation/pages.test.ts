import { request } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OperationSources } from '../../../src/service/operation/health.ts'
import {
  type OperationServer,
  startOperationServer,
} from '../../../src/service/operation/operation-server.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { openLines } from '../../support/operation/log-lines.ts'
import { openTestMetrics } from '../../support/operation/metric-sources.ts'
import { parseScrape, seriesValue } from '../../support/operation/samples.ts'

// /healthz, /readyz and /metrics over HTTP.

/** True if this machine has the loopback address of IPv6. */
const hasIpv6 = await new Promise<boolean>((resolve) => {
  const probe = createServer()
  probe.once('error', () => resolve(false))
  probe.listen(0, '::1', () => probe.close(() => resolve(true)))
})

/** A server of these pages on a free port. */
async function start(sources: Partial<OperationSources> = {}, host = '127.0.0.1'): Promise<OperationServer> {
  const metrics = sources.metrics ?? (await openTestMetrics())
  const server = await startOperationServer({
    checks: [],
    log: silentLog,
    ...sources,
    metrics,
    host,
    port: 0,
  })
  onTestFinished(() => server.close())
  return server
}

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** What the server answers; it is asked by a path as it stands, which may be no path. */
function ask(
  { port }: OperationServer,
  path: string,
  options: {
    readonly method?: string
    readonly host?: string
    readonly headers?: Record<string, string>
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false, ...options }, (response) => {
      let body = ''
      response.on('error', reject)
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('/healthz', () => {
  test('says ok, and nothing else', async () => {
    const server = await start({ checks: [() => 'it is draining'] })
    expect(await ask(server, '/healthz')).toMatchObject({
      status: 200,
      body: 'ok',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    })
  })
})

describe('/readyz', () => {
  test('says ready, or what is wrong, as it is now', async () => {
    const reasons: (string | undefined)[] = [undefined, undefined]
    const server = await start({ checks: [() => reasons[0], () => reasons[1]] })
    expect(await ask(server, '/readyz')).toMatchObject({
      status: 200,
      body: '{"status":"ready"}',
      headers: { 'content-type': 'application/json' },
    })
    reasons[1] = 'The callers file is damaged.'
    const answer = await ask(server, '/readyz')
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body)).toEqual({
      status: 'not ready',
      reasons: ['The callers file is damaged.'],
    })
    reasons[0] = 'The service\nis draining.'
    expect(JSON.parse((await ask(server, '/readyz')).body).reasons).toEqual([
      'The service is draining.',
      'The callers file is damaged.',
    ])
  })

  test('counts a check that fails as a reason, and logs why', async () => {
    const { log, lines } = openLines()
    const fail = (): never => {
      throw new Error('EIO: /secret/path')
    }
    const server = await start({ checks: [fail, () => 'The certificate is over.'], log })
    const answer = await ask(server, '/readyz')
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body).reasons).toEqual(['a check failed', 'The certificate is over.'])
    expect(lines()).toMatchObject([{ level: 'error', error: 'EIO: /secret/path' }])
  })
})

describe('/metrics', () => {
  test('is what Prometheus reads, line by line', async () => {
    const metrics = await openTestMetrics({ ofProcess: true, waiting: () => 3 })
    metrics.operation({ method: 'tools/call', tool: 'car_search_jobs', outcome: 'ok', ms: 30 })
    metrics.httpRequest({ route: 'mcp', status: 200 })
    const server = await start({ metrics })
    const { status, headers, body } = await ask(server, '/metrics')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    const scrape = parseScrape(body)
    expect(seriesValue(scrape, 'qualys_mcp_approvals_waiting')).toBe(3)
    expect(seriesValue(scrape, 'qualys_mcp_http_requests_total', { route: 'mcp', status: '2xx' })).toBe(1)
    expect(seriesValue(scrape, 'qualys_mcp_operation_duration_seconds_count')).toBe(1)
    expect(seriesValue(scrape, 'process_start_time_seconds')).toBeGreaterThan(1.7e9)
  })

  test('that fails is 500, and the log says why', async () => {
    const { log, lines } = openLines()
    const metrics = { text: () => Promise.reject(new Error('no memory for it')) }
    const answer = await ask(await start({ metrics, log }), '/metrics')
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('no memory')
    expect(lines()).toMatchObject([{ error: 'no memory for it' }])
  })
})

describe('the server', () => {
  test.each(['/healthz', '/readyz', '/metrics'])(
    'answers HEAD for %s like GET, without a body',
    async (path) => {
      const server = await start()
      const [get, head] = [await ask(server, path), await ask(server, path, { method: 'HEAD' })]
      expect(head).toMatchObject({ status: 200, body: '' })
      expect(head.headers['content-type']).toBe(get.headers['content-type'])
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(get.body)))
    },
  )

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])(
    'refuses %s, and names what it takes',
    async (method) => {
      // The body of such a request is not read, so its connection ends.
      const answer = await ask(await start(), '/healthz', { method, headers: { connection: 'keep-alive' } })
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD', connection: 'close' } })
    },
  )

  test.each(['/', '/mcp', '/healthz/', '//healthz', '/HEALTHZ', '/../metrics', '*', '/metrics/../healthz'])(
    'knows no %s',
    async (path) => {
      expect(await ask(await start(), path)).toMatchObject({ status: 404, body: 'Not found.\n' })
    },
  )

  test('leaves out the query', async () => {
    expect(await ask(await start(), '/healthz?verbose=1')).toMatchObject({ status: 200, body: 'ok' })
  })

  test('answers by whatever name it is called', async () => {
    const server = await start()
    for (const host of ['10.1.2.3:9464', 'evil.example.com'])
      expect(await ask(server, '/healthz', { headers: { host } })).toMatchObject({ status: 200 })
  })

  test('takes 100 connections, and closes those beyond', async () => {
    const server = await start()
    const open = async (): Promise<Socket> => {
      const socket = connect(server.port, '127.0.0.1')
      // The one that is closed may be reset.
      socket.on('error', () => undefined)
      onTestFinished(() => void socket.destroy())
      await new Promise((resolve) => socket.once('connect', resolve))
      return socket
    }
    const sockets = await Promise.all(Array.from({ length: 100 }, open))
    const last = await open()
    let received = ''
    last.on('data', (part) => {
      received += part
    })
    await new Promise((resolve) => last.once('close', resolve))
    // Those that stay silent are answered with 408, after seconds.
    expect(received).toBe('')
    expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([])
  })

  test('ends, with the connections that are open', async () => {
    const server = await start()
    const socket = connect(server.port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const ended = new Promise((resolve) => socket.once('close', resolve))
    await server.close()
    await ended
    await expect(ask(server, '/healthz')).rejects.toThrow(/ECONNREFUSED/)
  })
})

describe('where it listens', () => {
  test('localhost is each loopback address, with one port', async () => {
    const server = await start({}, 'localhost')
    const hosts = hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']
    for (const host of hosts) expect(await ask(server, '/healthz', { host })).toMatchObject({ status: 200 })
  })

  test('an address is that one alone', async () => {
    const server = await start({}, '127.0.0.1')
    expect(await ask(server, '/healthz')).toMatchObject({ status: 200 })
    await expect(ask(server, '/healthz', { host: '::1' })).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/)
  })

  /** What a start says that cannot listen. */
  const refusalOf = async (host: string, port: number): Promise<unknown> =>
    startOperationServer({ checks: [], metrics: await openTestMetrics(), log: silentLog, host, port }).then(
      () => 'not refused',
      (error: unknown) => error,
    )

  test.for(['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])(
    'a port that is taken on %s is refused',
    async (host) => {
      const taken = await new Promise<Server>((resolve) => {
        const server = createServer().listen(0, host, () => resolve(server))
      })
      onTestFinished(() => void taken.close())
      const { port } = taken.address() as { readonly port: number }
      expect(await refusalOf('localhost', port)).toMatchObject({
        name: 'Error',
        message: expect.stringMatching(
          new RegExp(
            `at localhost, port ${port} \\(QUALYS_METRICS_HOST, QUALYS_METRICS_PORT\\), since another program`,
          ),
        ),
      })
    },
  )

  test('an address of another machine is refused', async () => {
    expect(await refusalOf('192.0.2.1', 0)).toMatchObject({
      message: expect.stringContaining('this machine has no such address'),
    })
  })
})
