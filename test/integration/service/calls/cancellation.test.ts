import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { connectTo } from '../../../support/listener/client.ts'
import type { Answer, Json } from '../../../support/service/answer.ts'
import { revisions, type ServiceClient } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openWatchedGateway, type WatchedGateway } from '../../../support/service/gateway.ts'
import type { TestService } from '../../../support/service/service.ts'

// A call that its client gives up: by closing the response, and in the 2025 revisions by a notification.

const test = serviceTestOn()

const search = 'POST /sm/v2/jobs/search'
const read = ['car_search_jobs', {}] as const
const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const
const lookUp = 'GET /sm/v1/scripts/61179'
const cloned = 'POST /sm/v1/scripts/61179/clone'
const callers = { ada: { role: 'operator' }, eve: { role: 'operator' } } as const

const through = (gateway: WatchedGateway, more: object = {}) => ({
  callers,
  settings: { QUALYS_GATEWAY_URL: gateway.url, QUALYS_MODE: 'unattended', ...more },
})

/** A call, and the function with which its client closes the connection. */
function begin(client: ServiceClient, [tool, args]: readonly [string, object], more: Json = {}) {
  const stop = new AbortController()
  const ended = client
    .call(tool, args, more, { signal: stop.signal })
    .catch((error: unknown) => String(error))
  return { ended, close: () => stop.abort() }
}

const inFlight = async (service: TestService): Promise<number> =>
  Number(/^qualys_mcp_calls_in_flight (\d+)$/m.exec(await service.metrics())?.[1])

const factsOf = (service: TestService, event: string): unknown =>
  service.audit().find((line) => line['event'] === event)?.['facts']

/** Waits until nothing runs any more. */
const settled = (service: TestService): Promise<void> =>
  expect.poll(() => inFlight(service), { interval: 20, timeout: 1_500 }).toBe(0)

describe.each(revisions)('%s: the client closes the response', (revision) => {
  test.for([
    ['that is JSON', {}],
    ['that streams', { _meta: { progressToken: 'p' } }],
  ] as const)(
    '%s: the request to Qualys ends, and nothing runs any more',
    async ([, more], { serve, sandbox }) => {
      const gateway = await openWatchedGateway(sandbox.gatewayUrl, search)
      const service = await serve(through(gateway))
      const call = begin(service.client('ada', { revision }), read, more)
      await gateway.held
      expect(await inFlight(service)).toBe(1)
      call.close()
      expect(await call.ended).toContain('AbortError')
      await gateway.givenUp
      await settled(service)
      const [line] = service.lines().filter(({ msg }) => msg === 'request ended')
      expect(line).toMatchObject({ tool: 'car_search_jobs', outcome: 'cancelled', caller: 'http:ada' })
      gateway.release()
      expect(gateway.passed).not.toContain(search)
    },
  )

  test('while an effect is prepared: it is never sent', async ({ serve, sandbox, effects }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, lookUp)
    const service = await serve(through(gateway))
    const call = begin(service.client('ada', { revision }), clone)
    await gateway.held
    call.close()
    await gateway.givenUp
    await settled(service)
    gateway.release()
    expect(factsOf(service, 'refused')).toMatchObject({ kind: 'cancelled' })
    expect(await effects()).toEqual([])
  })

  test('while an effect waits for its turn at Qualys: it is never sent', async ({
    serve,
    sandbox,
    effects,
  }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, search)
    const service = await serve(through(gateway, { QUALYS_CONCURRENCY: '1' }))
    const other = begin(service.client('eve', { revision }), read)
    await gateway.held
    const call = begin(service.client('ada', { revision }), clone)
    await expect.poll(() => factsOf(service, 'asked'), { interval: 10 }).toBeDefined()
    call.close()
    await expect.poll(() => inFlight(service), { interval: 20, timeout: 1_500 }).toBe(1)
    gateway.release()
    expect(await other.ended).toMatchObject({ status: 200, isError: false })
    expect(await effects()).toEqual([])
    expect(service.audit().map(({ event }) => event)).toEqual(['start', 'asked', 'refused'])
  })

  test('once an effect is sent: what became of it is written as unclear', async ({ serve, sandbox }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, cloned)
    const service = await serve(through(gateway))
    const call = begin(service.client('ada', { revision }), clone)
    await gateway.held
    call.close()
    await settled(service)
    expect(factsOf(service, 'answered')).toMatchObject({ outcome: 'unclear', why: 'cancelled' })
  })
})

test.for(revisions)(
  '%s: a call ends with its connection, and those behind it never begin',
  async (revision, { serve, sandbox }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, search)
    const service = await serve(through(gateway))
    const client = service.client('ada', { revision })
    const [name, args] = read
    const params = { name, arguments: args }
    const body = JSON.stringify(client.messageOf('tools/call', params))
    const headers = {
      host: `127.0.0.1:${service.port}`,
      ...client.headersFor('tools/call', params),
      'content-length': body.length,
    }
    const lines = Object.entries(headers).map((pair) => pair.join(': '))
    const raw = connectTo(service.port)
    raw.write(`POST /mcp HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`.repeat(15))
    await expect.poll(() => inFlight(service), { interval: 10 }).toBe(1)
    raw.socket.destroy()
    await settled(service)
    gateway.release()
    const ends = service.lines().filter(({ msg }) => msg === 'request ended')
    expect(ends.map(({ outcome }) => outcome)).toEqual(['cancelled'])
    expect(gateway.passed).not.toContain(search)
  },
)

