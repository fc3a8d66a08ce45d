import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { faultKinds } from '../../../../src/sandbox/faults/faults.ts'
import { SandboxClient } from '../sandbox-client.ts'

const route = 'POST /sm/v2/jobs/search'
let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 200 })
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const search = (size = 2) => visitor.post('/sm/v2/jobs/search', { pageSize: size })
const put = (fault: object) => visitor.control('PUT', 'faults', [{ route, ...fault }])

describe('answers instead of the route', () => {
  test('html', async () => {
    await put({ kind: 'html', status: 502 })
    const { status, headers, text } = await search()
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html'])
    expect(text).toMatch(/<h1>502/)
  })

  test('status, with the JSON of the gateway or a body of its own', async () => {
    await put({ kind: 'status', status: 503 })
    expect((await search()).json).toMatchObject({ status: 503, path: '/sm/v2/jobs/search' })
    await put({ kind: 'status', status: 400, body: { a: 1 }, headers: { 'x-test': 'y' } })
    const own = await search()
    expect([own.status, own.text, own.headers.get('x-test')]).toEqual([400, '{"a":1}', 'y'])
  })

  test('empty, expired, unauthenticated, redirect, reply', async () => {
    await put({ kind: 'empty' })
    expect(await search()).toMatchObject({ status: 204, text: '' })
    await put({ kind: 'expired' })
    expect((await search()).json).toEqual({ status: 401, error: 'Unauthorized', message: 'JWT expired' })
    await put({ kind: 'unauthenticated' })
    expect((await search()).json.message).toBe('Not authenticated')
    await put({ kind: 'redirect', location: 'https://elsewhere.example/' })
    const redirected = await search()
    expect([redirected.status, redirected.headers.get('location')]).toEqual([
      302,
      'https://elsewhere.example/',
    ])
    await put({ kind: 'reply', body: '<x/>', contentType: 'text/xml' })
    expect(await search()).toMatchObject({ status: 200, text: '<x/>' })
  })

  test('limit, with each kind of hint', async () => {
    const hint = async (details: object) => {
      await put({ kind: 'limit', toWaitSec: 7, ...details })
      const { status, headers, text } = await search()
      const [wait, retry, window] = ['x-ratelimit-towait-sec', 'retry-after', 'x-ratelimit-window-sec'].map(
        (name) => headers.get(name),
      )
      return { status, wait, retry, window, empty: text === '' }
    }
    expect(await hint({})).toEqual({ status: 429, wait: '7', retry: null, window: '3600', empty: false })
    expect(await hint({ hint: 'retryAfter', status: 409 })).toMatchObject({
      status: 409,
      wait: null,
      retry: '7',
    })
    expect(await hint({ hint: 'window', emptyBody: true })).toMatchObject({
      wait: null,
      window: '7',
      empty: true,
    })
    expect(await hint({ hint: 'none' })).toMatchObject({ wait: null, retry: null, window: null })
    await put({ kind: 'limit', toWaitSec: 7, hint: 'text', status: 200 })
    expect(JSON.parse((await search()).text)).toEqual({
      errorCode: '1965',
      message: 'API limit exceeded: try again in 7 seconds',
      body: null,
    })
  })
})

describe('changes the rows', () => {
  test('rename', async () => {
    await put({ kind: 'rename' })
    const { json, list } = await search()
    expect(json.body?.totalCount).toBe(200)
    expect(list[0]?.['sortValues']).toHaveLength(1)
    const data = list[0]?.['data'] as Record<string, { xDateTime?: number; id?: number }>
    expect(Object.keys(data).filter((key) => !/^x[A-Z]/.test(key))).toEqual(['id'])
    expect(data['xCreated']?.xDateTime).toEqual(expect.any(Number))
    expect(data['xCategory']?.id).toEqual(expect.any(Number))
  })

  test('dropId and retype together', async () => {
    await visitor.control('PUT', 'faults', [
      { route, kind: 'dropId' },
      { route, kind: 'retype' },
    ])
    const data = (await search()).list[0]?.['data'] as Record<string, unknown>
    expect(data).not.toHaveProperty('id')
    expect(data).toMatchObject({ scriptId: expect.any(String), created: { dateTime: expect.any(String) } })
  })

  test('flat rows, bodies without list, and reports', async () => {
    await visitor.control('PUT', 'faults', [{ route: '*', kind: 'rename' }])
    const assets = await visitor.post('/sm/v1/assets/search', { pageSize: 1 })
    expect(Object.keys(assets.list[0] ?? {}).slice(0, 3)).toEqual(['sortValues', 'id', 'xUuid'])
    expect((await visitor.get('/sm/v1/scripts/19218')).json.body).toMatchObject({ id: 19218, xSeverity: 1 })
    const reports = (await visitor.get('/sm/v1/reports')).json
    expect(reports['message']).toBe('Successfully list fetched.')
    expect(reports['list']).toEqual(expect.arrayContaining([expect.objectContaining({ xFileFormat: 'CSV' })]))
  })

  test('badJson', async () => {
    await put({ kind: 'badJson' })
    const { status, text } = await search()
    expect(status).toBe(200)
    expect(() => JSON.parse(text)).toThrow()
  })
})

