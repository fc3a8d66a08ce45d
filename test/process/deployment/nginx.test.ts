import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { connectedClient, eras, sender } from '../../support/deployment/client.ts'
import { hasNginx } from '../../support/deployment/nginx.ts'
import type { OnEnd } from '../../support/deployment/running-service.ts'
import { startTeamService } from '../../support/deployment/team-service.ts'
import { ask, rawClient } from '../../support/listener/client.ts'
import { shakeHands } from '../../support/listener/tls.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { textOf } from '../../support/stdio/peers.ts'

// The set-up for a team (docs/service.md): nginx with packaging/nginx.conf, and an OpenID issuer.

let team: Awaited<ReturnType<typeof startTeamService>>
let viewer: string
const ends: (() => unknown)[] = []
const onEnd: OnEnd = (work) => void ends.push(work)

beforeAll(async () => {
  if (!hasNginx) return
  const sandbox = await openSandbox({ jobs: 100 })
  onEnd(() => sandbox.close())
  team = await startTeamService(sandbox, onEnd)
  viewer = await team.issuer.token('qualys.read')
})
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

test.runIf(process.env['CI'] !== undefined)('nginx is installed (.ci/packages.sh)', () => {
  expect(hasNginx).toBe(true)
})

describe.skipIf(!hasNginx)('behind nginx', () => {
  test('callers of the issuer list and call in both revisions; others are told where to log in', async () => {
    const { way, issuer, service } = team
    const operator = await issuer.token('qualys.run')
    for (const era of eras) {
      const reads = await connectedClient({ ...way, token: viewer }, era)
      expect(await reads.tools()).not.toContain('car_clone_script')
      expect(textOf(await reads.call('car_list_script_types'))).toContain('Custom Script')
      const runs = await connectedClient({ ...way, token: operator }, era)
      expect(await runs.tools()).toContain('car_clone_script')
    }
    const line = { msg: 'request ended', tool: 'car_list_script_types', outcome: 'ok', caller: 'oidc:ci' }
    await vi.waitFor(() => expect(service.lines()).toContainEqual(expect.objectContaining(line)))

    const { status, headers } = await sender(way)()
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain('Bearer resource_metadata="https://localhost/')
    const metadata = await sender(way)(
      { method: 'GET', body: null },
      '/.well-known/oauth-protected-resource/mcp',
    )
    expect(JSON.parse(metadata.text)).toMatchObject({ authorization_servers: [issuer.issuer] })
    expect((await sender({ ...way, token: await issuer.token('other') })()).status).toBe(403)
    expect(service.text()).not.toContain(viewer)
  })

  test('the service knows the address of the client, whatever the client says', async () => {
    const { way, service } = team
    const lies = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'http',
      forwarded: 'for=203.0.113.9',
    }
    const { status } = await sender({ ...way, token: viewer, from: '127.0.0.3', headers: lies })()
    expect(status).toBe(200)
    const line = { msg: 'client of the request', address: '127.0.0.3' }
    await vi.waitFor(() => expect(service.lines()).toContainEqual(expect.objectContaining(line)))
    expect(service.text()).not.toContain('203.0.113.9')
  })

  test('a program beside nginx is not served', async () => {
    const { service } = team
    const stranger = rawClient(connect({ port: service.port, host: '127.0.0.1', localAddress: '127.0.0.2' }))
    stranger.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await stranger.ended).toBe('')
    await vi.waitFor(() => expect(service.text()).toContain('QUALYS_BEHIND_PROXY does not name its address'))
  })

  test('connections to the service are used again, and none that just closes', async () => {
    const { way, service, nginx } = team
    const send = sender({ ...way, token: viewer })
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => send()))
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    }
    const { text } = await ask(service.metricsPort, { path: '/metrics' })
    const [, connections] = /^qualys_mcp_connections (\d+)$/m.exec(text) ?? []
    expect(Number(connections)).toBeGreaterThan(0)
    expect(Number(connections)).toBeLessThanOrEqual(8)
    // nginx lets go of a connection before the service does.
    const { headers } = await ask(service.port, {
      path: '/.well-known/nothing',
      headers: { connection: 'keep-alive' },
    })
    const [, seconds] = /timeout=(\d+)/.exec(String(headers['keep-alive'])) ?? []
    const file = readFileSync(`${nginx.folder}/service.conf`, 'utf8')
    const [, kept] = /^ {2}keepalive_timeout (\d+)s;/m.exec(file) ?? []
    expect(Number(seconds)).toBeGreaterThan(Number(kept))
    expect(readFileSync(`${nginx.folder}/access.log`, 'utf8')).not.toMatch(/ 50\d /)
  })

  test('refusals before the body is read reach the client', async () => {
    const { way } = team
    const body = JSON.stringify({ text: 'x'.repeat(2_000_000) })
    expect((await sender({ ...way, token: 'wrong' })({ body })).status).toBe(401)
    expect((await sender({ ...way, token: viewer })({ body })).status).toBe(400)
    expect((await sender({ ...way, token: viewer })({ body: 'x'.repeat(11_000_000) })).status).toBe(413)
  })

  test('a token in a query stands in no log', async () => {
    const { way, nginx, service } = team
    expect((await sender(way)({}, '/mcp?token=canary-in-a-query')).status).toBe(401)
    const log = await vi.waitFor(() => {
      const lines = readFileSync(`${nginx.folder}/access.log`, 'utf8')
      expect(lines).toMatch(/"POST \/mcp" 401 \d+ [\d.]+\n$/)
      return lines
    })
    expect(log + service.text()).not.toContain('canary')
  })

  test('TLS below 1.2 is refused', async () => {
    const { nginx } = team
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(shakeHands(nginx.port, old)).rejects.toThrow()
    expect((await shakeHands(nginx.port)).version).toBe('TLSv1.3')
  })
})