describe('notifications/cancelled of 2025', () => {
  const revision = '2025-11-25'
  const cancel = (client: ServiceClient, requestId: unknown): Promise<Answer> =>
    client.post({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId, reason: 'changed my mind' },
    })

  /** A call that is held at Qualys, of a client that has initialized. */
  async function held(serve: (options: object) => Promise<TestService>, url: string, more: Json = {}) {
    const gateway = await openWatchedGateway(url, search)
    const service = await serve(through(gateway))
    const client = service.client('ada', { revision })
    await client.initialize()
    const message = client.messageOf('tools/call', { name: 'car_search_jobs', arguments: {}, ...more })
    const answer = client.post(message)
    await gateway.held
    return { gateway, service, client, id: message.id, answer }
  }

  test.for([
    ['an answer as JSON', {}],
    ['a stream', { _meta: { progressToken: 'p' } }],
  ] as const)(
    '%s: with the session id that was given out the call ends, and so does its HTTP request',
    async ([, more], { serve, sandbox }) => {
      const { gateway, service, client, id, answer } = await held(serve, sandbox.gatewayUrl, more)
      expect(client.session).toMatch(/^[0-9a-f-]{36}$/)
      expect((await cancel(client, id)).status).toBe(202)
      await gateway.givenUp
      const end = await Promise.race([answer.catch(String), pause(2_000, 'no end', { ref: false })])
      expect(end).not.toBe('no end')
      expect((end as Answer).result).toBeUndefined()
      await settled(service)
    },
  )

  test.for<readonly [string, (service: TestService, client: ServiceClient, id: number) => Promise<Answer>]>([
    ['without a session id', (service, _client, id) => cancel(service.client('ada', { revision }), id)],
    [
      'with another session id',
      (service, _client, id) => cancel(service.client('ada', { revision, session: 'other' }), id),
    ],
    [
      'of another client that has initialized',
      async (service, _client, id) => {
        const other = service.client('ada', { revision })
        await other.initialize()
        return cancel(other, id)
      },
    ],
    [
      'of another caller with the same session id',
      (service, client, id) =>
        cancel(service.client('eve', { revision, session: String(client.session) }), id),
    ],
    ['for another request', (_service, client, id) => cancel(client, id + 1)],
    ['for the number as text', (_service, client, id) => cancel(client, String(id))],
    ['for no request', (_service, client) => cancel(client, undefined)],
    ['for an object', (_service, client) => cancel(client, {})],
  ])('%s: it cancels nothing', async ([, cancelling], { serve, sandbox }) => {
    const { gateway, service, client, id, answer } = await held(serve, sandbox.gatewayUrl)
    expect((await cancelling(service, client, id)).status).toBeLessThan(500)
    expect(await inFlight(service)).toBe(1)
    gateway.release()
    expect(await answer).toMatchObject({ status: 200, isError: false })
  })

  test('of a call that is over: nothing happens, and the id may be used again', async ({ serve }) => {
    const service = await serve({ callers })
    const client = service.client('ada', { revision })
    await client.initialize()
    const message = client.messageOf('tools/call', { name: 'car_list_script_types', arguments: {} })
    expect((await client.post(message)).isError).toBe(false)
    expect((await cancel(client, message.id)).status).toBe(202)
    expect((await client.post(message)).isError).toBe(false)
  })

  test('two calls under one id: the second is answered, and leaves the first as it is', async ({
    serve,
    sandbox,
  }) => {
    const { gateway, client, id, answer } = await held(serve, sandbox.gatewayUrl)
    const other = { ...client.messageOf('tools/call', { name: 'car_list_script_types', arguments: {} }), id }
    expect((await client.post(other)).isError).toBe(false)
    expect((await cancel(client, id)).status).toBe(202)
    await gateway.givenUp
    await Promise.race([answer.catch(String), pause(200)])
  })

  test('a caller who is over the rate may still cancel', async ({ serve, sandbox }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, search)
    const service = await serve(through(gateway, { QUALYS_CALLS_PER_MINUTE: '2' }))
    const client = service.client('ada', { revision })
    await client.initialize()
    const message = client.messageOf('tools/call', { name: 'car_search_jobs', arguments: {} })
    void client.post(message).catch(() => undefined)
    await gateway.held
    expect((await cancel(client, message.id)).status).toBe(202)
    await gateway.givenUp
  })
})

test.for(revisions)('%s: a foreign session id is ignored', async (revision, { serve }) => {
  const service = await serve({ callers })
  const client = service.client('ada', { revision, session: '6a6f6b65-0000-4000-8000-000000000000' })
  const answer = await client.call('car_list_script_types')
  expect(answer).toMatchObject({ status: 200, isError: false })
  expect(answer.headers).not.toHaveProperty('mcp-session-id')
})
