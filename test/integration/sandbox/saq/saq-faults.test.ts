import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readXml } from '../../../../src/sandbox/xml/reader.ts'
import { at, SaqClient, within } from './saq-client.ts'

const route = 'POST /qps/rest/1.0/search/saq/user'
let saq: SaqClient
beforeAll(async () => {
  saq = await SaqClient.arrive()
})
beforeEach(async () => {
  await saq.visitor.control('POST', 'reset')
})
afterAll(() => saq.leave())

const put = (...faults: object[]) =>
  saq.visitor.control(
    'PUT',
    'faults',
    faults.map((fault) => ({ route, ...fault })),
  )
const search = () => saq.post('search/saq/user/', '<preferences><limitResults>3</limitResults></preferences>')
const names = (rows: { name: string }[]) => rows.map(({ name }) => name)

describe('limits', () => {
  const limited = async (fault: object) => {
    await put({ kind: 'limit', toWaitSec: 7, ...fault })
    const { status, headers, text } = await search()
    const header = (name: string) => headers.get(name)
    const root = text === '' ? undefined : readXml(text.replace(/<!DOCTYPE[^>]*>/, ''))
    return {
      status,
      code: at(root, 'RESPONSE.CODE'),
      text: at(root, 'RESPONSE.TEXT'),
      type: header('content-type'),
      wait: header('x-ratelimit-towait-sec'),
      retry: header('retry-after'),
      running: header('x-concurrency-limit-running'),
    }
  }

  test('of the rate: 409 and code 1965, with and without a hint', async () => {
    expect(await limited({})).toEqual({
      status: 409,
      code: '1965',
      text: 'This API cannot be run again for another 7 seconds.',
      type: 'text/xml',
      wait: '7',
      retry: null,
      running: null,
    })
    expect(await limited({ hint: 'none' })).toMatchObject({
      code: '1965',
      text: 'This API cannot be run again yet.',
      wait: null,
      retry: null,
    })
    expect(await limited({ hint: 'text' })).toMatchObject({
      text: 'This API cannot be run again for another 7 seconds.',
      wait: null,
      retry: null,
    })
    expect(await limited({ hint: 'item', status: 200 })).toMatchObject({
      status: 200,
      text: 'This API cannot be run again yet.',
      wait: null,
    })
    expect(await limited({ hint: 'retryAfter', status: 429 })).toMatchObject({
      status: 429,
      wait: null,
      retry: '7',
    })
    expect(await limited({ emptyBody: true })).toMatchObject({
      status: 409,
      code: undefined,
      type: null,
      wait: '7',
    })
  })

  test('of concurrent calls: code 1960, without a hint unless configured', async () => {
    expect(await limited({ code: 1960 })).toMatchObject({
      status: 409,
      code: '1960',
      wait: null,
      running: '2',
    })
    expect(await limited({ code: 1960, hint: 'toWait' })).toMatchObject({ wait: '7', running: '2' })
  })

  test('409 that waiting does not resolve: code 2003', async () => {
    expect(await limited({ code: 2003, hint: 'none' })).toMatchObject({
      status: 409,
      code: '2003',
      wait: null,
    })
  })

  test('the gateway still answers 429 and JSON', async () => {
    await saq.visitor.control('PUT', 'faults', [{ route: '*', kind: 'limit' }])
    const { status, json } = await saq.visitor.get('/sm/v1/script-types')
    expect([status, json.message]).toEqual([429, 'API limit exceeded'])
  })
})

