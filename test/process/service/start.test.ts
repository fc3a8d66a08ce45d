import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { runProgram } from '../../support/command-line/program.ts'
import { temporaryFolder } from '../../support/consent/raw-client.ts'
import { testOn } from '../../support/fixtures.ts'
import { pairFiles, shakeHands } from '../../support/listener/tls.ts'
import { serviceEnvironment, spawnService } from '../../support/service/process.ts'
import { issueCertificate } from '../../support/session/certificate.ts'
import { listening } from '../../support/session/gateway.ts'

// How the built service starts: what it refuses, and what it reads again.

const test = testOn({ jobs: 100 })

const names = ['localhost', '127.0.0.1']
const none = { QUALYS_CALLERS_FILE: undefined }

interface Unsafe {
  readonly settings?: Readonly<Record<string, string | undefined>>
  readonly args?: readonly string[]
  /** Changes the callers file. */
  readonly change?: (path: string) => void
}

const caller = (name: string, digit: string) => ({ name, sha256: digit.repeat(64), role: 'viewer' })
const write =
  (...callers: readonly object[]) =>
  (path: string): void =>
    writeFileSync(path, JSON.stringify({ callers }), { mode: 0o600 })

const unsafe: readonly (readonly [string, Unsafe, RegExp])[] = [
  ['no callers', { settings: none }, /^Nobody may call the service.*QUALYS_CALLERS_FILE/],
  [
    'the sandbox on all addresses',
    { settings: none, args: ['--host', '0.0.0.0', '--sandbox'] },
    /sandbox needs no callers on this machine alone.*QUALYS_HTTP_HOST=localhost/,
  ],
  [
    'all addresses without callers',
    { settings: none, args: ['--host', '0.0.0.0'] },
    /Nobody may call the service/,
  ],
  ['all addresses without TLS', { args: ['--host', '0.0.0.0'] }, /without TLS.*QUALYS_TLS_CERT_FILE/],
  [
    'a proxy without callers',
    { settings: { ...none, QUALYS_BEHIND_PROXY: '127.0.0.1' }, args: ['--sandbox'] },
    /QUALYS_BEHIND_PROXY is set without callers/,
  ],
  [
    'a certificate without its key',
    { settings: { QUALYS_TLS_CERT_FILE: '/nowhere.pem' } },
    /QUALYS_TLS_KEY_FILE is not/,
  ],
  [
    'a certificate that is not there',
    { settings: { QUALYS_TLS_CERT_FILE: '/nowhere.pem', QUALYS_TLS_KEY_FILE: '/nowhere.key' } },
    /QUALYS_TLS_CERT_FILE.*cannot be read/,
  ],
  [
    'a callers file that others may read',
    { change: (path) => chmodSync(path, 0o644) },
    /open to other users \(mode 0644\): run chmod 600 on it/,
  ],
  [
    'a callers file that is not there',
    { change: (path) => rmSync(path) },
    /does not exist.*callers add NAME/,
  ],
  ['a callers file without callers', { change: write() }, /holds no caller/],
  [
    'two callers of one name',
    { change: write(caller('ada', 'a'), caller('Ada', 'b')) },
    /callers\[1\]\.name.*earlier caller/,
  ],
  [
    'two callers with one token',
    { change: write(caller('ada', 'a'), caller('eve', 'a')) },
    /callers\[1\]\.sha256.*ada/,
  ],
  [
    'an unknown role',
    { change: write({ ...caller('ada', 'a'), role: 'root' }) },
    /callers\[0\]\.role.*viewer, operator/,
  ],
  [
    'a callers file that is no JSON',
    { change: (path) => writeFileSync(path, '{', { mode: 0o600 }) },
    /is no JSON/,
  ],
  [
    'an issuer without an audience',
    { settings: { QUALYS_OIDC_ISSUER: 'https://id.example.com' } },
    /QUALYS_OIDC_AUDIENCE/,
  ],
  [
    'a public address for this machine alone, on all addresses',
    {
      settings: { QUALYS_BEHIND_PROXY: '10.0.0.1', QUALYS_PUBLIC_URL: 'http://localhost:8765' },
      args: ['--host', '0.0.0.0'],
    },
    /QUALYS_PUBLIC_URL.*https/,
  ],
  [
    'an address that this machine has not',
    { args: ['--host', '192.0.2.1'], settings: { QUALYS_BEHIND_PROXY: '10.0.0.1' } },
    /192\.0\.2\.1 is no address of this machine/,
  ],
  ['a port that is none', { args: ['--port', '70000'] }, /--port must be/],
]

