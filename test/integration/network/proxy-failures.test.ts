import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { describe, expect, onTestFinished } from 'vitest'
import { listScriptTypes } from '../../../src/operations/car/scripts.ts'
import { failureOf, readOnce, remoteHost, sessionAt, stubDns } from '../../support/network/caller.ts'
import { deferred, listening } from '../../support/session/gateway.ts'
import { holdDeadlines, passNetworkTime, skipPauses } from '../../support/waiting/fake-time.ts'
import { basic, rows, test } from './network.ts'
import { type ProxyServer, refusing } from './proxy-server.ts'

// Proxies that open no tunnel, each in its own way, and the error for each.

describe('a proxy that refuses is named, without its credentials', () => {
  /** The sentence is about the proxy, and contains no secret. */
  async function blames(call: Promise<unknown>, address: string): Promise<{ kind: unknown; text: string }> {
    const { kind, text } = await failureOf(call)
    expect(text).toMatch(/proxy/i)
    expect(text).toContain(address)
    for (const secret of ['p%2Bs', 'p+s:s', 'door%40', basic, 'not the password'])
      expect(text).not.toContain(secret)
    expect(text).not.toMatch(/Qualys (refuses|limits|failed)/)
    return { kind, text }
  }
  const at = ({ port }: ProxyServer): string => `127.0.0.1:${port}`

  test.for([
    ['407 Proxy Authentication Required', /user name|password|credentials/],
    ['403 Forbidden', /lets? .*through|allow/],
    ['502 Bad Gateway', /502/],
    ['503 Service Unavailable', /503/],
    ['301 Moved Permanently', /301/],
  ] as const)('%s', async ([status, says], { proxy, withPassword, through }) => {
    proxy.instead = refusing(status)
    const { kind, text } = await blames(through({ HTTPS_PROXY: withPassword }), at(proxy))
    expect(text).toContain(status.slice(0, 3))
    expect(text).toMatch(says)
    expect(kind).toMatch(status.startsWith('5') ? /vendor|setup/ : 'setup')
    expect(proxy.connects).toHaveLength(1)
  })

  test.for<readonly [string, NonNullable<ProxyServer['instead']>]>([
    ['garbage', (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
    ['half a header', (socket) => void socket.end('HTTP/1.1 200 Connec')],
    ['nothing, and hangs up', (socket) => void socket.end()],
    ['a reset', (socket) => void socket.resetAndDestroy()],
  ])('%s', async ([_name, instead], { proxy, withPassword, through }) => {
    proxy.instead = instead
    await blames(through({ HTTPS_PROXY: withPassword }), at(proxy))
    expect(proxy.connects).toHaveLength(1)
  })

  test('silence: the connect time-out ends it, and is named', async ({ proxy, withPassword, through }) => {
    const deadlines = holdDeadlines()
    proxy.instead = deadlines.pass
    const settings = { HTTPS_PROXY: withPassword, QUALYS_CONNECT_TIMEOUT_SECONDS: '1' }
    const { text } = await blames(through(settings), at(proxy))
    expect(deadlines.set).toContain(1_000)
    expect(text).toMatch(/1 s\b/)
    expect(text).toContain('QUALYS_CONNECT_TIMEOUT_SECONDS')
  })

  test('silence after the tunnel is open: the time-out ends that as well', async ({
    proxy,
    withPassword,
    through,
  }) => {
    proxy.instead = (socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      // TLS begins, and nothing follows.
      socket.once('data', () => passNetworkTime(1_000))
    }
    const settings = { HTTPS_PROXY: withPassword, QUALYS_CONNECT_TIMEOUT_SECONDS: '1' }
    const { text } = await failureOf(through(settings))
    expect(text).toContain('QUALYS_CONNECT_TIMEOUT_SECONDS')
  })

  test('nothing listens there', async ({ proxy, withPassword, through }) => {
    const gone = await listening(createServer())
    await gone.close()
    const settings = { HTTPS_PROXY: withPassword.replace(String(proxy.port), String(gone.port)) }
    const { kind, text } = await blames(through(settings), `127.0.0.1:${gone.port}`)
    expect(kind).toBe('setup')
    expect(text).toMatch(/nothing answers|refuse/)
  })

  test('its name is unknown', async ({ through }) => {
    stubDns({ [remoteHost]: ['127.0.0.1'] })
    const settings = { HTTPS_PROXY: 'http://door%40corp:p%2Bs@proxy.corp.example:3128' }
    const { kind, text } = await blames(through(settings), 'proxy.corp.example:3128')
    expect(kind).toBe('setup')
    expect(text).toMatch(/name is not known/)
  })

  test('its certificate is signed by an unknown CA', async ({ tlsProxy }) => {
    const settings = { HTTPS_PROXY: `https://localhost:${tlsProxy.port}` }
    const { kind, text } = await blames(
      readOnce(`https://${remoteHost}`, settings),
      `localhost:${tlsProxy.port}`,
    )
    expect(kind).toBe('setup')
    expect(text).toContain('QUALYS_CA_FILE')
    expect(tlsProxy.connects).toEqual([])
  })

  test('its certificate is for another name', async ({ tlsProxy, through }) => {
    const settings = { HTTPS_PROXY: `https://127.0.0.1:${tlsProxy.port}` }
    const { kind, text } = await blames(through(settings), `127.0.0.1:${tlsProxy.port}`)
    expect(kind).toBe('setup')
    expect(text).toMatch(/another name|name/)
  })

  test('it is no TLS proxy at all', async ({ proxy, through }) => {
    await blames(through({ HTTPS_PROXY: `https://localhost:${proxy.port}` }), `localhost:${proxy.port}`)
  })
})

test('failures behind the proxy are not blamed on it', async ({ withPassword }) => {
  const { kind, text } = await failureOf(readOnce(`https://${remoteHost}`, { HTTPS_PROXY: withPassword }))
  expect(kind).toBe('setup')
  expect(text).toContain(remoteHost)
  expect(text).toMatch(/certificate/)
  expect(text).not.toMatch(/The (certificate of the )?proxy/)
})

test('a certificate for another name is refused behind a proxy as well', async ({ open, through }) => {
  const { kind, text } = await failureOf(through({ HTTPS_PROXY: open }, 'https://third.example'))
  expect(kind).toBe('setup')
  expect(text).toMatch(/certificate of https:\/\/third\.example is for another name/)
})

test('failures of connections without the proxy are not blamed on it', async ({ open }) => {
  const server = createTcpServer((socket) => void socket.on('error', () => undefined).destroy())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { kind, text } = await failureOf(readOnce(url, { HTTPS_PROXY: open, NO_PROXY: '127.0.0.1' }))
  expect(text).not.toMatch(/The proxy/)
  expect(kind).toBe('vendor')
})

test('a session closes at once while a proxy is silent, without waiting for the proxy’s time-out', async ({
  proxy,
  open,
}) => {
  const asked = deferred()
  proxy.instead = asked.resolve
  const session = sessionAt(`https://${remoteHost}`, {
    HTTPS_PROXY: open,
    QUALYS_CONNECT_TIMEOUT_SECONDS: '600',
  })
  const cancel = new AbortController()
  const call = session.call(listScriptTypes, {}, { signal: cancel.signal })
  await asked.promise
  cancel.abort(new Error('the assistant gave up'))
  await expect(call).rejects.toThrow('the assistant gave up')
  await session.close()
})

test.for<readonly [string, NonNullable<ProxyServer['instead']>]>([
  ['resets the connection', (socket) => void socket.resetAndDestroy()],
  ['hangs up', (socket) => void socket.end()],
  ['answers 503', refusing('503 Service Unavailable')],
])(
  'a proxy that %s once: a read is repeated, and gets its rows',
  async ([_name, instead], { proxy, open, through }) => {
    proxy.instead = (socket) => {
      proxy.instead = undefined
      instead(socket)
    }
    const pauses = skipPauses()
    const settings = { HTTPS_PROXY: open, QUALYS_MAX_WAIT_SECONDS: '20' }
    await expect(through(settings)).resolves.toEqual(rows)
    expect(pauses).toHaveLength(1)
  },
)
