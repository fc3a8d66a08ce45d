import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { curl } from '../../support/deployment/curl.ts'
import { type LinuxMachine, openLinuxMachine } from '../../support/deployment/linux-machine.ts'
import { hasNameSpaces } from '../../support/deployment/name-space.ts'
import { hasNginx } from '../../support/deployment/nginx.ts'
import { commandsOf, fileOf, replaced } from '../../support/deployment/page.ts'
import { afterTest } from '../../support/deployment/running-service.ts'
import { issueCertificate } from '../../support/session/certificate.ts'

// The commands and files of docs/service.md as they are printed, and the command of packaging/qualys-mcp.service, on a
// machine that forgets them. In CI, image.test.ts fails where this cannot be run.

const authority = issueCertificate({ subject: 'A private CA' })
const account = { 'QUALYS_PLATFORM=US2\nQUALYS_USERNAME=acme2ab1': 'QUALYS_SANDBOX=1' }

const flags = ['--cacert', '/tmp/ca.pem']

/** A machine on which the program is installed, with a certificate and its key in /tmp. */
async function openInstalled(): Promise<LinuxMachine> {
  const machine = await openLinuxMachine()
  await machine.perform(commandsOf('install'), 'a long password\n')
  const { cert, key } = issueCertificate({ names: ['qualys-mcp.example.com'], by: authority })
  await machine.write('/tmp/server.crt', cert)
  await machine.write('/tmp/server.key', key)
  await machine.write('/tmp/ca.pem', authority.cert)
  return machine
}

/** Settings as the page prints them, but for the account. */
const settingsOf = (setup: string): string => replaced(fileOf(setup, 'settings.env'), account)

describe.skipIf(!hasNameSpaces)('the unit', () => {
  test('serves alone with TLS and a callers file', async () => {
    const machine = await openInstalled()
    const settings = `${settingsOf('tls')}\nQUALYS_APPROVE_BY=page,terminal\n`
    await machine.write('/etc/qualys-mcp/settings.env', settings)
    const commands = replaced(commandsOf('tls'), { ' server.': ' /tmp/server.' })
    const token = (await machine.perform(commands)).trim()
    await machine.perform(commandsOf('start').replace(/^sudo journalctl.*$/m, ''))
    const service = await machine.startUnit()
    expect(service.port).toBe(8443)

    const { stdout } = await machine.run(['node', 'test/support/deployment/list-tools.mjs'], {
      folder: process.cwd(),
      env: {
        MCP_URL: 'https://qualys-mcp.example.com:8443/mcp',
        MCP_TOKEN: token,
        NODE_EXTRA_CA_CERTS: '/tmp/ca.pem',
      },
    })
    expect(JSON.parse(stdout)).toEqual({ legacy: expect.any(Number), modern: expect.any(Number) })

    // A client that cannot ask: a person approves on this machine.
    const call = curl({
      url: 'https://qualys-mcp.example.com:8443/mcp',
      headers: { Authorization: `Bearer ${token}` },
      message: {
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'car_clone_script', arguments: { scriptId: 19218, title: 'A copy' } },
      },
      flags,
    })
    const answerOf = async (): Promise<string> => (await machine.run(call)).stdout
    const [code = ''] = /[A-Z\d]{4}-[A-Z\d]{4}/.exec(await answerOf()) ?? []
    const approve = replaced(commandsOf('approve'), { '5PDX-Q23B': code }).trim()
    // With a terminal, which `approve` asks.
    const shown = await machine.perform(`script --quiet --return --command '${approve}' /dev/null`, 'yes\n')
    expect(shown).toContain('An assistant of "http:anna" wants to call car_clone_script')
    expect(await answerOf()).toContain('cloned as')
    const audit = await machine.perform('cat /var/log/qualys-mcp/audit.jsonl')
    expect(audit).toMatch(/"caller":\{"name":"anna","person":"anna","knownBy":"callers file"\}/)
    expect(audit).toContain('"event":"answered"')

    service.kill('SIGHUP')
    service.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    expect(service.text()).toContain('"ending"')
    expect(service.text()).not.toContain(token)
  })

  test.skipIf(!hasNginx)('serves behind nginx, which is set up beside what Debian has', async () => {
    const machine = await openInstalled()
    await machine.write('/etc/qualys-mcp/settings.env', settingsOf('nginx'))
    await machine.perform('install -D /tmp/server.crt /etc/nginx/tls/qualys-mcp.crt')
    await machine.perform('install -D -m 600 /tmp/server.key /etc/nginx/tls/qualys-mcp.key')
    await machine.perform(commandsOf('nginx'))
    const nginx = machine.start(['nginx', '-g', 'daemon off;'])
    const ended = once(nginx, 'close')
    afterTest(async () => {
      nginx.kill('SIGTERM')
      await ended
    })
    const service = await machine.startUnit()
    expect(service).toMatchObject({ port: 8765, metricsPort: 9464 })
    const ask = async (path: string, message?: object): Promise<string> => {
      const url = `https://qualys-mcp.example.com${path}`
      return (await machine.run(curl({ url, message, flags: [...flags, '--include'] }))).stdout
    }
    await vi.waitFor(async () => expect(await ask('/healthz')).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nok$/))
    const refused = await ask('/mcp', {})
    expect(refused).toMatch(/^HTTP\/1\.1 401 /)
    expect(refused).toContain(
      'resource_metadata="https://qualys-mcp.example.com/.well-known/oauth-protected-resource/mcp"',
    )
    service.kill('SIGTERM')
    expect(await service.ended).toBe(0)
  })
})

const analyze = '/usr/bin/systemd-analyze'
const canVerify = ['/usr/bin/node', analyze].every((path) => existsSync(path))

test.skipIf(!canVerify)('systemd reads the unit without a complaint', () => {
  const { stdout, stderr } = spawnSync(analyze, ['verify', '--man=no', 'packaging/qualys-mcp.service'], {
    encoding: 'utf8',
  })
  expect(stdout + stderr).toBe('')
})
