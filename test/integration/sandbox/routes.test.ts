import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startSandbox } from '../../../src/sandbox/sandbox.ts'
import { SandboxClient } from './sandbox-client.ts'

let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 300 })
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const bearer = () => ({ authorization: `Bearer ${visitor.token}` })

test.each([
  ['GET', '/sm/v1/block-commands/201'],
  ['POST', '/sm/v1/block-commands/201'],
  ['POST', '/sm/v1/script'],
  ['PATCH', '/sm/v1/script/61179'],
  ['POST', '/sm/v2/script'],
  ['POST', '/sm/v3/script'],
  ['PATCH', '/sm/v2/script/61179'],
  ['PATCH', '/sm/v3/script/61179'],
])('%s %s is retired', async (method, path) => {
  const { status, json } = await visitor.send(method, path, method === 'GET' ? undefined : '{}', bearer())
  expect(status).toBe(410)
  expect(json).toMatchObject({ status: 410, error: 'Gone', path, message: expect.stringContaining('/sm/v') })
})

test.each([
  ['GET', '/sm/v2/jobs/search', 405],
  ['DELETE', '/sm/v1/script-types', 405],
  ['GET', '/auth', 405],
  ['POST', '/sm/v9/jobs/search', 404],
  ['GET', '/sm/v1/scripts/', 404],
  ['GET', '/sm/v1/scripts/%E0%A4%A', 404],
  ['GET', '/', 404],
])('%s %s is %i', async (method, path, status) => {
  const answer = await visitor.send(method, path, undefined, bearer())
  expect(answer.status).toBe(status)
  if (status !== 200)
    expect(answer.json).toMatchObject({ status, error: expect.any(String), timestamp: expect.any(String) })
})

