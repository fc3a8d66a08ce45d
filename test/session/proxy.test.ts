import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { listScriptTypes } from '../../src/operations/car/scripts.ts'
import { accountOf } from '../../src/session/account.ts'
import { Session } from '../../src/session/session.ts'
import type { Environment } from '../../src/settings.ts'
import { settingsFrom } from '../harness.ts'
import { selfSigned } from './certificate.ts'
import { listening, noRows, withLogin } from './gateway.ts'

// A gateway behind TLS, and a proxy that tunnels every CONNECT to it, whatever name it asks for.
const far = 'gateway.qualys.example'
let folder: string
let caFile: string
let targetPort: number
let proxyPort: number
let refusal: string | undefined
const connects: { readonly to: string | undefined; readonly authorization: string | undefined }[] = []
const running: { close: () => Promise<void> }[] = []

beforeAll(async () => {
  const pair = selfSigned(far, 'localhost')
  folder = await mkdtemp(join(tmpdir(), 'qualys-ca-'))
  caFile = join(folder, 'ca.pem')
  await writeFile(caFile, pair.cert)
  const target = await listening(
    createTlsServer(
      pair,
      withLogin((_request, response) => response.end(noRows)),
    ),
  )
  const door = createServer()
  door.on('connect', ({ url, headers }, socket) => {
    connects.push({ to: url, authorization: headers['proxy-authorization'] })
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\n\r\n`)
    const tunnel = connect(target.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      tunnel.pipe(socket).pipe(tunnel)
    })
    tunnel.on('error', () => socket.destroy())
    socket.on('error', () => tunnel.destroy())
  })
  const proxy = await listening(door)
  targetPort = target.port
  proxyPort = proxy.port
  running.push(target, proxy)
})
beforeEach(() => {
  refusal = undefined
  connects.length = 0
})
const sessions: Session[] = []
afterEach(async () => {
  await Promise.allSettled(sessions.splice(0).map((session) => session.close()))
})
afterAll(async () => {
  await Promise.all(running.map((server) => server.close()))
  await rm(folder, { recursive: true })
})

function ask(extra: Environment, url = `https://${far}`): Promise<unknown> {
  const settings = settingsFrom({
    QUALYS_GATEWAY_URL: url,
    QUALYS_API_URL: url,
    QUALYS_USERNAME: 'nobody',
    QUALYS_PASSWORD: 'nothing',
    QUALYS_MAX_WAIT_SECONDS: '0',
    ...extra,
  })
  const session = new Session(settings, async () => accountOf(settings))
  sessions.push(session)
  return session.call(listScriptTypes, {})
}
const proxied = (): Environment => ({ HTTPS_PROXY: `http://door%40corp:p%2Bss@127.0.0.1:${proxyPort}` })

test('https goes through the proxy, with its credentials, and trusts QUALYS_CA_FILE', async () => {
  await expect(ask({ ...proxied(), QUALYS_CA_FILE: caFile })).resolves.toMatchObject({ rows: [] })
  expect(connects.length).toBeGreaterThan(0)
  const authorization = `Basic ${Buffer.from('door@corp:p+ss').toString('base64')}`
  for (const seen of connects) expect(seen).toEqual({ to: `${far}:443`, authorization })
})

test('NO_PROXY goes straight there', async () => {
  const extra = { ...proxied(), NO_PROXY: 'localhost', QUALYS_CA_FILE: caFile }
  await expect(ask(extra, `https://localhost:${targetPort}`)).resolves.toMatchObject({ rows: [] })
  expect(connects).toEqual([])
})

test.each([
  { name: 'through the proxy', extra: proxied, url: () => `https://${far}` },
  { name: 'straight', extra: () => ({}), url: () => `https://localhost:${targetPort}` },
])(
  'a certificate that nobody signed, $name: a setup error that names QUALYS_CA_FILE',
  async ({ extra, url }) => {
    await expect(ask(extra(), url())).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('is not trusted'),
      next: expect.stringContaining('QUALYS_CA_FILE'),
    })
  },
)

test('a certificate for another name is a setup error', async () => {
  await expect(ask({ QUALYS_CA_FILE: caFile }, `https://127.0.0.1:${targetPort}`)).rejects.toMatchObject({
    kind: 'setup',
  })
})

test('a CA file that is not there is a setup error, and closing is quiet', async () => {
  await expect(ask({ QUALYS_CA_FILE: join(folder, 'none.pem') })).rejects.toMatchObject({
    kind: 'setup',
    message: expect.stringContaining('QUALYS_CA_FILE'),
  })
  await expect(sessions[0]?.close()).resolves.toBeUndefined()
})

test.each(['407 Proxy Authentication Required', '403 Forbidden'])(
  'a proxy that answers %s is a setup error that names it',
  async (status) => {
    refusal = status
    const failure = ask({ ...proxied(), QUALYS_CA_FILE: caFile })
    await expect(failure).rejects.toMatchObject({ kind: 'setup', message: expect.stringMatching(/proxy/i) })
    await expect(failure).rejects.toMatchObject({ message: expect.not.stringContaining('p+ss') })
  },
)
