import { createServer, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../../support/consent/raw-client.ts'
import { minimalArgumentsOn } from '../../../support/operations/minimal-arguments.ts'
import { revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openWatchedGateway } from '../../../support/service/gateway.ts'
import { listening } from '../../../support/session/gateway.ts'

// The end of a service in this process: what runs, what comes then, and what is left behind.

const test = serviceTestOn()

const callers = { ada: { role: 'operator' }, root: { role: 'admin' } } as const
const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const
const cloned = 'POST /sm/v1/scripts/61179/clone'
const unattended = { QUALYS_MODE: 'unattended' }
const isOver = async (work: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([work.then(() => true), pause(100, false)])) === true

describe.each(revisions)('%s', (revision) => {
  test('what runs is answered, new calls are refused with a sentence, and it says that it is not ready', async ({
    serve,
    sandbox,
    effects,
  }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, cloned)
    const service = await serve({ callers, settings: { ...unattended, QUALYS_GATEWAY_URL: gateway.url } })
    const running = service.client('ada', { revision }).call(...clone)
    await gateway.held
    service.tellEnd()
    const drained = service.drain()
    expect(await isOver(drained)).toBe(false)
    const refused = await service.client('ada', { revision }).call('car_list_script_types')
    expect([refused.status, refused.error?.message]).toEqual([
      503,
      'The service is ending and takes no more calls: make the call again in a moment.',
    ])
    expect(refused.headers['retry-after']).toMatch(/^\d+$/)
    const ready = await fetch(`http://127.0.0.1:${service.metricsPort}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'not ready', reasons: ['The service is ending.'] },
    ])
    expect((await service.client('root').post('', { path: '/healthz', method: 'GET' })).status).toBe(200)
    gateway.release()
    expect((await running).isError).toBe(false)
    await drained
    expect(await effects()).toEqual([cloned])
    expect(service.audit().at(-1)).toMatchObject({ event: 'answered', facts: { outcome: 'done' } })
  })

  test('an effect that was not sent yet is refused, and its caller is told', async ({
    serve,
    sandbox,
    effects,
  }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, 'GET /sm/v1/scripts/61179')
    const service = await serve({ callers, settings: { ...unattended, QUALYS_GATEWAY_URL: gateway.url } })
    const running = service.client('ada', { revision }).call(...clone)
    await gateway.held
    service.tellEnd()
    const drained = service.drain()
    expect((await running).text).toContain('qualys-mcp is ending, so nothing was sent.')
    await drained
    expect(await effects()).toEqual([])
  })

  test('what has not come back when it closes is written as unclear, and its client is not left waiting', async ({
    serve,
    sandbox,
  }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, cloned)
    const service = await serve({ callers, settings: { ...unattended, QUALYS_GATEWAY_URL: gateway.url } })
    const running = service
      .client('ada', { revision })
      .call(...clone)
      .catch(String)
    await gateway.held
    service.tellEnd()
    await service.close()
    expect(service.audit().filter(({ event }) => event === 'answered')).toMatchObject([
      { facts: { outcome: 'unclear' } },
    ])
    expect(await isOver(running)).toBe(true)
  })

  test('the client of a call that is cut off is told that its outcome is unknown', async ({
    serve,
    sandbox,
  }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, cloned)
    const service = await serve({ callers, settings: { ...unattended, QUALYS_GATEWAY_URL: gateway.url } })
    const running = service.client('ada', { revision }).call(...clone)
    await gateway.held
    service.tellEnd()
    await service.close()
    const said = await running.then(({ body }) => body, String)
    expect(said).toMatch(/told to end before the call was answered/)
  })

  test('a resource that is being read is waited for as well', async ({ serve, sandbox }) => {
    const { car_get_output: ids } = await minimalArgumentsOn(sandbox.control)
    const { jobId, assetJobId } = ids as { readonly jobId: string; readonly assetJobId: string }
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, 'POST /sm/v2/assetjobs/search')
    const service = await serve({ callers, settings: { QUALYS_GATEWAY_URL: gateway.url } })
    const uri = `qualys://outputs/${jobId}/${assetJobId}`
    const reading = service.client('ada', { revision }).request('resources/read', { uri })
    await gateway.held
    const drained = service.drain()
    expect(await isOver(drained)).toBe(false)
    gateway.release()
    expect((await reading).result).toHaveProperty('contents')
    await drained
  })

  test('a call whose body comes after the end began is refused', async ({ serve, upstream }) => {
    const service = await serve({ callers })
    const client = service.client('ada', { revision })
    const message = client.messageOf('tools/call', { name: 'car_list_script_types', arguments: {} })
    const body = JSON.stringify(message)
    const headers = {
      ...client.headersFor('tools/call', { name: 'car_list_script_types' }),
      'content-length': Buffer.byteLength(body),
      expect: '100-continue',
    }
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request({
        port: service.port,
        host: '127.0.0.1',
        path: '/mcp',
        method: 'POST',
        headers,
        agent: false,
      })
      sent.on('continue', () => void service.drain().then(() => sent.end(body)))
      sent.on('response', (response) => resolve(response.resume().statusCode))
      sent.on('error', reject)
      sent.flushHeaders()
    })
    expect(status).toBe(503)
    expect(await upstream()).toEqual([])
  })
})