describe('breaks the connection', () => {
  test.each(['reset', 'resetAfterBody', 'truncate'])('%s', async (kind) => {
    await put({ kind, times: 1 })
    await expect(search(50)).rejects.toThrow()
    expect((await search()).status).toBe(200)
  })

  test('stall', async () => {
    await put({ kind: 'stall' })
    const { gatewayUrl } = visitor.sandbox
    const init = { method: 'POST', headers: { authorization: `Bearer ${visitor.token}` } }
    const response = await fetch(`${gatewayUrl}/sm/v2/jobs/search`, {
      ...init,
      signal: AbortSignal.timeout(300),
    })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  })

  test('delay', async () => {
    await put({ kind: 'delay', ms: 150 })
    const start = performance.now()
    expect((await search()).status).toBe(200)
    expect(performance.now() - start).toBeGreaterThan(140)
  })
})

test('skip spares the first requests, times ends the fault, other routes are not affected', async () => {
  await put({ kind: 'status', status: 500, skip: 1, times: 2 })
  const statuses: number[] = []
  for (let call = 0; call < 5; call++) {
    statuses.push((await search()).status)
    expect((await visitor.get('/sm/v1/script-types')).status).toBe(200)
  }
  expect(statuses).toEqual([200, 500, 500, 200, 200])
  expect((await visitor.control('GET', 'faults')).json).toEqual([])
})

test('several that answer are a sequence, and combine with the others', async () => {
  await visitor.control('PUT', 'faults', [
    { route, kind: 'status', status: 500, times: 1 },
    { route, kind: 'status', status: 502, times: 1 },
    { route, kind: 'truncate', skip: 2, times: 1 },
  ])
  expect((await search()).status).toBe(500)
  expect((await search()).status).toBe(502)
  await expect(search(50)).rejects.toThrow()
  expect((await search()).status).toBe(200)
})

test('routes with placeholders, and the login, can have faults', async () => {
  await visitor.control('PUT', 'faults', [
    { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 502 },
    { route: 'POST /auth', kind: 'html' },
  ])
  expect((await visitor.get('/sm/v1/scripts/19218')).status).toBe(502)
  expect((await visitor.form('/auth', {})).status).toBe(503)
})

test('canned answers may be large', async () => {
  const body = 'x'.repeat(25 * 1024 * 1024)
  const faults = [{ route: 'POST /auth', kind: 'reply', body }]
  expect((await visitor.control('PUT', 'faults', faults)).status).toBe(200)
  expect((await visitor.form('/auth', {})).text).toHaveLength(body.length)
})

test('an unknown fault or knob is refused by name', async () => {
  for (const faults of [
    {},
    [{ kind: 'delay' }],
    [{ route, kind: 'explode' }],
    [{ route, kind: 'redirect' }],
  ]) {
    expect((await visitor.control('PUT', 'faults', faults)).status).toBe(400)
  }
  for (const knobs of [{ tokenLife: 1 }, { tokenKind: 'paper' }, { strictBody: 'yes' }]) {
    expect((await visitor.control('PATCH', 'knobs', knobs)).status).toBe(400)
  }
  expect(Object.keys((await visitor.control('GET', 'fault-kinds')).json)).toEqual(Object.keys(faultKinds))
})
