import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { faultKinds } from '../../../../src/sandbox/faults/faults.ts'
import type { SandboxClient } from '../sandbox-client.ts'
import { SaqClient } from '../saq/saq-client.ts'

// Moved routes, shifted clocks, and invalid faults.

let saq: SaqClient
let visitor: SandboxClient
beforeAll(async () => {
  saq = await SaqClient.arrive()
  visitor = saq.visitor
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => saq.leave())

const put = async (...faults: object[]): Promise<void> => {
  const { status, text } = await visitor.control('PUT', 'faults', faults)
  expect(status, text).toBe(200)
}

describe('a route that is moved', () => {
  const route = 'GET /sm/v1/scripts/{scriptId}'

  test('is served at its new path only', async () => {
    const clean = (await visitor.get('/sm/v1/scripts/19218')).json
    const unknown = (await visitor.get('/sm/v1/nothing')).json
    await put({ route, kind: 'move', to: 'GET /sm/v3/script/{scriptId}/details' })
    expect((await visitor.get('/sm/v3/script/19218/details')).json).toEqual(clean)
    const gone = await visitor.get('/sm/v1/scripts/19218')
    expect([gone.status, gone.json.message]).toEqual([404, unknown.message])
    expect((await visitor.get('/sm/v3/script/1/details')).status).toBe(404)
    expect((await visitor.get('/sm/v1/script-types')).status).toBe(200)
    await visitor.control('DELETE', 'faults')
    expect((await visitor.get('/sm/v1/scripts/19218')).json).toEqual(clean)
  })

  test('requires the login first, at both paths', async () => {
    await put({ route, kind: 'move', to: 'GET /sm/v3/script/{scriptId}' })
    for (const path of ['/sm/v3/script/19218', '/sm/v1/scripts/19218']) {
      const { status, json } = await visitor.send('GET', path, undefined, {})
      expect([status, json.message]).toEqual([401, 'Not authenticated'])
    }
  })

  test('accepts a body, and another method', async () => {
    await put({ route: 'POST /sm/v2/jobs/search', kind: 'move', to: 'PATCH /sm/v3/jobs' })
    expect((await visitor.patch('/sm/v3/jobs', { pageSize: 2 })).list).toHaveLength(2)
    expect((await visitor.post('/sm/v3/jobs', { pageSize: 2 })).status).toBe(404)
    expect((await visitor.post('/sm/v2/jobs/search', { pageSize: 2 })).status).toBe(404)
  })

  test('on the API server', async () => {
    const user = 'GET /qps/rest/1.0/get/saq/user/{userId}'
    const clean = (await saq.get('get/saq/user/400591')).text
    const unknown = (await saq.get('get/saq/nobody/1')).text
    await put({ route: user, kind: 'move', to: 'GET /qps/rest/1.0/read/saq/person/{userId}' })
    expect((await saq.get('read/saq/person/400591/')).text).toBe(clean)
    expect(await saq.get('get/saq/user/400591')).toMatchObject({ status: 404, text: unknown })
  })

  test('has its other faults at its new path only', async () => {
    const to = 'GET /sm/v3/script/{scriptId}'
    await put({ route, kind: 'move', to }, { route, kind: 'status', status: 502 })
    expect((await visitor.get('/sm/v3/script/19218')).status).toBe(502)
    expect((await visitor.get('/sm/v1/scripts/19218')).status).toBe(404)
  })

  test('may be served nowhere', async () => {
    await put({ route, kind: 'move' })
    expect((await visitor.get('/sm/v1/scripts/19218')).status).toBe(404)
    expect((await visitor.get('/sm/v1/script-types')).status).toBe(200)
    await put({ route: '*', kind: 'move' })
    expect((await visitor.get('/sm/v1/script-types')).status).toBe(404)
    expect((await visitor.form('/auth', {})).status).toBe(404)
  })
})

describe('a clock that is wrong', () => {
  const login = async () => {
    const { username, password } = visitor.sandbox
    const { text, headers } = await visitor.form('/auth', { username, password, token: 'true' })
    const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString())
    return { token: text, claims: claims as { iat: number; exp: number }, date: headers.get('date') ?? '' }
  }

  test.each([
    [undefined, -18_000],
    [7_200, 7_200],
  ])('by %s seconds', async (seconds, expected) => {
    const right = await login()
    await put({ route: 'POST /auth', kind: 'clockSkew', ...(seconds && { seconds }) })
    const { token, claims, date } = await login()
    expect(claims.exp - claims.iat).toBe(right.claims.exp - right.claims.iat)
    expect(Math.abs(claims.iat - right.claims.iat - expected)).toBeLessThan(60)
    expect(Math.abs(Date.parse(date) - Date.parse(right.date) - expected * 1000)).toBeLessThan(60_000)
    visitor.token = token
    expect((await visitor.get('/sm/v1/script-types')).status).toBe(200)
  })
})

describe('what is not a fault', () => {
  const route = 'POST /auth'

  test.each([
    [[null], 'each fault needs a route'],
    [[{ route, kind: 'explode' }], 'no fault is called explode'],
    [[{ route, kind: 'reset', tims: 1 }], 'no fault takes tims'],
    [[{ route, kind: 'reset', times: 0 }], 'times is a number, at least 1'],
    [[{ route, kind: 'delay', ms: '5' }], 'ms is a number'],
    [[{ route, kind: 'limit', hint: 'soon' }], 'hint is one of toWait'],
    [[{ route, kind: 'limit', spelling: 'X' }], 'spelling is one of hyphen, joined'],
    [[{ route, kind: 'status', headers: { a: 1 } }], 'headers is an object of texts'],
    [[{ route, kind: 'dropField', fields: { a: 'b' } }], 'its fields are a list'],
    [[{ route, kind: 'retypeField', fields: [1] }], 'fields is a list of names'],
    [[{ route, kind: 'renameField', fields: ['a'] }], 'its fields are an object'],
    [[{ route, kind: 'redirect' }], 'redirect needs a location'],
    [[{ route, kind: 'move', to: '/auth2' }], 'to is `METHOD /path`'],
    [[{ route, kind: 'move', to: 'POST /auth2', times: 1 }], 'move takes neither times nor skip'],
    [[{ route: '*', kind: 'move', to: 'POST /auth2' }], 'not every route can be moved'],
    [[{ route: 'GET /a/{id}', kind: 'move', to: 'GET /b' }], 'GET /b needs the holes of GET /a/{id}'],
    [
      [
        { route, kind: 'reset' },
        { route, kind: 'delay', skip: -1 },
      ],
      'skip is a number, at least 0',
    ],
  ])('%j', async (faults, says) => {
    const { status, json } = await visitor.control('PUT', 'faults', faults)
    expect(status).toBe(400)
    expect(json.message).toContain(says)
    expect((await visitor.control('GET', 'faults')).json).toEqual([])
  })

  test('every kind says in one sentence what it does, and all but one work without details', async () => {
    const kinds = (await visitor.control('GET', 'fault-kinds')).json as unknown as typeof faultKinds
    expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(40)
    for (const [kind, { does }] of Object.entries(kinds)) {
      expect(does.length, kind).toBeGreaterThan(10)
      await put({ route, kind, ...(kind === 'redirect' && { location: 'https://a.example/' }) })
    }
  })
})