test('dots in a path are not resolved', async () => {
  const status = await new Promise((resolve, reject) => {
    const path = '/sm/v1/scripts/../script-types'
    request(visitor.sandbox.gatewayUrl, { path, headers: bearer() }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(status).toBe(404)
})

describe('single records', () => {
  test('a script with its content', async () => {
    const { json } = await visitor.get('/sm/v1/scripts/19218')
    const body = json.body as unknown as { id: number; content: string }
    expect(body.id).toBe(19218)
    expect(Buffer.from(body.content, 'base64').toString()).toContain('Auto_script_22062022_074300047')
    const { list } = await visitor.post('/sm/v1/scripts/search', {})
    expect(list[0]).not.toHaveProperty('content')
  })

  test('a schedule', async () => {
    const id = '23f97a1f-76f4-4e85-a7c2-566f120874fc'
    const { json } = await visitor.get(`/sm/v1/scheduler/${id}`)
    expect(json).toMatchObject({ errorCode: null, body: { id, title: 'dfdfdfd', scheduleType: 'RECURRING' } })
  })

  test.each([
    '/sm/v1/scripts/1',
    '/sm/v1/scheduler/x',
    '/sm/v1/reports/x/download',
    '/sm/v1/scripts/export?ids=1',
  ])('%s does not exist', async (path) => {
    const { status, json } = await visitor.get(path)
    expect(status).toBe(404)
    expect(json).toEqual({ errorCode: '404', message: expect.any(String), body: null })
  })

  test('an export is an attachment with every requested script', async () => {
    const { headers, text } = await visitor.get('/sm/v1/scripts/export?ids=16515,19218')
    expect(headers.get('content-disposition')).toBe('attachment; filename="scripts.json"')
    expect(JSON.parse(text).map(({ id }: { id: number }) => id)).toEqual([16515, 19218])
    expect((await visitor.get('/sm/v1/scripts/export')).status).toBe(400)
    expect((await visitor.get('/sm/v1/scripts/export?ids=a')).status).toBe(400)
  })
})

describe('reports', () => {
  test('by limit and offset, without an envelope', async () => {
    const { json } = await visitor.get('/sm/v1/reports?limit=50&offset=0')
    expect(Object.keys(json)).toEqual(['list', 'totalCount', 'message'])
    expect(json['totalCount']).toBe(45)
    const all = json['list'] as Record<string, string>[]
    const part = (await visitor.get('/sm/v1/reports?limit=10&offset=40')).json['list']
    expect(part).toEqual(all.slice(40))
    const { createdAt = '', expireOn = '' } = all[3] ?? {}
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+00:00$/)
    expect(Date.parse(expireOn) - Date.parse(createdAt)).toBe(30 * 864e5)
    expect((await visitor.get('/sm/v1/reports?limit=x')).status).toBe(400)
  })

  test('download by either id, with the size they report', async () => {
    const list = (await visitor.get('/sm/v1/reports')).json['list'] as Record<string, string>[]
    const { fileUuid, resourceId, fileSize } = list[2] ?? {}
    const { headers, text } = await visitor.get(`/sm/v1/reports/${fileUuid}/download`)
    expect(headers.get('content-type')).toBe('text/csv')
    expect(headers.get('content-disposition')).toContain(`${fileUuid}_`)
    expect(Buffer.byteLength(text)).toBe(fileSize)
    expect((await visitor.get(`/sm/v1/reports/${resourceId}/download`)).text).toBe(text)
    expect((await visitor.get(`/sm/v1/reports/${list[0]?.['fileUuid']}/download`)).status).toBe(404)
  })
})

test('script results are sent only when requested, as true or "true"', async () => {
  const [newest] = (await visitor.post('/sm/v1/jobs/search', { pageSize: 1 })).list
  const find = (extra: object) =>
    visitor.post('/sm/v2/assetjobs/search', { filter: `job.id:${newest?.['id']}`, pageSize: 50, ...extra })
  const without = (await find({})).list.map((row) => row['data'] as Record<string, unknown>)
  expect(without.some((row) => 'scriptResult' in row)).toBe(false)
  const rows = (await find({ includeScriptResult: 'true' })).list.map(
    (row) => row['data'] as Record<string, string>,
  )
  const texts = rows.map(({ scriptResult = '' }) => Buffer.from(scriptResult, 'base64').toString())
  expect(rows).toHaveLength(12)
  expect(
    rows.filter((row) => !('output' in row) && !('enddate' in row) && !('scriptResult' in row)),
  ).toHaveLength(2)
  expect(Math.max(...texts.map((text) => text.length))).toBeGreaterThan(300_000)
  expect(texts.some((text) => text.includes('Ignore previous instructions'))).toBe(true)
  expect(texts.some((text) => text.includes('\u001b['))).toBe(true)
})

test('lab tags are listed only by the filter for them', async () => {
  const count = async (filter: string) =>
    (await visitor.post('/sm/v1/assettags/search', { filter })).json.body?.totalCount
  expect(await count('')).toBe(54)
  expect(await count('name:lab')).toBe(0)
  expect(await count('labTag:true')).toBe(6)
  expect(await count('labTag:false')).toBe(54)
  expect(await count('labTag:true AND name:windows')).toBe(1)
})

test('the journal shows every vendor request, and can be cleared', async () => {
  await visitor.control('DELETE', 'requests')
  await visitor.login()
  await visitor.get('/sm/v1/reports?limit=2&offset=1')
  await visitor.post('/sm/v1/script', { title: 'x' })
  const entries = (await visitor.control('GET', 'requests')).json as unknown as Record<string, unknown>[]
  expect(entries.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['POST', '/auth', 201],
    ['GET', '/sm/v1/reports', 200],
    ['POST', '/sm/v1/script', 410],
  ])
  expect(entries[1]).toMatchObject({ query: { limit: '2', offset: '1' }, body: '' })
  expect(entries[2]).toMatchObject({ body: '{"title":"x"}', headers: { 'content-type': 'application/json' } })
})

test('limit headers come with the knob', async () => {
  expect((await visitor.get('/sm/v1/script-types')).headers.get('x-ratelimit-limit')).toBeNull()
  await visitor.control('PATCH', 'knobs', { rateLimitHeaders: true, strictContentType: true })
  const { headers } = await visitor.get('/sm/v1/script-types')
  expect(Number(headers.get('x-ratelimit-remaining'))).toBeLessThan(300)
  expect((await visitor.send('POST', '/sm/v2/jobs/search', '{}', bearer())).status).toBe(415)
  await visitor.control('DELETE', 'knobs')
})

describe('the server', () => {
  test('a taken port is an error, and free again once closed', async () => {
    const first = await startSandbox()
    const port = Number(new URL(first.gatewayUrl).port)
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await first.close()
    await (await startSandbox({ port })).close()
  })

  test('closes while requests are under way', async () => {
    const other = await SandboxClient.arrive({ jobs: 100 })
    await other.control('PUT', 'faults', [{ route: '*', kind: 'delay', ms: 30_000 }])
    await other.control('DELETE', 'requests')
    const waiting = expect(other.get('/sm/v1/script-types')).rejects.toThrow()
    await vi.waitUntil(async () => (await other.control('GET', 'requests')).text !== '[]')
    await other.leave()
    await waiting
  })
})
