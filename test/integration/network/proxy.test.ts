import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Environment } from '../../../src/settings.ts'
import { ask, failing, far, naming, openFar, openFolder, sessionAt } from '../../support/network/caller.ts'
import { certified } from '../../support/session/certificate.ts'
import { listening, moment, openGateway } from '../../support/session/gateway.ts'
import { type Door, openDoor, refusing } from './door.ts'

// A gateway behind TLS, and real CONNECT proxies before it: one in the open, one behind TLS itself.
const folder = openFolder()
const authority = certified({ subject: 'CA of the network' })
const caFile = folder.write('ca.pem', authority.cert)
const pairFor = (...names: string[]) => certified({ subject: 'a host', names, by: authority })
const running: { close: () => Promise<void> }[] = []
let target: { port: number }
let door: Door
let tlsDoor: Door
beforeAll(async () => {
  const gateway = await openFar(pairFor(far, 'other.example', 'localhost'))
  target = gateway
  door = await openDoor(gateway.port)
  tlsDoor = await openDoor(gateway.port, pairFor('localhost'))
  running.push(gateway, door, tlsDoor)
})
afterEach(() => {
  for (const { knocks, plain } of [door, tlsDoor]) {
    knocks.length = 0
    plain.length = 0
  }
  door.instead = undefined
})
afterAll(async () => {
  await Promise.all(running.map(({ close }) => close()))
  await folder.remove()
})

const open = () => `http://127.0.0.1:${door.port}`
const withWord = () => `http://door%40corp:p%2Bs%3As%20%2F@127.0.0.1:${door.port}`
const basic = `Basic ${Buffer.from('door@corp:p+s:s /').toString('base64')}`
const through = (extra: Environment, url = `https://${far}`) => ask(url, { QUALYS_CA_FILE: caFile, ...extra })
const rows = expect.objectContaining({ rows: [] })

describe('the way through', () => {
  test.each<readonly [string, () => Environment, string | undefined]>([
    ['HTTPS_PROXY', () => ({ HTTPS_PROXY: open() }), undefined],
    ['https_proxy', () => ({ https_proxy: open() }), undefined],
    ['HTTPS_PROXY with credentials', () => ({ HTTPS_PROXY: withWord() }), basic],
    [
      'HTTPS_PROXY with a user name alone',
      () => ({ HTTPS_PROXY: open().replace('//', '//token-1%2B2@') }),
      `Basic ${Buffer.from('token-1+2:').toString('base64')}`,
    ],
    ['HTTPS_PROXY without a scheme', () => ({ HTTPS_PROXY: ` 127.0.0.1:${door.port} ` }), undefined],
    ['HTTP_PROXY, where HTTPS_PROXY is not set', () => ({ HTTP_PROXY: withWord() }), basic],
    ['http_proxy, where HTTPS_PROXY is not set', () => ({ http_proxy: withWord() }), basic],
    [
      'HTTPS_PROXY, where HTTP_PROXY is set too',
      () => ({ HTTPS_PROXY: open(), HTTP_PROXY: 'http://127.0.0.1:1' }),
      undefined,
    ],
  ])('%s', async (_name, settings, authorization) => {
    await expect(through(settings())).resolves.toEqual(rows)
    expect(door.knocks.length).toBeGreaterThan(0)
    for (const knock of door.knocks) expect(knock).toEqual({ to: `${far}:443`, authorization })
    expect(door.plain).toEqual([])
  })

  test('a proxy behind TLS, whose certificate the CA file vouches for', async () => {
    const settings = { HTTPS_PROXY: withWord().replace(/http:(.*@).*/, `https:$1localhost:${tlsDoor.port}`) }
    await expect(through(settings)).resolves.toEqual(rows)
    for (const knock of tlsDoor.knocks) expect(knock).toEqual({ to: `${far}:443`, authorization: basic })
  })

  test('a port that is not 443 is asked for', async () => {
    await expect(through({ HTTPS_PROXY: open() }, `https://${far}:8443`)).resolves.toEqual(rows)
    expect(door.knocks[0]?.to).toBe(`${far}:8443`)
  })

  test('this machine is no exception where it is asked by https', async () => {
    await expect(through({ HTTPS_PROXY: open() }, 'https://localhost:8443')).resolves.toEqual(rows)
    expect(door.knocks[0]?.to).toBe('localhost:8443')
  })

  test('plain http, which is for this machine only, never goes through', async () => {
    const gateway = await openGateway((_request, response) =>
      response.end('{"body":{"list":[],"totalCount":0}}'),
    )
    running.push(gateway)
    const proxies = { HTTP_PROXY: open(), HTTPS_PROXY: open() }
    await expect(ask(gateway.gatewayUrl, proxies)).resolves.toEqual(rows)
    expect([...door.knocks, ...door.plain]).toEqual([])
  })
})

