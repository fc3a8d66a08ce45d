import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RawReply, rawRequest } from '../raw-request.ts'
import { SaqClient } from '../saq/saq-client.ts'

// Faults that change how an answer is written or sent, as bytes on the wire.

const json = 'POST /sm/v1/script-types'
const search = 'POST /sm/v2/jobs/search'
const users = 'POST /qps/rest/1.0/search/saq/user'
const most = 64 * 1024 * 1024

let saq: SaqClient
beforeAll(async () => {
  saq = await SaqClient.arrive()
})
beforeEach(async () => {
  await saq.visitor.control('POST', 'reset')
})
afterAll(() => saq.leave())

const put = async (...faults: object[]): Promise<void> => {
  const { status, text } = await saq.visitor.control('PUT', 'faults', faults)
  expect(status, text).toBe(200)
}
const ask = (route: string): Promise<RawReply> => {
  const { sandbox, token } = saq.visitor
  const [method = '', path = ''] = route.split(' ')
  const basic = Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64')
  const authorization = path.startsWith('/qps/') ? `Basic ${basic}` : `Bearer ${token}`
  const body = path.startsWith('/qps/') ? '<ServiceRequest/>' : '{"pageSize":50,"sort":[{"id":"asc"}]}'
  return rawRequest(sandbox.gatewayUrl + path, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    body,
  })
}

/** The answer of the route without and with faults. */
async function both(route: string, ...faults: object[]): Promise<{ clean: RawReply; bent: RawReply }> {
  const clean = await ask(route)
  await put(...faults.map((fault) => ({ route, ...fault })))
  return { clean, bent: await ask(route) }
}

describe.each([search, users])('the answer of %s', (route) => {
  test.each([
    ['gzip', 'gzip', gunzipSync],
    ['brotli', 'br', brotliDecompressSync],
  ] as const)('as %s', async (kind, encoding, unpack) => {
    const { clean, bent } = await both(route, { kind })
    expect(bent.headers['content-encoding']).toBe(encoding)
    expect(Number(bent.headers['content-length'])).toBe(bent.bytes.length)
    expect(bent.bytes.length).toBeLessThan(clean.bytes.length)
    expect(unpack(bent.bytes)).toEqual(clean.bytes)
  })

  test('packed twice: the header names both codings, the last one last', async () => {
    const { clean, bent } = await both(route, { kind: 'gzip' }, { kind: 'brotli' })
    expect(bent.headers['content-encoding']).toBe('gzip, br')
    expect(gunzipSync(brotliDecompressSync(bent.bytes))).toEqual(clean.bytes)
  })

  test('as a gzip bomb', async () => {
    const { clean, bent } = await both(route, { kind: 'bomb' })
    expect(bent.bytes.length).toBeLessThan(200_000)
    const whole = gunzipSync(bent.bytes)
    expect(whole.length).toBeGreaterThan(most + clean.bytes.length)
    expect(whole.subarray(-clean.bytes.length)).toEqual(clean.bytes)
    expect(whole.subarray(0, most).every((byte) => byte === 0x20)).toBe(true)
  })

  test('after more than 64 MiB, without a length header', async () => {
    const { clean, bent } = await both(route, { kind: 'huge' })
    expect([bent.headers['content-length'], bent.headers['transfer-encoding']]).toEqual([
      undefined,
      'chunked',
    ])
    expect(bent.bytes.length).toBeGreaterThan(most + clean.bytes.length)
    expect(bent.bytes.subarray(-clean.bytes.length)).toEqual(clean.bytes)
  })

  test('as corrupt gzip with a valid header', async () => {
    const { bent } = await both(route, { kind: 'brokenGzip' })
    expect(bent.headers['content-encoding']).toBe('gzip')
    expect([...bent.bytes.subarray(0, 3)]).toEqual([0x1f, 0x8b, 8])
    expect(() => gunzipSync(bent.bytes)).toThrow()
  })

  test.each([
    [undefined, 'zstd'],
    ['made-up', 'made-up'],
    ['gzip', 'gzip'],
  ])('under a wrong encoding: %s', async (encoding, said) => {
    const { clean, bent } = await both(route, { kind: 'unknownEncoding', ...(encoding && { encoding }) })
    expect(bent.headers['content-encoding']).toBe(said)
    expect(bent.bytes).toEqual(clean.bytes)
  })

  test.each([
    [undefined, 'text/plain'],
    ['text/html', 'text/html'],
  ])('under a wrong content type: %s', async (contentType, said) => {
    const { clean, bent } = await both(route, { kind: 'wrongType', ...(contentType && { contentType }) })
    expect(clean.headers['content-type']).not.toBe(said)
    expect(bent.headers['content-type']).toBe(said)
    expect(bent.bytes).toEqual(clean.bytes)
  })

  test('in pieces', async () => {
    const { clean, bent } = await both(route, { kind: 'drip', ms: 2 })
    expect(bent.bytes).toEqual(clean.bytes)
    expect(bent.headers['content-length']).toBe(clean.headers['content-length'])
    expect(bent.chunks).toBeGreaterThan(5)
  })

  test('after a byte order mark', async () => {
    const { clean, bent } = await both(route, { kind: 'byteOrderMark' })
    expect(bent.bytes).toEqual(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), clean.bytes]))
  })

  test('late: the work is done, then nothing is sent for a while', async () => {
    const { clean, bent } = await both(route, { kind: 'slowHeaders', ms: 30 })
    expect(bent.bytes).toEqual(clean.bytes)
  })

  test('empty, with a status', async () => {
    const { bent } = await both(route, { kind: 'emptyBody' })
    expect(bent).toMatchObject({ status: 200, bytes: Buffer.alloc(0) })
    await put({ route, kind: 'emptyBody', status: 201 })
    expect((await ask(route)).status).toBe(201)
  })

  test('as something that is not HTTP', async () => {
    await put({ route, kind: 'notHttp' })
    await expect(ask(route)).rejects.toThrow(/Parse Error/)
  })

  test('truncated and compressed, in the order of the list', async () => {
    const { clean } = await both(route, { kind: 'badJson' }, { kind: 'gzip' })
    expect(gunzipSync((await ask(route)).bytes)).toEqual(clean.bytes.subarray(0, -3))
    await put({ route, kind: 'gzip' }, { route, kind: 'badJson' })
    const { bytes } = await ask(route)
    expect(() => gunzipSync(bytes)).toThrow('unexpected end of file')
  })
})

