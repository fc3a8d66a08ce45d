import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearerOf, type Service, startService } from '../../support/clients/service.ts'
import { program } from '../../support/stdio/peers.ts'

// The MCP Inspector on the command line, which the gate installs: npm ci --prefix .ci/inspector

const folderOfInspector = fileURLToPath(new URL('../../../.ci/inspector', import.meta.url))
const inspector = join(folderOfInspector, 'node_modules/.bin/mcp-inspector')

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the inspector against a service, with its own state in a folder of the test. */
async function inspect(service: Service, folder: string, token: string, ...args: string[]): Promise<Run> {
  const target = ['--cli', service.url, '--header', `Authorization: ${token}`, '--format', 'json', ...args]
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder }
  const child = spawn(process.execPath, [inspector, ...target], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

describe.skipIf(!existsSync(inspector))('the inspector', () => {
  let folder: string
  let service: Service

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-inspector-'))
    service = await startService({
      server: {
        command: process.execPath,
        args: [program],
        env: { PATH: process.env['PATH'] ?? '', QUALYS_SANDBOX: '1', QUALYS_STATE_DIR: folder },
      },
      callers: { inspector: { role: ['operator'] } },
    })
  })

  afterAll(async () => {
    await service.stop()
    rmSync(folder, { recursive: true })
  })

  test.each(['legacy', 'modern'])(
    'finds nothing wrong with the list of tools, in the %s era',
    async (era) => {
      const list = ['--method', 'tools/list', '--strict', '--protocol-era', era]
      const { code, stdout, stderr } = await inspect(service, folder, bearerOf('inspector'), ...list)
      expect([code, stderr]).toEqual([0, expect.not.stringMatching(/error|warn/i)])
      const { result } = JSON.parse(stdout) as { result: { tools: readonly object[] } }
      expect(result.tools.length).toBeGreaterThan(50)
    },
  )

  test.each(['legacy', 'modern'])('calls a tool, in the %s era', async (era) => {
    const call = [
      '--method',
      'tools/call',
      '--tool-name',
      'car_search_jobs',
      '--tool-args-json',
      '{"pageSize":2}',
    ]
    const { code, stdout } = await inspect(
      service,
      folder,
      bearerOf('inspector'),
      ...call,
      '--protocol-era',
      era,
    )
    expect([code, stdout]).toEqual([0, expect.stringContaining('jobs 1-2 of 15,000')])
  })

  test('asks for a login if the token is wrong', async () => {
    const list = ['--method', 'tools/list', '--stored-auth-only']
    const { code, stdout, stderr } = await inspect(service, folder, bearerOf('nobody'), ...list)
    expect([code, `${stdout}${stderr}`]).toEqual([
      expect.any(Number),
      expect.stringContaining('auth_required'),
    ])
    expect(code).not.toBe(0)
  })
})