describe.concurrent('it refuses to start with one sentence, and exit code 2', () => {
  test.for(unsafe)(
    '%s',
    async ([, { settings = {}, args = [], change }, sentence], { sandbox, expect, onTestFinished }) => {
      // Tests that run at the same time have hooks of their own.
      const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const { environment } = serviceEnvironment(sandbox, { settings, folder })
      if (settings['QUALYS_CALLERS_FILE'] === undefined && 'QUALYS_CALLERS_FILE' in settings)
        delete environment['QUALYS_CALLERS_FILE']
      if (args.includes('--sandbox'))
        for (const name of ['QUALYS_GATEWAY_URL', 'QUALYS_API_URL', 'QUALYS_USERNAME', 'QUALYS_PASSWORD'])
          delete environment[name]
      change?.(join(folder, 'callers.json'))
      const { code, stdout, stderr } = await runProgram(['http', ...args], environment)
      expect([code, stdout]).toEqual([2, ''])
      const lines = stderr.trimEnd().split('\n')
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatch(/^qualys-mcp: [A-Z0-9-].*[.]$/)
      expect(lines[0]?.replace('qualys-mcp: ', '')).toMatch(sentence)
    },
  )
})

test('a port that another program has stops the start, and leaves no lock behind', async ({ sandbox }) => {
  const { port, close } = await listening(createServer())
  onTestFinished(close)
  const folder = temporaryFolder()
  const { environment } = serviceEnvironment(sandbox, { folder })
  const { code, stderr } = await runProgram(['http', '--port', String(port)], environment)
  expect([code, stderr]).toEqual([2, expect.stringContaining(`Port ${port} is in use`)])
  const service = await spawnService(sandbox, { folder, callers: { eve: {} } })
  expect((await service.client('ada').request('tools/list')).status).toBe(200)
})

test('a second service on the same state folder does not start; after a crash of the first one it does', async ({
  sandbox,
}) => {
  const first = await spawnService(sandbox)
  const { environment } = serviceEnvironment(sandbox, { settings: { QUALYS_STATE_DIR: first.folder } })
  const { code, stderr } = await runProgram(['http'], environment)
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^qualys-mcp: Another qualys-mcp service uses the state folder .*QUALYS_STATE_DIR.*\n$/,
  )
  expect((await first.client('ada').request('tools/list')).status).toBe(200)
  first.child.kill('SIGKILL')
  await first.ended
  const next = await spawnService(sandbox, { settings: { QUALYS_STATE_DIR: first.folder } })
  expect(await next.readyStatus()).toBe(200)
})

test('SIGHUP reads a new certificate, and ends nothing', async ({ sandbox }) => {
  const files = pairFiles(issueCertificate({ names }))
  const settings = { QUALYS_TLS_CERT_FILE: files.certFile, QUALYS_TLS_KEY_FILE: files.keyFile }
  const service = await spawnService(sandbox, { settings })
  const before = await shakeHands(service.port)
  files.replace(issueCertificate({ names }))
  service.child.kill('SIGHUP')
  await service.said('the certificate was read again')
  expect((await shakeHands(service.port)).fingerprint).not.toBe(before.fingerprint)
  expect(await service.readyStatus()).toBe(200)
})

test('the log of a start names version, mode and port, and no secret', async ({ sandbox }) => {
  const service = await spawnService(sandbox)
  expect(service.stderr()).toMatch(/"msg":"started"/)
  expect(service.stderr()).not.toContain(sandbox.password)
  expect(service.stderr()).not.toContain('canary')
})
