import type { RequestListener } from 'node:http'
import { describe, expect, test, vi } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { waitOptions } from '../../support/waiting/fake-time.ts'
import { gatewayFor, operationNamed, read, sessionFor } from '../../support/waiting/gateway.ts'

// How many requests are sent at once: as set, or as the platform says. The limiter itself is covered by the unit
// tests.

const script = operationNamed('car_get_script')

type Headers = Readonly<Record<string, string>>

/** Requests that wait for their answer, at one host or at several. */
function holdRequests(headers: Headers = {}) {
  const seen: string[] = []
  const inside: (() => void)[] = []
  const listener: RequestListener = ({ url = '' }, response) => {
    if (url === '/barrier') return void response.end()
    seen.push(url.split('/').at(-1) ?? '')
    inside.push(() => response.writeHead(200, headers).end('{"body":{"id":1}}'))
  }
  /**
   * Answers this number of requests in waves: a wave is answered when as many requests wait as may, and a request
   * of another client, sent after them, was answered; a surplus request would have arrived by then. Returns the
   * size of each wave.
   */
  const waves = async (gatewayUrl: string, count: number, width: number): Promise<number[]> => {
    const sizes: number[] = []
    for (let left = count; left > 0; left -= sizes.at(-1) ?? 0) {
      const most = Math.min(width, left)
      await vi.waitFor(() => expect(inside.length).toBeGreaterThanOrEqual(most), waitOptions)
      await fetch(`${gatewayUrl}/barrier`)
      sizes.push(inside.length)
      for (const answer of inside.splice(0)) answer()
    }
    return sizes
  }
  return { seen, listener, waves }
}

/** A gateway whose answers wait for each other. */
async function counting(headers: Headers = {}) {
  const { seen, listener, waves } = holdRequests(headers)
  const gateway = await gatewayFor(listener)
  return { gateway, seen, waves: (count: number, width: number) => waves(gateway.gatewayUrl, count, width) }
}

const ids = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, place) => `${prefix}${place}`)
const sendAll = (size: number, count: number): number[] => Array(count).fill(size)

describe('as configured', () => {
  test.each([
    [{}, 2],
    [{ QUALYS_CONCURRENCY: '1' }, 1],
    [{ QUALYS_CONCURRENCY: '5' }, 5],
  ])('%j: %i at once', async (extra, width) => {
    const { gateway, waves } = await counting()
    const on = sessionFor(gateway, extra)
    const work = ids(10).map((scriptId) => on.call(script, { scriptId }))
    expect(await waves(10, width)).toEqual(sendAll(width, 10 / width))
    await Promise.all(work)
  })

  test('a call with many requests delays the single request of another call by one of its own only', async () => {
    const { gateway, seen, waves } = await counting()
    const session = sessionFor(gateway, { QUALYS_CONCURRENCY: '1' })
    const greedy = session.forCall(() => undefined)
    const many = ids(5).map((scriptId) => greedy.call(script, { scriptId }))
    // The first one is sent before the other call starts.
    await vi.waitFor(() => expect(seen).toEqual(['0']), waitOptions)
    const one = session.forCall(() => undefined).call(script, { scriptId: 'single' })
    await waves(6, 1)
    await Promise.all([...many, one])
    expect(seen.indexOf('single')).toBeLessThanOrEqual(2)
    expect(seen.filter((id) => id !== 'single')).toEqual(ids(5))
  })
})

describe('reduced by the platform', () => {
  test.each(['X-Concurrency-Limit-Limit', 'x-CONCURRENCYLIMIT-limit'])('%s: 1', async (header) => {
    const { gateway, waves } = await counting({ [header]: '1' })
    const on = sessionFor(gateway, { QUALYS_CONCURRENCY: '4' })
    const first = on.call(script, { scriptId: 'learns' })
    await waves(1, 1)
    await first
    const work = ids(4).map((scriptId) => on.call(script, { scriptId }))
    expect(await waves(4, 1)).toEqual(sendAll(1, 4))
    await Promise.all(work)
  })

  test.each([
    ['10', 3],
    ['0', 3],
  ])('a limit of %s raises nothing, and stops nothing', async (value, width) => {
    const { gateway, waves } = await counting({ 'X-Concurrency-Limit-Limit': value })
    const on = sessionFor(gateway, { QUALYS_CONCURRENCY: '3' })
    const first = on.call(script, { scriptId: 'learns' })
    await waves(1, 1)
    await first
    const work = ids(6).map((scriptId) => on.call(script, { scriptId }))
    expect(await waves(6, width)).toEqual(sendAll(width, 2))
    await Promise.all(work)
  })

  test.each<readonly [string, Headers]>([
    ['a 1960', {}],
    [
      'a 1960 beside a limit that others use up',
      { 'X-Concurrency-Limit-Limit': '2', 'X-Concurrency-Limit-Running': '3' },
    ],
  ])('%s: half as many', async (_name, headers) => {
    const limited = '<SIMPLE_RETURN><RESPONSE><CODE>1960</CODE></RESPONSE></SIMPLE_RETURN>'
    const { listener, waves } = holdRequests()
    let refused = false
    const gateway = await gatewayFor((request, response) => {
      if (refused) return listener(request, response)
      refused = true
      response.writeHead(409, headers).end(limited)
    })
    const on = sessionFor(gateway)
    await expect(on.call(read, {})).rejects.toMatchObject({ kind: 'busy' })
    const work = ids(4).map((scriptId) => on.call(script, { scriptId }))
    expect(await waves(gateway.gatewayUrl, 4, 1)).toEqual(sendAll(1, 4))
    await Promise.all(work)
  })
})

