import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import { testOn } from '../../support/fixtures.ts'
import { effectRequests } from '../../support/sandbox.ts'
import type { Answer } from '../../support/service/answer.ts'
import { revisions, type ServiceClient } from '../../support/service/client.ts'
import { openWatchedGateway } from '../../support/service/gateway.ts'
import { type ServiceProcess, spawnService } from '../../support/service/process.ts'

// The built service is told to end while calls run.

const test = testOn({ jobs: 100 })

const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const
const cloned = 'POST /sm/v1/scripts/61179/clone'
const events = ['start', 'asked', 'approved', 'sent', 'answered', 'end']

const eventsOf = (service: ServiceProcess): unknown[] => service.audit().map(({ event }) => event)
const isIntact = async ({ folder }: ServiceProcess): Promise<boolean> =>
  (await verifyAudit(join(folder, 'audit.jsonl'))).ok

/** Reads again and again until the service refuses, or closes the connection; what was no success. */
async function keepReading(client: ServiceClient): Promise<Answer | string> {
  for (;;) {
    const answer = await client.call('car_list_script_types').catch(String)
    if (typeof answer === 'string' || answer.status !== 200 || answer.isError) return answer
  }
}

describe.each(revisions)('%s: SIGTERM under load', (revision) => {
  test('an effect that was sent is done once, and its caller is told; new calls are refused', async ({
    sandbox,
  }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, cloned)
    const service = await spawnService(sandbox, {
      callers: { ada: { role: 'operator' }, eve: {} },
      settings: { QUALYS_GATEWAY_URL: gateway.url, QUALYS_CONCURRENCY: '4' },
    })
    const load = Array.from({ length: 4 }, () => keepReading(service.client('eve', { revision })))
    const effect = service.client('ada', { revision }).call(...clone)
    await gateway.held
    expect(await service.readyStatus()).toBe(200)
    service.child.kill('SIGTERM')
    await service.said('"msg":"ending"')
    expect(await service.readyStatus()).toBe(503)
    const late = await service.client('ada', { revision }).call(...clone)
    expect([late.status, late.error?.message]).toEqual([
      503,
      'The service is ending and takes no more calls: make the call again in a moment.',
    ])
    for (const end of await Promise.all(load))
      if (typeof end === 'string') expect(end).toMatch(/ECONNRESET|socket hang up/)
      else expect(end.status).toBe(503)
    gateway.release()
    expect(await effect).toMatchObject({ status: 200, isError: false })
    expect(await service.ended).toEqual({ code: 0, signal: null })
    expect(await effectRequests(sandbox.control)).toHaveLength(1)
    expect(eventsOf(service)).toEqual(events)
    expect(service.audit()[4]).toMatchObject({ facts: { outcome: 'done' } })
    expect(await isIntact(service)).toBe(true)
  })

  test('an effect that was not sent yet is refused at once', async ({ sandbox }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, 'GET /sm/v1/scripts/61179')
    const service = await spawnService(sandbox, { settings: { QUALYS_GATEWAY_URL: gateway.url } })
    const effect = service.client('ada', { revision }).call(...clone)
    await gateway.held
    service.child.kill('SIGTERM')
    expect((await effect).text).toContain('qualys-mcp is ending, so nothing was sent.')
    expect((await service.ended).code).toBe(0)
    expect(await effectRequests(sandbox.control)).toEqual([])
    expect(eventsOf(service)).toEqual(['start', 'asked', 'refused', 'end'])
    expect(await isIntact(service)).toBe(true)
  })

  test('what has not come back after QUALYS_DRAIN_SECONDS is written as unclear', async ({ sandbox }) => {
    const gateway = await openWatchedGateway(sandbox.gatewayUrl, cloned)
    const service = await spawnService(sandbox, {
      settings: { QUALYS_GATEWAY_URL: gateway.url, QUALYS_DRAIN_SECONDS: '1' },
    })
    const effect = service
      .client('ada', { revision })
      .call(...clone)
      .catch(String)
    await gateway.held
    service.child.kill('SIGTERM')
    expect((await service.ended).code).toBe(0)
    expect(eventsOf(service)).toEqual(events)
    expect(service.audit()[4]).toMatchObject({ facts: { outcome: 'unclear' } })
    expect(await isIntact(service)).toBe(true)
    // Not a success, whatever the client makes of it.
    expect(await effect).not.toMatchObject({ status: 200, isError: false })
  })
})

test('a second signal ends it at once', async ({ sandbox }) => {
  const gateway = await openWatchedGateway(sandbox.gatewayUrl, cloned)
  const service = await spawnService(sandbox, {
    settings: { QUALYS_GATEWAY_URL: gateway.url, QUALYS_DRAIN_SECONDS: '600' },
  })
  const effect = service
    .client('ada')
    .call(...clone)
    .catch(String)
  await gateway.held
  service.child.kill('SIGTERM')
  await service.said('"msg":"ending"')
  service.child.kill('SIGTERM')
  expect((await service.ended).code).toBe(0)
  expect(service.audit()[4]).toMatchObject({ facts: { outcome: 'unclear' } })
  await effect
})

test('without calls it ends at once, and connections that are kept open do not hold it', async ({
  sandbox,
}) => {
  const service = await spawnService(sandbox, { settings: { QUALYS_DRAIN_SECONDS: '600' } })
  expect((await service.client('ada').request('tools/list')).status).toBe(200)
  service.child.kill('SIGTERM')
  expect(await service.ended).toEqual({ code: 0, signal: null })
})
