import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Operation, Resolved } from '../../../../src/operations/operation.ts'
import { accountOf } from '../../../../src/session/auth/account.ts'
import { productOf } from '../../../../src/session/products/product-of.ts'
import { buildRequest, placeholdersOf, type Routes } from '../../../../src/session/requests/request.ts'
import { settingsFrom } from '../../../support/environment.ts'
import { operationNamed } from '../../../support/session/memory.ts'

// The request that an operation makes of its input.

const account = accountOf(
  settingsFrom({
    QUALYS_GATEWAY_URL: 'https://gateway.example',
    QUALYS_API_URL: 'https://api.example',
    QUALYS_USERNAME: 'acme_ab1',
    QUALYS_PASSWORD: 'not the password',
  }),
)
const resolvedReferences: Resolved = { secret: (name) => `secret ${name}`, lookup: () => undefined }

/** An operation of CAR that only has this route. */
const operationFor = (route: Operation['route'], more: Partial<Operation> = {}): Operation =>
  ({
    ...operationNamed('car_get_script'),
    route,
    input: { id: z.string() },
    request: undefined,
    ...more,
  }) as Operation

async function requestFor(
  operation: Operation,
  input: object,
  { paging = {}, routes = {} }: { paging?: object; routes?: Routes } = {},
) {
  const product = productOf(operation)
  const source = { operation, product, input: { ...input }, resolved: resolvedReferences, routes }
  const request = buildRequest({ ...source, params: { ...paging } }, account, await product.codec())
  return { ...request, url: request.url.href }
}

describe('the path', () => {
  test.each([
    ['7', '7'],
    [7, '7'],
    ['a b', 'a%20b'],
    ['a?b#c', 'a%3Fb%23c'],
    ['ü', '%C3%BC'],
    ['%2e%2e', '%252e%252e'],
    ['.a', '.a'],
    ['a..', 'a..'],
  ])('is filled with %j as %s', async (id, segment) => {
    expect((await requestFor(operationFor('GET /sm/v1/things/{id}'), { id })).url).toBe(
      `https://gateway.example/sm/v1/things/${segment}`,
    )
  })

  test.each(['', '.', '..', '...', 'a/b', 'a\\b', '/', undefined, null])(
    'cannot be filled with %j',
    async (id) => {
      await expect(requestFor(operationFor('GET /sm/v1/things/{id}'), { id })).rejects.toMatchObject({
        kind: 'input',
        message: 'id cannot stand in a path.',
        next: 'Pass the id exactly as the list shows it.',
      })
    },
  )

  test('has its placeholders in order', () => {
    expect(placeholdersOf('GET /a/{one}/b/{two}')).toEqual(['one', 'two'])
    expect(placeholdersOf('GET /a')).toEqual([])
  })

  test('may be another one, with another method', async () => {
    const routes = { car_get_script: 'POST /sm/v9/{id}/details' } as const
    expect(
      await requestFor(operationFor('GET /sm/v1/things/{id}'), { id: '7', name: 'x' }, { routes }),
    ).toMatchObject({
      method: 'POST',
      url: 'https://gateway.example/sm/v9/7/details',
      body: '{"name":"x"}',
    })
  })
})

describe('the fields', () => {
  test('are in the query of GET, texts as they are, others as JSON', async () => {
    const input = {
      id: '7',
      name: 'a b&c',
      count: 2,
      on: false,
      list: ['x', 'y'],
      none: undefined,
      sort: ['x:asc'],
    }
    const { url, body, headers } = await requestFor(operationFor('GET /sm/v1/things/{id}'), input, {
      paging: { pageSize: 20, sort: [{ x: 'asc' }] },
    })
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      name: 'a b&c',
      count: '2',
      on: 'false',
      list: '["x","y"]',
      pageSize: '20',
      sort: '[{"x":"asc"}]',
    })
    expect(body).toBeUndefined()
    expect(headers).toEqual({ accept: 'application/json' })
  })

  test.each(['POST', 'PATCH'] as const)(
    'are in the body of %s, except what fills the path',
    async (method) => {
      const input = { id: '7', name: 'x', none: undefined, empty: null, sort: ['x:asc'] }
      const request = await requestFor(operationFor(`${method} /sm/v1/things/{id}`), input, {
        paging: { pageSize: 20 },
      })
      expect(request).toEqual({
        method,
        url: 'https://gateway.example/sm/v1/things/7',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: '{"name":"x","empty":null,"pageSize":20}',
      })
    },
  )

  test('of DELETE are in its query, and it has no body', async () => {
    const request = await requestFor(operationFor('DELETE /sm/v1/things'), { ids: '1,2' })
    expect(request).toMatchObject({ method: 'DELETE', url: 'https://gateway.example/sm/v1/things?ids=1%2C2' })
    expect(request).not.toHaveProperty('body')
  })

  test('are where the operation puts them, with its references', async () => {
    const operation = operationFor('POST /sm/v1/things', {
      request: (input, { secret }) => ({
        query: { q: input['name'], none: undefined },
        body: { token: secret('corp') },
      }),
    })
    expect(await requestFor(operation, { name: 'x' })).toMatchObject({
      url: 'https://gateway.example/sm/v1/things?q=x',
      body: '{"token":"secret corp"}',
    })
  })

  test('may turn GET into another method', async () => {
    const operation = operationFor('POST /sm/v1/things', {
      request: () => ({ method: 'GET', query: { q: 1 } }),
    })
    const request = await requestFor(operation, {})
    expect(request).toMatchObject({ method: 'GET', url: 'https://gateway.example/sm/v1/things?q=1' })
    expect(request).not.toHaveProperty('body')
  })
})

describe('an effect', () => {
  const effect = (body: object) =>
    operationFor('POST /sm/v1/things', {
      effect: 'update',
      request: () => ({ body: { ...body } }),
    } as Partial<Operation>)

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1.5])(
    'with the number %d is not sent',
    async (id) => {
      for (const body of [{ id }, { ids: [1, id] }, { deep: { id } }])
        await expect(requestFor(effect(body), {})).rejects.toMatchObject({
          kind: 'input',
          message: 'An id is no number that Qualys could take.',
        })
    },
  )

  test.each([0, -1, 2 ** 53 - 1])('with the number %d is', async (id) => {
    expect((await requestFor(effect({ id }), {})).body).toBe(JSON.stringify({ id }))
  })
})

test('SAQ is requested at its own host, in XML, with the cursor after the filters', async () => {
  const operation = operationNamed('saq_search_users')
  const paging = { preferences: { limitResults: 20 }, beyond: '7' }
  expect(await requestFor(operation, { companyContains: 'a<b' }, { paging })).toEqual({
    method: 'POST',
    url: 'https://api.example/qps/rest/1.0/search/saq/user',
    headers: { accept: 'application/xml', 'content-type': 'text/xml' },
    body: '<?xml version="1.0" encoding="UTF-8"?>\n<ServiceRequest><preferences><limitResults>20</limitResults></preferences><filters><Criteria field="company" operator="CONTAINS">a&lt;b</Criteria><Criteria field="id" operator="GREATER">7</Criteria></filters></ServiceRequest>',
  })
  // Only this version is documented in JSON.
  expect((await requestFor(operationNamed('saq_get_version'), {})).headers).toEqual({
    accept: 'application/json',
    'content-type': 'application/json',
  })
})
