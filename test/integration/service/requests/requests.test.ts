import { connect } from 'node:net'
import { describe, expect } from 'vitest'
import { rawClient } from '../../../support/listener/client.ts'
import { revisions, sendHttp } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { publicUrl } from '../../../support/service/issuer.ts'

// What is refused before a handler runs, through the whole service.

const test = serviceTestOn()

const list = 'tools/list'
const limit = 10 * 1024 * 1024

describe('Host and Origin', () => {
  test.for<readonly [string, Readonly<Record<string, string | undefined>>, number]>([
    ['another host', { host: 'evil.example' }, 403],
    ['a name that leads here', { host: 'localhost.evil.example' }, 403],
    ['another port', { host: '127.0.0.1:1' }, 403],
    ['a page of another site', { origin: 'https://evil.example' }, 403],
    ['a page of a file', { origin: 'null' }, 403],
    ['a page of another port', { origin: 'http://localhost:1' }, 403],
    ['a request that a page of another site has made', { 'sec-fetch-site': 'cross-site' }, 403],
    ['an allowed page', { origin: 'https://app.example.com' }, 200],
    ['a program, by the public name', { host: 'mcp.example.com' }, 200],
    ['a program', {}, 200],
  ])('%s', async ([, headers, status], { serve, upstream }) => {
    const settings = { QUALYS_PUBLIC_URL: publicUrl, QUALYS_HTTP_ORIGINS: 'https://app.example.com' }
    const service = await serve({ settings })
    const answer = await service.client('ada').request(list, {}, { headers })
    expect(answer.status).toBe(status)
    expect(answer.headers['access-control-allow-origin']).toBe(
      headers['origin'] === 'https://app.example.com' ? 'https://app.example.com' : undefined,
    )
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    expect(await upstream()).toEqual([])
    if (status === 403)
      expect(await service.metrics()).toContain('qualys_mcp_http_refusals_total{reason="host"} 1')
  })

  test('a wrong Host is refused before the token is looked at, on every path but /healthz', async ({
    serve,
  }) => {
    const service = await serve()
    const client = service.client('x', { token: 'z'.repeat(40) })
    for (const path of ['/mcp', '/readyz', '/metrics', '/', '/.well-known/oauth-protected-resource'])
      expect((await client.post('', { path, headers: { host: 'evil.example' } })).status).toBe(403)
    const health = await client.post('', {
      path: '/healthz',
      method: 'GET',
      headers: { host: 'evil.example' },
    })
    expect([health.status, health.body]).toEqual([200, 'ok'])
  })
})

describe('paths and methods', () => {
  test.for([
    ['/', 404],
    ['/mcp/', 404],
    ['/MCP', 404],
    ['/mcp%2F', 404],
    ['/mcp/../mcp', 404],
    ['//mcp', 400],
    ['http://evil.example/mcp', 400],
    ['*', 400],
    ['/mcp?x=1', 200],
    ['/readyz', 403],
    ['/metrics', 403],
  ] as const)('%s is answered with %i', async ([path, status], { serve }) => {
    const client = (await serve()).client('ada')
    const answer = await client.post(client.messageOf(list), { path })
    expect(answer.status).toBe(status)
    if (status !== 200) expect(answer.error?.message).toMatch(/^[A-Z/].*\.$/)
  })

  test.for(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    '%s /mcp is answered with 405',
    async (method, { serve }) => {
      const answer = await (await serve()).client('ada').post('', { method })
      expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
    },
  )

  test('/readyz and /metrics are for admins, and say nothing to others', async ({ serve }) => {
    const service = await serve({
      callers: { root: { role: 'admin' }, ada: { role: ['viewer', 'operator', 'approver'] } },
    })
    for (const path of ['/readyz', '/metrics']) {
      const ask = (name: string, headers = {}) =>
        service.client(name).post('', { path, method: 'GET', headers })
      expect((await ask('root')).status).toBe(200)
      expect((await ask('ada')).status).toBe(403)
      expect((await ask('nobody')).status).toBe(401)
      expect((await ask('nobody', { authorization: undefined })).status).toBe(401)
    }
  })
})

