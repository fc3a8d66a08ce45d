import { describe, expect, test, vi } from 'vitest'
import { curl } from '../../support/deployment/curl.ts'
import { buildImage, openContainer } from '../../support/deployment/image.ts'
import { hasNameSpaces } from '../../support/deployment/name-space.ts'
import { startedService } from '../../support/deployment/running-service.ts'

// packaging/Dockerfile and packaging/compose.yaml, carried out without Docker.

const settings = {
  QUALYS_SANDBOX: '1',
  QUALYS_CALLERS_FILE: '/state/callers.json',
  QUALYS_LOG_LEVEL: 'debug',
}

/** A request of nginx, or of another program in the network. */
const request = (from: string, to: string, token: string): string[] =>
  curl({
    url: `http://${to}:8765/mcp`,
    headers: {
      Host: 'qualys-mcp.example.com',
      Authorization: `Bearer ${token}`,
      'X-Forwarded-For': '198.51.100.7',
    },
    message: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    flags: ['--interface', from, '--write-out', '\n%{http_code}'],
  })

test.runIf(process.env['CI'] !== undefined)('name spaces can be made here', () => {
  expect(hasNameSpaces).toBe(true)
})

describe.skipIf(!hasNameSpaces)('the image', () => {
  test('serves behind nginx as a user without rights, on a read-only root folder', async () => {
    const container = await openContainer(buildImage(), 'a long password')
    const publicUrl = { ...settings, QUALYS_PUBLIC_URL: 'https://qualys-mcp.example.com' }

    const { stderr: refusal, code } = await container.exec(container.command('http'))
    expect([code, refusal]).toEqual([2, expect.stringMatching(/QUALYS_CALLERS_FILE/)])
    const added = await container.exec(container.command('callers', 'add', 'anna'), { env: publicUrl })
    const token = added.stdout.trim()
    expect([added.code, token]).toEqual([0, expect.stringMatching(/^qmc_/)])

    const unhealthy = await container.exec(container.healthCheck)
    expect(unhealthy.code).toBe(1)
    const service = await startedService(container.start(undefined, publicUrl))
    expect(service).toMatchObject({ port: 8765, metricsPort: 9464 })
    expect((await container.exec(container.healthCheck)).code).toBe(0)

    const [nginx, own] = ['172.30.87.2', '172.30.87.3']
    const { stdout } = await container.run(request(nginx, own, token))
    expect(stdout).toMatch(/^\{.*"tools":.*\n200$/s)
    await vi.waitFor(() => expect(service.text()).toContain('"address":"198.51.100.7"'))
    for (const stranger of [own, '127.0.0.1']) {
      const { code, stdout } = await container.run(request(stranger, stranger, token))
      expect({ stranger, code, stdout }).toEqual({ stranger, code: expect.any(Number), stdout: '\n000' })
    }
    const written = await container.exec([
      'sh',
      '-c',
      'touch /app/new; touch /usr/new; touch /new; ls /state',
    ])
    expect(written.stderr.match(/Read-only file system/g)).toHaveLength(3)
    expect(written.stdout.split('\n')).toEqual(expect.arrayContaining(['callers.json', 'service.lock']))

    service.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    expect((await container.exec(container.healthCheck)).code).toBe(1)
    expect((await container.exec(['ls', '/state'])).stdout).not.toContain('service.lock')
  })
})
