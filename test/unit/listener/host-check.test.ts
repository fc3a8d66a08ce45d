import { describe, expect, test } from 'vitest'
import { type HostNames, hostCheck } from '../../../src/service/network/host-check.ts'

const local: HostNames = { host: 'localhost', port: 8765, tls: false }
const wide: HostNames = {
  host: '0.0.0.0',
  port: 8765,
  publicUrl: 'https://qualys-mcp.example.com',
  httpHosts: ['qualys-mcp.internal'],
  httpOrigins: ['https://inspector.example.com'],
  tls: true,
}

type Headers = Readonly<Record<string, string | readonly string[]>>

/** What is refused about a request: its status and sentence; undefined if nothing is. */
function refusalOf(names: HostNames, headers: Headers, url = '/mcp') {
  const all = Object.entries(headers).map(([name, value]) => [name, [value].flat()] as const)
  return hostCheck(names)({
    url,
    headers: Object.fromEntries(all.map(([name, values]) => [name, values[0]])),
    headersDistinct: Object.fromEntries(all.map(([name, values]) => [name, [...values]])),
  })
}

const refused = (status: number, part: string) => ({ status, sentence: expect.stringContaining(part) })

describe('the Host header on loopback', () => {
  test.each(['localhost:8765', 'LOCALHOST:8765', '127.0.0.1:8765', '[::1]:8765', 'localhost'])(
    'may be %s',
    (host) => {
      expect(refusalOf(local, { host })).toBeUndefined()
    },
  )

  test.each([
    ['a name that leads here', 'evil.example:8765', 'evil.example'],
    ['a name that begins like ours', 'localhost.evil.example:8765', 'localhost.evil.example'],
    ['another address of loopback', '127.0.0.2:8765', '127.0.0.2'],
    ['a name of the operator that is not set', 'qualys-mcp.internal', 'QUALYS_HTTP_HOSTS'],
    ['another port', 'localhost:9000', '9000'],
  ])('may not be %s', (_name, host, part) => {
    expect(refusalOf(local, { host })).toEqual(refused(403, part))
  })

  test('may name the address that is listened on', () => {
    expect(refusalOf({ ...local, host: '127.0.0.2' }, { host: '127.0.0.2:8765' })).toBeUndefined()
    expect(refusalOf({ ...local, host: '::1' }, { host: '[::1]:8765' })).toBeUndefined()
  })

  test('may have the port of the public URL', () => {
    const forwarded = { ...local, publicUrl: 'http://localhost:9000' }
    expect(refusalOf(forwarded, { host: 'localhost:9000' })).toBeUndefined()
    expect(refusalOf(forwarded, { host: 'localhost:8765' })).toBeUndefined()
    expect(refusalOf(forwarded, { host: 'localhost:9001' })).toEqual(refused(403, '8765 or 9000'))
  })
})

describe('the Host header elsewhere', () => {
  test.each([
    'qualys-mcp.example.com',
    'qualys-mcp.example.com:443',
    'qualys-mcp.example.com:8765',
    'qualys-mcp.internal',
    'qualys-mcp.internal:9999',
  ])('may be %s', (host) => {
    expect(refusalOf(wide, { host })).toBeUndefined()
  })

  test.each(['localhost:8765', '127.0.0.1:8765', '0.0.0.0:8765', 'example.com', 'qualys-mcp.example.com:80'])(
    'may not be %s',
    (host) => {
      expect(refusalOf(wide, { host })).toMatchObject({ status: 403 })
    },
  )

  test.each([
    ['10.1.2.3', '10.1.2.3:8765'],
    ['fd00:0:0::2', '[fd00::2]:8765'],
    ['mcp.internal', 'mcp.internal:8765'],
  ])('may be the one that is listened on: %s', (host, header) => {
    expect(refusalOf({ ...local, host }, { host: header })).toBeUndefined()
    expect(refusalOf({ ...local, host }, { host: 'localhost:8765' })).toMatchObject({ status: 403 })
  })
})

test.each<[string, Headers, string]>([
  ['no Host', {}, '/mcp'],
  ['two Hosts', { host: ['localhost:8765', 'evil.example'] }, '/mcp'],
  ['a Host that is none', { host: 'user@localhost:8765' }, '/mcp'],
  ['a whole address', { host: 'localhost:8765' }, 'http://evil.example/mcp'],
  ['a host in its path', { host: 'localhost:8765' }, '//evil.example/mcp'],
  ['no path', { host: 'localhost:8765' }, '*'],
])('a request with %s is malformed', (_name, headers, url) => {
  expect(refusalOf(local, headers, url)).toMatchObject({ status: 400 })
})

describe('the Origin', () => {
  const from = (names: HostNames, host: string, origin: string) => refusalOf(names, { host, origin })

  test.each(['http://localhost:8765', 'http://127.0.0.1:8765', 'http://[::1]:8765'])(
    'may be %s on loopback',
    (origin) => {
      expect(from(local, 'localhost:8765', origin)).toBeUndefined()
    },
  )

  test.each([
    'http://evil.example',
    'http://localhost',
    'http://localhost:3000',
    'https://localhost:8765',
    'http://localhost:8765.evil.example',
    'http://localhost:8765, http://evil.example',
    'null',
    '',
  ])('may not be "%s" on loopback', (origin) => {
    expect(from(local, 'localhost:8765', origin)).toMatchObject({ status: 403 })
  })

  test('is of https where the service speaks TLS', () => {
    const secure = { ...local, tls: true }
    expect(from(secure, 'localhost:8765', 'https://localhost:8765')).toBeUndefined()
    expect(from(secure, 'localhost:8765', 'http://localhost:8765')).toMatchObject({ status: 403 })
  })

  test('has no port where it is the usual one', () => {
    expect(from({ ...local, port: 80 }, 'localhost', 'http://localhost')).toBeUndefined()
  })

  test('may be the public one, or one that the operator names', () => {
    const host = 'qualys-mcp.example.com'
    expect(from(wide, host, 'https://qualys-mcp.example.com')).toBeUndefined()
    expect(from(wide, host, 'https://inspector.example.com')).toBeUndefined()
    expect(from(wide, host, 'http://qualys-mcp.example.com')).toEqual(refused(403, 'QUALYS_HTTP_ORIGINS'))
    expect(from(wide, host, 'https://qualys-mcp.internal')).toMatchObject({ status: 403 })
    expect(from(wide, host, 'https://localhost:8765')).toMatchObject({ status: 403 })
  })

  test('may be absent, unless a browser says that another site asks', () => {
    const host = 'localhost:8765'
    expect(refusalOf(local, { host, 'sec-fetch-site': 'same-origin' })).toBeUndefined()
    expect(refusalOf(local, { host, 'sec-fetch-site': 'none' })).toBeUndefined()
    expect(refusalOf(local, { host, 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 })
  })

  test('that is allowed may be of another site', () => {
    const headers = { origin: 'https://inspector.example.com', 'sec-fetch-site': 'cross-site' }
    expect(refusalOf(wide, { host: 'qualys-mcp.example.com', ...headers })).toBeUndefined()
  })
})