describe('two hosts', () => {
  const users = operationNamed('saq_get_user')

  test('share one setting: together no more than that many', async () => {
    const { listener, waves } = holdRequests()
    const [gateway, api] = [await gatewayFor(listener), await gatewayFor(listener)]
    const on = sessionFor({ ...gateway, apiUrl: api.apiUrl }, { QUALYS_CONCURRENCY: '3' })
    // The first password is tried alone.
    const first = on.call(users, { userId: 'first' }).catch(() => undefined)
    await waves(gateway.gatewayUrl, 1, 1)
    await first
    const work = ids(6).flatMap((id) => [on.call(script, { scriptId: id }), on.call(users, { userId: id })])
    const ended = Promise.allSettled(work)
    expect(await waves(gateway.gatewayUrl, 12, 3)).toEqual(sendAll(3, 4))
    await ended
  })

  test('have separate platform limits', async () => {
    const { gateway, waves } = await counting()
    const api = await counting({ 'X-Concurrency-Limit-Limit': '1' })
    const on = sessionFor({ ...gateway, apiUrl: api.gateway.apiUrl }, { QUALYS_CONCURRENCY: '4' })
    const first = on.call(users, { userId: '1' }).catch(() => undefined)
    await api.waves(1, 1)
    await first
    const work = ids(8).map((scriptId) => on.call(script, { scriptId }))
    expect(await waves(8, 4)).toEqual([4, 4])
    await Promise.all(work)
  })

  test('do not overwrite each other’s limit', async () => {
    const { gateway, waves } = await counting({ 'X-Concurrency-Limit-Limit': '1' })
    const api = await gatewayFor((_request, response) => {
      response.writeHead(200, { 'X-Concurrency-Limit-Limit': '9' }).end('<ServiceResponse/>')
    })
    const on = sessionFor({ ...gateway, apiUrl: api.apiUrl }, { QUALYS_CONCURRENCY: '4' })
    const first = on.call(script, { scriptId: 'learns' })
    await waves(1, 1)
    await first
    await expect(on.call(operationNamed('saq_count_users'), {})).rejects.toMatchObject({ kind: 'drift' })
    const work = ids(4).map((scriptId) => on.call(script, { scriptId }))
    expect(await waves(4, 1)).toEqual(sendAll(1, 4))
    await Promise.all(work)
  })
})

test('qualys_status reports each host’s limit, what is left, and the current concurrency', async () => {
  const headersOf = (left: number, atOnce: number) => ({
    'X-RateLimit-Limit': '300',
    'X-RateLimit-Window-Sec': '3600',
    'X-RateLimit-Remaining': String(left),
    'X-Concurrency-Limit-Limit': String(atOnce),
  })
  const gateway = await gatewayFor(
    () => undefined,
    (_request, response) => void response.writeHead(201, headersOf(17, 2)).end('header.payload.signature'),
  )
  const version =
    '<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count><data><PortalVersion><Portal-Version>2.33</Portal-Version></PortalVersion></data></ServiceResponse>'
  const api = await gatewayFor((_request, response) => {
    response.writeHead(200, { ...headersOf(4, 1), 'content-type': 'text/xml' }).end(version)
  })
  const assistant = await openAssistantOn({ ...gateway, apiUrl: api.apiUrl }, { QUALYS_CONCURRENCY: '3' })
  const { structured } = await assistant.call('qualys_status', {}, 'json')
  await assistant.close()
  expect(structured.rows[0]).toMatchObject({
    limits: '17 calls left of 300 per 3600 s, 2 at once',
    requestsAtOnce: 2,
    saqLimits: '4 calls left of 300 per 3600 s, 1 at once',
    saqRequestsAtOnce: 1,
  })
})
