import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { connectedClient, eras, sender } from '../../support/deployment/client.ts'
import { hasNginx } from '../../support/deployment/nginx.ts'
import { startTeamService } from '../../support/deployment/team-service.ts'
import { openHoldingGateway } from '../../support/holding-gateway.ts'
import { ask } from '../../support/listener/client.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { deferred } from '../../support/session/gateway.ts'

// Calls that run for some time behind nginx, with packaging/nginx.conf. Without nginx, nginx.test.ts fails in CI.

/** A scan that has news after its first request to Qualys, and whose second one is held back. */
const scan = {
  name: 'car_search_jobs',
  given: { match: 'no job is called this' },
  path: '/sm/v2/jobs/search',
}

async function openTeam() {
  const sandbox = await openSandbox({ jobs: 2_000 })
  onTestFinished(() => sandbox.close())
  const gateway = await openHoldingGateway(sandbox.gatewayUrl, [scan.path], { skip: 1 })
  onTestFinished(() => gateway.close())
  const team = await startTeamService({ ...sandbox, gatewayUrl: gateway.url, apiUrl: gateway.url })
  return { ...team, gateway, viewer: await team.issuer.token('qualys.read') }
}

describe.skipIf(!hasNginx)('behind nginx', () => {
  test.each(eras)('progress reaches the client while the call runs (%s)', async (era) => {
    const { way, viewer, gateway } = await openTeam()
    const client = await connectedClient({ ...way, token: viewer }, era)
    const progress = deferred()
    const call = client.call(scan.name, scan.given, { onprogress: progress.resolve })
    await gateway.arrived
    // If nginx kept it, it would come with the answer, which waits for this.
    await progress.promise
    gateway.release()
    expect((await call).isError ?? false).toBe(false)
  })

  test.each(eras)('a client that goes away ends its call (%s)', async (era) => {
    const { way, viewer, gateway, service } = await openTeam()
    const client = await connectedClient({ ...way, token: viewer }, era)
    const controller = new AbortController()
    const call = client.call(scan.name, scan.given, { signal: controller.signal }).catch(() => undefined)
    await gateway.arrived
    controller.abort()
    await call
    await vi.waitFor(() =>
      expect(service.lines()).toContainEqual(
        expect.objectContaining({ tool: scan.name, outcome: 'cancelled' }),
      ),
    )
  })

  test('what runs at SIGTERM is answered', async () => {
    const { way, viewer, gateway, service } = await openTeam()
    const client = await connectedClient({ ...way, token: viewer })
    const call = client.call(scan.name, scan.given)
    await gateway.arrived
    service.kill('SIGTERM')
    await vi.waitFor(async () => {
      const { status } = await ask(service.metricsPort, { path: '/readyz' })
      expect(status).toBe(503)
    })
    const refused = await sender({ ...way, token: viewer })()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    gateway.release()
    expect((await call).isError ?? false).toBe(false)
    expect(await service.ended).toBe(0)
  })
})