describe('NO_PROXY', () => {
  const straight = [
    ['the name', far],
    ['a list with blanks', `one.example, ${far} two.example`],
    ['a domain behind an asterisk', '*.qualys.example'],
    ['a domain behind a dot', '.qualys.example'],
    ['a domain', 'qualys.example'],
    ['another case', 'GATEWAY.Qualys.Example'],
    ['the port as well', () => `${far}:${target.port}`],
    ['everything', '*'],
    ['everything, in a list', 'localhost, *'],
  ] as const
  test.each(straight)('goes straight: %s', async (_name, value) => {
    naming({ [far]: ['127.0.0.1'] })
    const noProxy = typeof value === 'string' ? value : value()
    const settings = { HTTPS_PROXY: open(), NO_PROXY: noProxy }
    await expect(through(settings, `https://${far}:${target.port}`)).resolves.toEqual(rows)
    expect(door.knocks).toEqual([])
  })

  test('in lower case, and over HTTP_PROXY as well', async () => {
    naming({ [far]: ['127.0.0.1'] })
    const settings = { HTTP_PROXY: open(), no_proxy: far }
    await expect(through(settings, `https://${far}:${target.port}`)).resolves.toEqual(rows)
    expect(door.knocks).toEqual([])
  })

  test.each([
    ['another name', 'api.qualys.example'],
    ['the end of a name, not of a domain', 'ualys.example'],
    ['the end of a name behind an asterisk', '*ualys.example'],
    ['another port', `${far}:1`],
    ['a subdomain of the name', `a.${far}`],
    ['nothing but commas', ' , ,'],
  ])('goes through the proxy: %s', async (_name, value) => {
    naming({ [far]: ['127.0.0.1'] })
    const settings = { HTTPS_PROXY: open(), NO_PROXY: value }
    await expect(through(settings, `https://${far}:${target.port}`)).resolves.toEqual(rows)
    expect(door.knocks.length).toBeGreaterThan(0)
  })
})