test('letters as ISO-8859-1: XML after a comment, JSON in place', async () => {
  const { clean, bent } = await both(users, { kind: 'latin1' })
  const [comment = '', ...rest] = bent.bytes.toString('latin1').split('\n')
  expect(comment).toBe('<!-- généré par le serveur -->')
  expect(bent.bytes.includes(0xe9)).toBe(true)
  expect(bent.bytes.toString()).toContain('\uFFFD')
  expect(rest.join('\n')).toBe(clean.bytes.toString().replace(/[\u0100-\uffff]/g, '?'))
  // U+0122 would become a quotation mark if it were truncated to a byte.
  await put({ route: json, kind: 'reply', body: { name: 'é\u0122東' } }, { route: json, kind: 'latin1' })
  expect((await ask(json)).bytes).toEqual(Buffer.from('{"name":"é??"}', 'latin1'))
})

test('an empty answer is not compressed', async () => {
  const { bent } = await both(search, { kind: 'empty' }, { kind: 'gzip' })
  expect([bent.status, bent.headers['content-encoding'], bent.bytes.length]).toEqual([204, undefined, 0])
})

test('the login can come compressed, and late', async () => {
  await put({ route: 'POST /auth', kind: 'gzip' }, { route: 'POST /auth', kind: 'slowHeaders', ms: 5 })
  const { username, password, gatewayUrl } = saq.visitor.sandbox
  const body = new URLSearchParams({ username, password, token: 'true' }).toString()
  const { status, bytes } = await rawRequest(`${gatewayUrl}/auth`, { body })
  expect(status).toBe(201)
  expect(gunzipSync(bytes).toString()).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
})