test('a call within a batch is waited for as well', async ({ serve, sandbox, effects }) => {
  const gateway = await openWatchedGateway(sandbox.gatewayUrl, cloned)
  const service = await serve({ callers, settings: { ...unattended, QUALYS_GATEWAY_URL: gateway.url } })
  const client = service.client('ada', { revision: '2025-11-25' })
  const call = client.messageOf('tools/call', { name: clone[0], arguments: clone[1] })
  const answer = client.post([client.messageOf('tools/list'), call], {
    headers: { 'mcp-protocol-version': '2025-03-26' },
  })
  await gateway.held
  const drained = service.drain()
  expect(await isOver(drained)).toBe(false)
  gateway.release()
  expect((await answer).messages).toHaveLength(2)
  await drained
  expect(await effects()).toEqual([cloned])
})

test('a client that has gone away does not keep it from ending', async ({ serve, sandbox }) => {
  for (const revision of revisions) {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, 'POST /sm/v2/jobs/search')
    const service = await serve({ callers, settings: { QUALYS_GATEWAY_URL: gateway.url } })
    const stop = new AbortController()
    const call = service.client('ada', { revision }).call('car_search_jobs', {}, {}, { signal: stop.signal })
    await gateway.held
    stop.abort()
    await call.catch(() => undefined)
    expect(await Promise.race([service.drain().then(() => revision), pause(1_000)])).toBe(revision)
  }
})

test('a subscription, of which nothing can come, ends at once', async ({ serve }) => {
  const service = await serve({ callers })
  const listening = service
    .client('ada')
    .request('subscriptions/listen', { notifications: { toolsListChanged: true } })
  expect((await listening).messages.at(-1)?.result).toMatchObject({ resultType: 'complete' })
  await service.drain()
})

describe('the state folder', () => {
  test('takes one service; once that has ended, the next', async ({ serve }) => {
    const folder = temporaryFolder()
    const first = await serve({ folder, callers: { ada: {} } })
    await expect(serve({ folder, callers: { eve: {} } })).rejects.toThrow(
      /^Another qualys-mcp service uses the state folder/,
    )
    await first.close()
    const next = await serve({ folder, callers: { max: {} } })
    expect((await next.client('ada').request('tools/list')).status).toBe(200)
  })

  test('is free again after a start that failed', async ({ serve }) => {
    const folder = temporaryFolder()
    const { port, close } = await listening(createServer())
    onTestFinished(close)
    await expect(serve({ folder, port, callers: { ada: {} } })).rejects.toThrow(`Port ${port} is in use`)
    const next = await serve({ folder, callers: { eve: {} } })
    expect((await next.client('ada').request('tools/list')).status).toBe(200)
  })

  test('is free again after a metrics port that is taken', async ({ serve }) => {
    const folder = temporaryFolder()
    const { port, close } = await listening(createServer())
    onTestFinished(close)
    const settings = { QUALYS_METRICS_PORT: String(port) }
    await expect(serve({ folder, settings, callers: { ada: {} } })).rejects.toThrow(/QUALYS_METRICS_PORT/)
    const next = await serve({ folder, callers: { eve: {} } })
    expect((await next.client('ada').request('tools/list')).status).toBe(200)
  })
})
