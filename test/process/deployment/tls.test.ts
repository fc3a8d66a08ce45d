import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readEnvironmentFile } from '../../support/deployment/environment-file.ts'
import { freePort } from '../../support/deployment/nginx.ts'
import { commandsOf, fileOf, replaced } from '../../support/deployment/page.ts'
import type { OnEnd, RunningService } from '../../support/deployment/running-service.ts'
import { startService, temporaryFolder } from '../../support/deployment/team-service.ts'
import { connectTo, statusesIn } from '../../support/listener/client.ts'
import { shakeHands } from '../../support/listener/tls.ts'
import { issueCertificate } from '../../support/session/certificate.ts'
import { program } from '../../support/stdio/peers.ts'

// The set-up alone with TLS (docs/service.md), for any user: only name, port, paths and account are other ones. As it is
// printed, with systemd's unit: systemd.test.ts.

const authority = issueCertificate({ subject: 'A private CA' })
const client = fileURLToPath(new URL('../../support/deployment/list-tools.mjs', import.meta.url))
const ends: (() => unknown)[] = []
const onEnd: OnEnd = (work) => void ends.push(work)
let service: RunningService
let token: string
let folder: string

/** Runs the commands of the set-up as this user, in the folder with a new certificate. */
function runCommands(commands: string): string {
  const { cert, key } = issueCertificate({ names: ['localhost'], by: authority })
  writeFileSync(join(folder, 'server.crt'), cert)
  writeFileSync(join(folder, 'server.key'), key)
  return execFileSync('sh', ['-ec', commands], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
}

beforeAll(async () => {
  folder = temporaryFolder(onEnd)
  const port = await freePort()
  const commands = replaced(commandsOf('tls'), {
    'sudo -u qualys-mcp node': process.execPath,
    'sudo install -g qualys-mcp -m 640': 'install -m 600',
    'sudo ': '',
    '/etc/qualys-mcp': folder,
    '/var/lib/qualys-mcp': folder,
    '/opt/qualys-mcp/dist/main.js': program,
  })
  token = runCommands(commands).trim()
  const settings = replaced(fileOf('tls', 'settings.env'), {
    'QUALYS_PLATFORM=US2\nQUALYS_USERNAME=acme2ab1': 'QUALYS_SANDBOX=1',
    'HOST=0.0.0.0': 'HOST=127.0.0.1',
    'PORT=8443': `PORT=${port}`,
    'qualys-mcp.example.com:8443': `localhost:${port}`,
    '/etc/qualys-mcp': folder,
    '/var/lib/qualys-mcp': folder,
    '/var/log/qualys-mcp': folder,
  })
  const stateDir = join(folder, 'state')
  mkdirSync(stateDir, { mode: 0o700 })
  service = await startService({ ...readEnvironmentFile(settings), QUALYS_STATE_DIR: stateDir }, onEnd)
})
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

/** What a client of its own process sees. */
async function seen(env: Readonly<Record<string, string>>): Promise<unknown> {
  const child = spawn(process.execPath, [client], {
    env: { MCP_URL: `https://localhost:${service.port}/mcp`, MCP_TOKEN: token, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout))
}

test('clients that trust the private CA connect in both revisions; others do not', async () => {
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, authority.cert)
  const [trusting, others, stranger] = await Promise.all([
    seen({ NODE_EXTRA_CA_CERTS: ca }),
    seen({}),
    seen({ NODE_EXTRA_CA_CERTS: ca, MCP_TOKEN: 'x'.repeat(40) }),
  ])
  const { legacy, modern } = trusting as { legacy: number; modern: number }
  expect(legacy).toBeGreaterThan(50)
  expect(modern).toBe(legacy)
  expect(others).toEqual({ error: expect.stringMatching(/CERT|SIGNATURE|ISSUER/) })
  expect(JSON.stringify(stranger)).toMatch(/belongs to no caller/)
})

test('plain http is refused', async () => {
  const { write, ended } = connectTo(service.port)
  write(`POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  expect(statusesIn(await ended).filter((status) => status < 400)).toEqual([])
})

test('TLS 1.1 is refused', async () => {
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  await expect(shakeHands(service.port, old)).rejects.toThrow(/protocol version/)
  expect((await shakeHands(service.port)).version).toBe('TLSv1.3')
})

test('a new certificate is shown once it is installed, by itself and after SIGHUP', async () => {
  const install = replaced(commandsOf('tls').split('\n').slice(0, 2).join('\n'), {
    'sudo install -g qualys-mcp -m 640': 'install -m 600',
    'sudo ': '',
    '/etc/qualys-mcp': folder,
  })
  const shown = async () => (await shakeHands(service.port)).fingerprint
  const first = await shown()
  runCommands(install)
  const second = await vi.waitFor(
    async () => {
      const found = await shown()
      expect(found).not.toBe(first)
      return found
    },
    { timeout: 10_000, interval: 100 },
  )
  runCommands(install)
  service.kill('SIGHUP')
  await vi.waitFor(async () => expect(await shown()).not.toBe(second), { timeout: 10_000, interval: 100 })
})
