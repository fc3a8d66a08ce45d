import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, onTestFinished, test } from 'vitest'
import { maxBodyBytes } from '../../../src/tools/effects/approval/page/safety/checks.ts'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { ask, localFixture, postForm } from '../../support/page/local.ts'
import { hiddenValue } from '../../support/page/page.ts'

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
)
const addresses = hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']

/** What comes back for bytes that are written by hand, until the connection ends. */
function sendRaw(link: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(link).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
  })
  socket.write(text)
  return new Promise((resolve) => {
    socket.on('close', () => resolve(received))
    socket.on('error', () => resolve(received))
  })
}

describe('a page on loopback', () => {
  test.each(addresses)('is the same on each address: %s', async (address) => {
    const { page, wait } = localFixture()
    const code = wait()
    const link = await page.linkFor(code)
    expect(link).toMatch(new RegExp(`^http://localhost:\\d+/approve/${code}$`))
    const { status, headers, body } = await ask(link, { address })
    expect(status).toBe(200)
    expect(body).toContain('Run a script now (execute): 2 hosts')
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'content-length': String(Buffer.byteLength(body)),
    })
    expect(headers['set-cookie']).toBeUndefined()
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  test('answers HEAD like GET, without a body', async () => {
    const { page, wait } = localFixture()
    const link = await page.linkFor(wait())
    const [head, get] = [await ask(link, { method: 'HEAD' }), await ask(link)]
    const { date: _, ...headers } = head.headers
    expect({ status: head.status, headers, body: head.body }).toEqual({
      status: 200,
      headers: (({ date: _, ...rest }) => rest)(get.headers),
      body: '',
    })
  })

  test.each<[string, (port: string) => string | undefined, number]>([
    ['another name, as in DNS rebinding', (port) => `evil.example:${port}`, 403],
    ['the address', (port) => `127.0.0.1:${port}`, 403],
    ['the other address', (port) => `[::1]:${port}`, 403],
    ['no port', () => 'localhost', 403],
    ['another port, as with a forward', () => 'localhost:1', 403],
    ['a name that ends in ours', (port) => `evil.localhost:${port}`, 403],
    ['our name before another', (port) => `localhost:${port}.evil.example`, 403],
    ['a user', (port) => `x@localhost:${port}`, 403],
    ['nothing', () => '', 403],
  ])('refuses a Host header with %s', async (_, host, status) => {
    const { page, wait } = localFixture()
    const link = await page.linkFor(wait())
    const answer = await ask(link, { headers: { host: host(new URL(link).port) } })
    expect(answer.status).toBe(status)
    expect(answer.body).not.toContain('Run a script')
    expect(answer.body).toContain('with exactly this name and port')
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test.each([
    ['a whole address', 'GET http://evil.example/approve/CODE HTTP/1.1\r\nHost: localhost:PORT\r\n', 400],
    ['a path that names a host', 'GET //evil.example/ HTTP/1.1\r\nHost: localhost:PORT\r\n', 400],
    ['two Host headers', 'GET /approve/CODE HTTP/1.1\r\nHost: localhost:PORT\r\nHost: evil.example\r\n', 403],
    ['no Host header', 'GET /approve/CODE HTTP/1.1\r\n', 400],
    ['no Host header in HTTP/1.0', 'GET /approve/CODE HTTP/1.0\r\n', 403],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: localhost:PORT\r\n', 400],
    ['a long header', `GET / HTTP/1.1\r\nHost: localhost:PORT\r\nX: ${'x'.repeat(20_000)}\r\n`, 431],
  ])('refuses %s', async (_, head, status) => {
    const { page, wait } = localFixture()
    const code = wait()
    const link = await page.linkFor(code)
    const text = head.replace('PORT', new URL(link).port).replace('CODE', code)
    const received = await sendRaw(link, `${text}Connection: close\r\n\r\n`)
    expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(received).not.toContain('Run a script')
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('refuses the method %s', async (method) => {
    const { page, wait } = localFixture()
    const answer = await ask(await page.linkFor(wait()), { method })
    expect(answer.status).toBe(405)
    expect(answer.headers['allow']).toBe('HEAD, GET, POST')
  })

  test('answers requests that come at once in turn', async () => {
    const { page, wait } = localFixture()
    const link = await page.linkFor(wait())
    const head = `Host: ${new URL(link).host}\r\n`
    const received = await sendRaw(
      link,
      `GET /page.css HTTP/1.1\r\n${head}\r\nGET /page.js HTTP/1.1\r\n${head}\r\nGET /none HTTP/1.1\r\n${head}Connection: close\r\n\r\n`,
    )
    expect([...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '404',
    ])
  })
})

describe('a post to a page on loopback', () => {
  test('is taken from the page alone, with its token', async () => {
    const { page, stateDir, wait } = localFixture()
    const code = wait()
    const keyLink = await page.keyLinkFor(code)
    const link = await page.linkFor(code)
    const shown = await ask(keyLink)
    const form = { key: hiddenValue(shown, 'key'), token: hiddenValue(shown, 'token'), decision: 'approve' }
    const origins: readonly (string | undefined)[] = [
      undefined,
      'null',
      'https://evil.example',
      'http://localhost:1',
      new URL(link).origin.replace('localhost', '127.0.0.1'),
    ]
    for (const origin of origins) expect((await postForm(link, form, { origin })).status).toBe(403)
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await postForm(link, form, { 'sec-fetch-site': site })).status).toBe(403)
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/json'])
      expect((await postForm(link, form, { 'content-type': type })).status).toBe(415)
    expect((await postForm(link, { ...form, token: '' })).status).toBe(403)
    expect((await postForm(link, { ...form, key: '' })).status).toBe(403)
    expect(findCall(stateDir, code)?.state).toBe('pending')
    expect((await postForm(link, form)).status).toBe(200)
    expect(findCall(stateDir, code)).toMatchObject({
      state: 'approved',
      approval: { way: 'page', by: 'page key' },
    })
    const replayed = await postForm(link, form)
    expect(replayed.status).toBe(409)
    expect(replayed.body).toContain('decided already')
  })

  test('with the key, a token and a code of other processes decides nothing', async () => {
    const { page, stateDir, wait } = localFixture()
    const other = localFixture()
    const code = wait()
    const link = await page.linkFor(code)
    const shown = await ask(await other.page.keyLinkFor(other.wait()))
    const form = { key: hiddenValue(shown, 'key'), token: hiddenValue(shown, 'token'), decision: 'approve' }
    const answer = await postForm(link, form)
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('another start of the program')
    expect(findCall(stateDir, code)?.state).toBe('pending')
  })

  test.each([maxBodyBytes + 1, 40 * maxBodyBytes])('of %i bytes is refused', async (size) => {
    const { page, stateDir, wait } = localFixture()
    const code = wait()
    const link = await page.linkFor(code)
    const answer = await postForm(link, { decision: 'x'.repeat(size) }).catch((error: unknown) => error)
    // Of what is far too large, the connection ends before all of it is read.
    if (size < 2 * maxBodyBytes) expect(answer).toMatchObject({ status: 413 })
    else expect(answer).toBeInstanceOf(Error)
    expect(findCall(stateDir, code)?.state).toBe('pending')
    expect((await ask(link)).status).toBe(200)
  })

  test('that ends early is dropped, and the page goes on', async () => {
    const { page, wait } = localFixture()
    const link = await page.linkFor(wait())
    const { host, pathname, port } = new URL(link)
    const socket = connect(Number(port), '127.0.0.1')
    await new Promise<void>((resolve) => {
      socket.write(`POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\nhalf`, () => {
        socket.destroy()
        resolve()
      })
    })
    expect((await ask(link)).status).toBe(200)
  })
})

test('a wrong code is answered slowly, and a refused request costs nothing', async () => {
  const { page, wait, waits } = localFixture()
  const { origin } = new URL(await page.linkFor(wait()))
  const wrong = `${origin}/approve/ZZZZ-ZZZZ`
  expect((await ask(wrong)).status).toBe(404)
  expect(waits).toEqual([1_000])
  const picture = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  expect((await ask(wrong, { headers: picture })).status).toBe(403)
  expect((await ask(wrong, { headers: { host: 'evil.example' } })).status).toBe(403)
  expect(waits).toHaveLength(1)
})

test('no log line holds the key or a code', async () => {
  const { page, wait, lines } = localFixture()
  const code = wait()
  const keyLink = await page.keyLinkFor(code)
  const key = new URL(keyLink).searchParams.get('key') ?? ''
  expect(key).toMatch(/^[\w-]{43}$/)
  const shown = await ask(keyLink)
  await postForm(await page.linkFor(code), { key, token: hiddenValue(shown, 'token'), decision: 'decline' })
  await ask(keyLink, { headers: { host: 'evil.example' } })
  const text = lines.join('')
  expect(text).toContain('a call was decided')
  expect(text).not.toContain(key)
  expect(text).not.toContain(code)
  expect(await page.linkFor(code)).not.toContain(key)
})