describe('statuses', () => {
  test.each([
    [400, 'INVALID_REQUEST'],
    [401, 'INVALID_CREDENTIALS'],
    [403, 'UNAUTHORIZED'],
  ])('%i with %s inside', async (status, code) => {
    await put({ kind: 'status', status })
    expect(await search()).toMatchObject({ status, code })
  })

  test.each([404, 429, 500, 502, 503, 504])('%i as a page', async (status) => {
    await put({ kind: 'status', status, headers: { 'x-test': 'y' } })
    const { status: got, headers, text } = await search()
    expect([got, headers.get('content-type'), headers.get('x-test')]).toEqual([
      status,
      'text/html;charset=utf-8',
      'y',
    ])
    expect(text).toContain(`<h1>HTTP Status ${status}`)
  })

  test('html, expired, unauthenticated, after the work is done', async () => {
    await put({ kind: 'html' })
    expect((await search()).headers.get('content-type')).toBe('text/html')
    for (const kind of ['expired', 'unauthenticated']) {
      await put({ kind })
      expect(await search()).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS' })
    }
    const deleting = 'POST /qps/rest/1.0/delete/saq/user/{userId}'
    await put({ route: deleting, kind: 'statusAfterBody', status: 502 })
    expect((await saq.post('delete/saq/user/401990')).status).toBe(502)
    expect((await saq.get('get/saq/user/401990')).code).toBe('OBJECT_NOT_FOUND')
  })
})

describe('canned answers', () => {
  test('any XML', async () => {
    const body = '<?xml version="1.0"?>\n<a><b>&amp;</b></a>'
    await put({ kind: 'reply', body, contentType: 'application/xml' })
    const { status, text, headers } = await search()
    expect([status, text, headers.get('content-type')]).toEqual([200, body, 'application/xml'])
  })

  test('any bytes', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x3c, 0x61, 0x3e, 0xe9, 0x00, 0xff])
    await put({
      kind: 'reply',
      base64: bytes.toString('base64'),
      contentType: 'text/xml; charset=ISO-8859-1',
    })
    const { apiUrl } = saq.visitor.sandbox
    const response = await fetch(`${apiUrl}/qps/rest/1.0/search/saq/user`, { method: 'POST' })
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
    expect(response.headers.get('content-type')).toBe('text/xml; charset=ISO-8859-1')
  })
})

describe('changed rows', () => {
  test('rename', async () => {
    const before = await search()
    await put({ kind: 'rename' })
    const { count, lastId, rows } = await search()
    expect([count, lastId, names(rows)]).toEqual([3, before.lastId, ['User', 'User', 'User']])
    expect(names(rows[0]?.children ?? []).slice(0, 4)).toEqual(['id', 'xUuid', 'xFirstName', 'xLastName'])
    expect(at(rows[0], 'xFirstName')).toBe(at(before.rows[0], 'firstName'))
    const tagged = before.rows.findIndex((row) => within(row, 'tags').length > 0)
    expect(names(within(rows[tagged], 'xTags'))[0]).toBe('xTag')
    expect(at(rows[tagged], 'xTags.xTag.id')).toBe(at(before.rows[tagged], 'tags.Tag.id'))
  })

  test('dropId, and rename with it', async () => {
    await put({ kind: 'dropId' }, { kind: 'rename' })
    const { rows } = await search()
    expect(names(rows[0]?.children ?? []).slice(0, 2)).toEqual(['xUuid', 'xFirstName'])
  })

  test('refusals are not changed', async () => {
    await saq.visitor.control('PUT', 'faults', [{ route: '*', kind: 'rename' }])
    expect((await saq.get('get/saq/user/1')).message).toBe('User: Object not found (1).')
  })

  test('badJson truncates XML as well', async () => {
    await put({ kind: 'badJson' })
    await expect(search()).rejects.toThrow(/not well-formed/)
  })
})

describe('the connection', () => {
  test.each([
    ['reset', 'fetch failed'],
    ['resetAfterBody', 'fetch failed'],
    ['truncate', 'terminated'],
  ])('%s', async (kind, message) => {
    await put({ kind, times: 1 })
    await expect(search()).rejects.toThrow(message)
    expect((await search()).code).toBe('SUCCESS')
  })
})

test('the journal holds the requests', async () => {
  await saq.visitor.control('DELETE', 'requests')
  await search()
  const entries = (await saq.visitor.control('GET', 'requests')).json as unknown as Record<string, unknown>[]
  expect(entries).toMatchObject([
    { method: 'POST', path: '/qps/rest/1.0/search/saq/user/', status: 200, body: /limitResults/ },
  ])
})
