import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runProgram } from '../../support/command-line/program.ts'
import { program } from '../../support/stdio/peers.ts'

// Secrets in files, at the start of the program; all modes and texts: test/unit/command-line.

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-secret-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a pipe does not block the start', async () => {
  const pipe = join(folder, 'pipe')
  expect(spawnSync('mkfifo', ['-m', '600', pipe]).status).toBe(0)
  const { code, stderr } = await runProgram(['doctor'], { QUALYS_PASSWORD_FILE: pipe })
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^qualys-mcp: .*QUALYS_PASSWORD_FILE names cannot be read, since it is no regular file: [^\n]*\n$/,
  )
})

// Only root can start a process of another user, as the runtimes of containers do.
describe.skipIf(userInfo().uid !== 0)('a file that root shares with the group of the program', () => {
  // A user without a name, as a container may have.
  const stranger = 12_345

  test.each([
    ['0440', 0o440, /^Settings/],
    ['0040', 0o040, /^Settings/],
    [
      '0444',
      0o444,
      /\(mode 0444\): set mode: 0440 .*Swarm.* or defaultMode: 0440 \(Kub.*, or run chmod 440 on it as root \(or/,
    ],
    ['0460', 0o460, /is open to other users \(mode 0460\)/],
  ])('%s', async (_octal, mode, says) => {
    chmodSync(folder, 0o755)
    const path = join(folder, 'secret')
    writeFileSync(path, 'a-secret-of-some-length\n')
    chmodSync(path, mode)
    chownSync(path, 0, stranger)
    const child = spawn(process.execPath, [program, 'doctor'], {
      uid: stranger,
      gid: stranger,
      env: {
        QUALYS_PASSWORD_FILE: path,
        QUALYS_GATEWAY_URL: 'http://127.0.0.1:1',
        QUALYS_API_URL: 'http://127.0.0.1:1',
        QUALYS_USERNAME: 'x',
      },
    })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect(stdout + stderr).toMatch(says)
  })
})

describe('a secret too short to be distinguished from other words', () => {
  const short = { QUALYS_CLIENT_ID: 'x', QUALYS_CLIENT_SECRET: '   qwertz7   ' }
  const warning = /^QUALYS_CLIENT_SECRET holds a secret of less than 8 characters, [^\n]*$/

  test('a command reports it in one line, without the secret', async () => {
    const { stderr } = await runProgram(['tools', '--json'], short)
    expect(stderr).toMatch(/^qualys-mcp: QUALYS_CLIENT_SECRET holds a secret of less than 8 [^\n]*\n$/)
    expect(stderr).not.toContain('qwertz7')
  })

  test('a server logs it', async () => {
    const { stderr } = await runProgram([], short)
    expect(stderr).not.toContain('qwertz7')
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({ msg: expect.stringMatching(warning) }),
    ])
  })

  test('and a secret that is long enough is not reported', async () => {
    const env = { QUALYS_USERNAME: 'x', QUALYS_PASSWORD: 'qwertz78', HTTPS_PROXY: 'http://127.0.0.1:1' }
    expect((await runProgram(['tools', '--json'], env)).stderr).toBe('')
  })
})