describe('a proxy that does not let through is named, without its credentials', () => {
  /** The sentence is about the proxy, and holds nothing that was secret. */
  async function blames(call: Promise<unknown>, address: string): Promise<{ kind: unknown; text: string }> {
    const { kind, text } = await failing(call)
    expect(text).toMatch(/proxy/i)
    expect(text).toContain(address)
    for (const secret of ['p%2Bs', 'p+s:s', 'door%40', basic, 'not the password'])
      expect(text).not.toContain(secret)
    expect(text).not.toMatch(/Qualys (refuses|limits|failed)/)
    return { kind, text }
  }
  const address = () => `127.0.0.1:${door.port}`

  test.each([
    ['407 Proxy Authentication Required', /user name|password|credentials/],
    ['403 Forbidden', /lets? .*through|allow/],
    ['502 Bad Gateway', /502/],
    ['503 Service Unavailable', /503/],
    ['301 Moved Permanently', /301/],
  ])('%s', async (status, says) => {
    door.instead = refusing(status)
    const { kind, text } = await blames(through({ HTTPS_PROXY: withWord() }), address())
    expect(text).toContain(status.slice(0, 3))
    expect(text).toMatch(says)
    expect(kind).toMatch(status.startsWith('5') ? /vendor|setup/ : 'setup')
    expect(door.knocks).toHaveLength(1)
  })

  test.each<readonly [string, NonNullable<Door['instead']>]>([
    ['garbage', (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
    ['half a header', (socket) => void socket.end('HTTP/1.1 200 Connec')],
    ['nothing, and hangs up', (socket) => void socket.end()],
    ['a reset', (socket) => void socket.resetAndDestroy()],
  ])('%s', async (_name, instead) => {
    door.instead = instead
    await blames(through({ HTTPS_PROXY: withWord() }), address())
    expect(door.knocks).toHaveLength(1)
  })

  test('silence: the connect time-out ends it, and is named', async () => {
    door.instead = () => undefined
    const settings = { HTTPS_PROXY: withWord(), QUALYS_CONNECT_TIMEOUT_SECONDS: '1' }
    const { text } = await blames(through(settings), address())
    expect(text).toMatch(/1 s\b/)
    expect(text).toContain('QUALYS_CONNECT_TIMEOUT_SECONDS')
  })

  test('through the proxy, then silence: the time-out ends that as well', async () => {
    door.instead = (socket) => void socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    const settings = { HTTPS_PROXY: withWord(), QUALYS_CONNECT_TIMEOUT_SECONDS: '1' }
    const { text } = await failing(through(settings))
    expect(text).toContain('QUALYS_CONNECT_TIMEOUT_SECONDS')
  })

  test('nobody there', async () => {
    const gone = await listening(createServer())
    await gone.close()
    const settings = { HTTPS_PROXY: withWord().replace(String(door.port), String(gone.port)) }
    const { kind, text } = await blames(through(settings), `127.0.0.1:${gone.port}`)
    expect(kind).toBe('setup')
    expect(text).toMatch(/nothing answers|refuse/)
  })

  test('its name is unknown', async () => {
    naming({ [far]: ['127.0.0.1'] })
    const settings = { HTTPS_PROXY: 'http://door%40corp:p%2Bs@proxy.corp.example:3128' }
    const { kind, text } = await blames(through(settings), 'proxy.corp.example:3128')
    expect(kind).toBe('setup')
    expect(text).toMatch(/name is not known/)
  })

  test('its certificate is signed by nobody', async () => {
    const settings = { HTTPS_PROXY: `https://localhost:${tlsDoor.port}` }
    const { kind, text } = await blames(ask(`https://${far}`, settings), `localhost:${tlsDoor.port}`)
    expect(kind).toBe('setup')
    expect(text).toContain('QUALYS_CA_FILE')
    expect(tlsDoor.knocks).toEqual([])
  })

  test('its certificate is for another name', async () => {
    const settings = { HTTPS_PROXY: `https://127.0.0.1:${tlsDoor.port}` }
    const { kind, text } = await blames(through(settings), `127.0.0.1:${tlsDoor.port}`)
    expect(kind).toBe('setup')
    expect(text).toMatch(/another name|name/)
  })

  test('it is no TLS proxy at all', async () => {
    await blames(through({ HTTPS_PROXY: `https://localhost:${door.port}` }), `localhost:${door.port}`)
  })
})

test('what lies behind the proxy is not blamed on it', async () => {
  const { kind, text } = await failing(ask(`https://${far}`, { HTTPS_PROXY: withWord() }))
  expect(kind).toBe('setup')
  expect(text).toContain(far)
  expect(text).toMatch(/certificate/)
  expect(text).not.toMatch(/The (certificate of the )?proxy/)
})

test('a certificate for another name is no better behind a proxy', async () => {
  const { kind, text } = await failing(through({ HTTPS_PROXY: open() }, 'https://third.example'))
  expect(kind).toBe('setup')
  expect(text).toMatch(/certificate of https:\/\/third\.example is for another name/)
})

test('what goes past the proxy is not blamed on it either', async () => {
  const server = createTcpServer((socket) => void socket.on('error', () => undefined).destroy())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { kind, text } = await failing(ask(url, { HTTPS_PROXY: open(), NO_PROXY: '127.0.0.1' }))
  expect(text).not.toMatch(/The proxy/)
  expect(kind).toBe('vendor')
})

test('a session is closed while a proxy is silent: at once, not when the proxy’s time is over', async () => {
  const knocked = moment()
  door.instead = knocked.now
  const session = sessionAt(`https://${far}`, { HTTPS_PROXY: open(), QUALYS_CONNECT_TIMEOUT_SECONDS: '600' })
  const cancel = new AbortController()
  const call = session.call(listScriptTypes, {}, { signal: cancel.signal })
  await knocked.come
  cancel.abort(new Error('the assistant gave up'))
  await expect(call).rejects.toThrow('the assistant gave up')
  await session.close()
})

test.each<readonly [string, NonNullable<Door['instead']>]>([
  ['resets the connection', (socket) => void socket.resetAndDestroy()],
  ['hangs up', (socket) => void socket.end()],
  ['answers 503', refusing('503 Service Unavailable')],
])('a proxy that %s once: a read is asked for again, and has its rows', async (_name, instead) => {
  door.instead = (socket) => {
    door.instead = undefined
    instead(socket)
  }
  const settings = { HTTPS_PROXY: open(), QUALYS_MAX_WAIT_SECONDS: '20' }
  await expect(through(settings)).resolves.toEqual(rows)
})
