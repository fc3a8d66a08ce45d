import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { connectedClient, eras, sender } from '../../support/deployment/client.ts'
import { commandsOf, replaced } from '../../support/deployment/page.ts'
import { type Child, startedService } from '../../support/deployment/running-service.ts'
import { temporaryFolder } from '../../support/deployment/team-service.ts'
import { textOf } from '../../support/stdio/peers.ts'

// The set-up on one machine (docs/service.md): its commands as they are printed, on the sandbox.

/** A shell with a home folder of its own, in the folder of the checkout, as the page assumes it. */
function shell(home: string, script: string, env: Readonly<Record<string, string>> = {}): Child {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
  const options: SpawnOptions = {
    env: { PATH: path, HOME: home, QUALYS_SANDBOX: '1', QUALYS_HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  }
  return spawn('bash', ['-ec', script], options) as Child
}

async function outputOf(child: Child): Promise<string> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (code !== 0) throw new Error(stderr)
  return stdout
}

test('a caller is made, the service starts, clients connect, and a removed caller is refused', async () => {
  const home = temporaryFolder()
  // The shell becomes the service, so that a signal reaches it.
  const script = replaced(commandsOf('loopback'), { 'node dist/main.js http': 'exec node dist/main.js http' })
  const service = await startedService(shell(home, script))
  const [token = ''] = service.text().split('\n')
  expect(token).toMatch(/^qmc_[\w-]{43}$/)
  const folder = join(home, '.config/qualys-mcp')
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(readFileSync(join(folder, 'callers.json'), 'utf8')).not.toContain(token)

  const check = replaced(commandsOf('loopback', 'check'), { 'localhost:8765': `localhost:${service.port}` })
  const answers = await outputOf(shell(home, check, { TOKEN: token }))
  expect(answers).toMatch(/^ok\{"/)
  expect(JSON.parse(answers.slice(2))).toMatchObject({ id: 1, result: { tools: expect.any(Array) } })

  const way = { url: `http://localhost:${service.port}/mcp`, token }
  for (const era of eras) {
    const client = await connectedClient(way, era)
    expect(await client.tools()).toContain('car_execute_script')
    expect(textOf(await client.call('qualys_status'))).toContain('sandbox')
  }
  const send = sender(way)
  expect((await send()).status).toBe(200)
  await outputOf(
    shell(home, 'node dist/main.js callers remove anna', {
      QUALYS_CALLERS_FILE: join(folder, 'callers.json'),
    }),
  )
  await vi.waitFor(async () => expect((await send()).status).toBe(401), { timeout: 5_000, interval: 100 })
  service.kill('SIGTERM')
  expect(await service.ended).toBe(0)
  expect(service.text().split(token)).toHaveLength(2)
})

test('the account of the page is one that the program takes', async () => {
  const script = `${commandsOf('loopback', 'account')}unset QUALYS_SANDBOX QUALYS_HTTP_PORT\nnode dist/main.js tools > /dev/null\necho taken`
  const home = temporaryFolder()
  const prepared = `mkdir -p -m 700 ~/.config/qualys-mcp; install -m 600 /dev/stdin ~/.config/qualys-mcp/password <<< 'a long password'\n${script}`
  expect(await outputOf(shell(home, prepared))).toBe('taken\n')
})