describe('sizes and halves', () => {
  test('a body that is declared too large is refused before it is sent, and before the token is known', async ({
    serve,
  }) => {
    const service = await serve()
    for (const name of ['ada', 'nobody']) {
      const headers = {
        ...service.client(name).headersFor(list),
        'content-length': limit + 1,
        expect: '100-continue',
      }
      expect((await sendHttp(service.port, { headers, body: '' })).status).toBe(413)
    }
  })

  test.for(revisions)(
    '%s: a body that grows too large without saying so is refused',
    async (revision, { serve }) => {
      const service = await serve()
      const client = service.client('ada', { revision })
      const raw = rawClient(connect(service.port, '127.0.0.1'))
      const headers = {
        host: `127.0.0.1:${service.port}`,
        ...client.headersFor(list),
        'transfer-encoding': 'chunked',
      }
      raw.write(
        `POST /mcp HTTP/1.1\r\n${Object.entries(headers)
          .map((pair) => pair.join(': '))
          .join('\r\n')}\r\n\r\n`,
      )
      const chunk = 'x'.repeat(1024 * 1024)
      for (let sent = 0; sent <= 10; sent++) raw.write(`100000\r\n${chunk}\r\n`)
      expect(await raw.received(/^HTTP\/1\.1 \d+/)).toContain('HTTP/1.1 413')
    },
  )

  test('a connection that ends within a body leaves nothing behind', async ({ serve, upstream }) => {
    const service = await serve()
    const client = service.client('ada')
    const body = JSON.stringify(
      client.messageOf('tools/call', { name: 'car_list_script_types', arguments: {} }),
    )
    const headers = {
      host: `127.0.0.1:${service.port}`,
      ...client.headersFor('tools/call', { name: 'car_list_script_types' }),
      'content-length': body.length,
    }
    const raw = rawClient(connect(service.port, '127.0.0.1'))
    raw.write(
      `POST /mcp HTTP/1.1\r\n${Object.entries(headers)
        .map((pair) => pair.join(': '))
        .join('\r\n')}\r\n\r\n${body.slice(0, -1)}`,
    )
    await expect.poll(async () => service.metrics(), { interval: 10 }).toContain('qualys_mcp_connections 1')
    raw.socket.destroy()
    await expect
      .poll(() => service.lines().some(({ msg }) => msg === 'request ended'), { interval: 10 })
      .toBe(true)
    expect(service.lines().filter(({ level }) => level === 'error')).toEqual([])
    expect(await upstream()).toEqual([])
  })

  test.for(['text/plain', 'application/json; charset=utf-16', 'application/xml', undefined])(
    'a body of the type %s is refused',
    async (type, { serve }) => {
      const answer = await (await serve())
        .client('ada')
        .request(list, {}, { headers: { 'content-type': type } })
      expect(answer.status).toBe(415)
    },
  )

  test('a compressed body is refused', async ({ serve }) => {
    const answer = await (await serve())
      .client('ada')
      .request(list, {}, { headers: { 'content-encoding': 'gzip' } })
    expect(answer.status).toBe(415)
  })

  test('two lengths in one request are refused, and the connection ends', async ({ serve }) => {
    const service = await serve()
    const raw = rawClient(connect(service.port, '127.0.0.1'))
    raw.write(
      `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${service.port}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /mcp HTTP/1.1\r\n\r\n`,
    )
    expect(await raw.ended).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('versions and headers', () => {
  test.for<readonly [string, Readonly<Record<string, string | undefined>>]>([
    ['another method', { 'mcp-method': 'prompts/list' }],
    ['another name', { 'mcp-name': 'car_execute_script' }],
    ['another revision', { 'mcp-protocol-version': '2025-11-25' }],
    ['no revision', { 'mcp-protocol-version': undefined }],
    ['no method', { 'mcp-method': undefined }],
    ['no name', { 'mcp-name': undefined }],
  ])(
    'headers of 2026 that say %s than the body are refused, and nothing runs',
    async ([, headers], { serve, upstream }) => {
      const answer = await (await serve()).client('ada').call('car_list_script_types', {}, {}, { headers })
      expect([answer.status, answer.error?.code, answer.result]).toEqual([400, -32_020, undefined])
      expect(await upstream()).toEqual([])
    },
  )

  test('a revision that nobody speaks is refused with those that the service speaks', async ({ serve }) => {
    const client = (await serve()).client('ada')
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2030-01-01' }
    const headers = { 'mcp-protocol-version': '2030-01-01' }
    const answer = await client.request(list, { _meta }, { headers })
    expect([answer.status, answer.result]).toEqual([400, undefined])
    expect(JSON.stringify(answer.error)).toContain('2026-07-28')
    const legacy = (await serve()).client('ada', { revision: '2025-11-25' })
    const older = await legacy.request(list, {}, { headers: { 'mcp-protocol-version': '2023-01-01' } })
    expect([older.status, older.result]).toEqual([400, undefined])
  })

  test('an unknown method is an error of the protocol, in both revisions', async ({ serve }) => {
    const service = await serve()
    for (const revision of revisions)
      expect((await service.client('ada', { revision }).request('no/such')).error?.code).toBe(-32_601)
    expect(await service.metrics()).toContain('method="other"')
    expect(await service.metrics()).not.toContain('no/such')
  })

  test('a viewer who calls an effect in the name of a read is not helped by the headers', async ({
    serve,
    effects,
  }) => {
    const service = await serve({
      callers: { eve: { role: 'viewer' } },
      settings: { QUALYS_MODE: 'unattended' },
    })
    for (const revision of revisions) {
      const client = service.client('eve', { revision })
      const message = client.messageOf('tools/call', {
        name: 'car_clone_script',
        arguments: { scriptId: 61179 },
      })
      const answer = await client.post(message, { headers: { 'mcp-name': 'car_list_script_types' } })
      expect(answer.error).toBeDefined()
    }
    expect(await effects()).toEqual([])
  })
})
