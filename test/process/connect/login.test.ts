import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { clientId, openDeviceProvider } from '../../support/connect/device-provider.ts'
import { temporaryFolder } from '../../support/connect/folder.ts'
import { startServiceProgram } from '../../support/connect/programs.ts'
import { listening } from '../../support/session/gateway.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'

// A login through the built program: the person reads the code on stderr, before the client has asked anything.

test('a person logs in, and the next start needs no login', async () => {
  const { port, close } = await listening(createServer())
  await close()
  const url = `http://localhost:${port}/mcp`
  const provider = await openDeviceProvider(url)
  onTestFinished(provider.close)
  const folder = temporaryFolder()
  const service = await startServiceProgram(
    {
      QUALYS_SANDBOX: '1',
      QUALYS_STATE_DIR: join(folder, 'service'),
      QUALYS_OIDC_ISSUER: provider.issuer,
      QUALYS_OIDC_AUDIENCE: url,
      QUALYS_OIDC_ROLES: JSON.stringify({ 'scope:qualys.read': 'viewer' }),
      QUALYS_PUBLIC_URL: `http://localhost:${port}`,
    },
    port,
  )
  onTestFinished(service.stop)
  const start = (): RawServer =>
    new RawServer({ QUALYS_STATE_DIR: join(folder, 'client') }, ['connect', url, '--client-id', clientId])
  const first = start()
  const code = /enter the code (\S+)\./
  await expect.poll(() => first.stderr, { timeout: 30_000 }).toMatch(code)
  await provider.decide(code.exec(first.stderr)?.[1] ?? '', 'yes')
  await first.initialize()
  expect((await first.request('tools/list', {})).result?.tools).not.toEqual([])
  const { out, err } = await first.finish()
  expect(err).toContain('"msg":"logged in"')
  expect(out + err).not.toMatch(/eyJ/)
  const next = await start().initialize()
  expect((await next.request('tools/list', {})).result?.tools).not.toEqual([])
  expect((await next.finish()).err).not.toMatch(code)
})
