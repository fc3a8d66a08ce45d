import { describe, expect, test } from 'vitest'
import { networks } from '../../../src/config/service/parsers.ts'
import { answerPreflight, corsHeaders } from '../../../src/service/network/cors.ts'
import { clientAddress, proxiesIn } from '../../../src/service/network/forwarded.ts'
import { hostCheck } from '../../../src/service/network/host-check.ts'
import { refuse } from '../../../src/service/network/replies.ts'
import { ask, connectTo } from '../../support/listener/client.ts'
import { openService } from '../../support/listener/service.ts'

describe('behind a proxy', () => {
  const behindProxy = networks.parse('::1')

  test('connections from its addresses alone are served', async () => {
    const { port, lines } = await openService({ host: 'localhost', behindProxy })
    expect((await ask(port, { host: '::1' })).text).toBe('ok')
    const { write, ended } = connectTo(port, '127.0.0.1')
    write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await ended).toBe('')
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        address: '127.0.0.1',
        msg: expect.stringContaining('QUALYS_BEHIND_PROXY'),
      }),
    ])
  })

  test('strangers take no place', async () => {
    const { port } = await openService({ host: 'localhost', behindProxy, maxConnections: 1 })
    for (let stranger = 0; stranger < 3; stranger++) await connectTo(port, '127.0.0.1').ended
    expect((await ask(port, { host: '::1' })).text).toBe('ok')
  })

  test('the address of the client is the one that it forwards', async () => {
    const isProxy = proxiesIn(behindProxy)
    const { port } = await openService({
      host: 'localhost',
      onRequest: (req, res) => void res.end(clientAddress(req, isProxy)),
    })
    const headers = { 'x-forwarded-for': ['198.51.100.1', '203.0.113.5'] }
    expect((await ask(port, { host: '::1', headers })).text).toBe('203.0.113.5')
    expect((await ask(port, { host: '127.0.0.1', headers })).text).toBe('127.0.0.1')
  })
})

test('a page whose name leads to this machine is refused, with the headers as Node reads them', async () => {
  let check: ReturnType<typeof hostCheck> | undefined
  const { port } = await openService({
    onRequest: (req, res) => {
      const refusal = check?.(req)
      if (refusal) refuse(res, refusal)
      else res.end('ok')
    },
  })
  check = hostCheck({ host: '127.0.0.1', port, tls: false })
  expect((await ask(port)).text).toBe('ok')
  expect((await ask(port, { headers: { host: `evil.example:${port}` } })).status).toBe(403)
  expect((await ask(port, { headers: { origin: 'http://evil.example' } })).status).toBe(403)
  const { write, ended } = connectTo(port)
  const host = `Host: 127.0.0.1:${port}\r\n`
  write(`GET / HTTP/1.1\r\n${host}${host}Connection: close\r\n\r\n`)
  expect(await ended).toMatch(/^HTTP\/1\.1 400/)
})

describe('a preflight', () => {
  const allowed = ['https://inspector.example.com']
  const asks = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,mcp-protocol-version',
  }
  const open = () =>
    openService({
      onRequest: (req, res) => {
        if (!answerPreflight(req, res, allowed))
          res.writeHead(405, corsHeaders(req.headers.origin, allowed)).end()
      },
    })

  test('of an origin that the operator names is answered', async () => {
    const { port } = await open()
    const { status, headers } = await ask(port, {
      method: 'OPTIONS',
      headers: { origin: 'https://inspector.example.com', ...asks },
    })
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://inspector.example.com',
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization,mcp-protocol-version',
      vary: expect.stringContaining('Origin'),
    })
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  test.each([
    ['of another origin', 'OPTIONS', { origin: 'https://evil.example', ...asks }],
    ['without an origin', 'OPTIONS', asks],
    ['that asks for no method', 'OPTIONS', { origin: 'https://inspector.example.com' }],
    ['of another method', 'POST', { origin: 'https://inspector.example.com', ...asks }],
  ])('%s is not', async (_name, method, headers) => {
    const { port } = await open()
    const answer = await ask(port, { method, headers })
    expect(answer.status).toBe(405)
    expect(answer.headers).not.toHaveProperty('access-control-allow-methods')
  })
})
