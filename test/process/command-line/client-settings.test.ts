import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { processEnvironment } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'
import { program } from '../../support/stdio/peers.ts'

// Settings as clients pass them, in the working folder of a client.

let folder: string
let home: string
let workingFolder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'qualys-client-')))
  home = join(folder, 'home')
  workingFolder = folder
})
afterEach(() => rmSync(folder, { recursive: true }))

async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [program, ...args], { cwd: workingFolder, env, timeout: 30_000 })
  child.stdin.end()
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

const test = testOn().extend<{ readonly env: Record<string, string> }>({
  env: async ({ sandbox }, use) => {
    const { QUALYS_STATE_DIR: _, ...environment } = environmentFor(sandbox)
    return use({ ...processEnvironment(environment), HOME: home })
  },
})

test('a placeholder stops the start of a server and of every command', async ({ env }) => {
  for (const args of [[], ['doctor'], ['tools']]) {
    const ended = await run(args, { ...env, QUALYS_PASSWORD: `\${user_config.password}` })
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'qualys-mcp: QUALYS_PASSWORD holds a placeholder that the client did not fill in: give it a value there, or leave it out.\n',
    })
  }
})

test('a line end behind the password is left out, and doctor and the log say so', async ({ env }) => {
  const withEnd = { ...env, QUALYS_PASSWORD: `${env['QUALYS_PASSWORD']}\n` }
  const said = 'QUALYS_PASSWORD: a line end at its end was left out'
  const { code, stdout } = await run(['doctor'], withEnd)
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`  normalized: ${said}\n`) })
  const server = await run([], withEnd)
  const warnings = server.stderr.split('\n').filter((line) => line.includes('"warn"'))
  expect(warnings.map((line) => JSON.parse(line).msg)).toEqual([`settings were normalized: ${said}`])
  const status = await run(['call', 'qualys_status'], withEnd)
  expect(status.stdout).toContain(`\nnormalized: ${said}\n`)
})

describe('an export', () => {
  const call = ['call', 'qualys_export', '{"tool":"car_list_script_types","format":"csv"}']

  test('to a folder of the home folder makes no folder named ~', async ({ env }) => {
    const { code, stdout } = await run(call, { ...env, QUALYS_EXPORT_DIR: '~/exports' })
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(join(home, 'exports')) })
    expect(readdirSync(workingFolder)).toEqual(['home'])
    expect(readdirSync(join(home, 'exports'))).toHaveLength(1)
  })

  test('goes to XDG_STATE_HOME', async ({ env }) => {
    const { code } = await run(call, { ...env, XDG_STATE_HOME: join(folder, 'state') })
    expect(code).toBe(0)
    expect(readdirSync(join(folder, 'state', 'qualys-mcp', 'exports'))).toHaveLength(1)
    expect(existsSync(home)).toBe(false)
  })
})

test.for(['', 'here', 'C:\\Users\\x'])(
  'without a home folder nothing is made in the working folder: HOME=%j',
  async (value, { env }) => {
    const { stdout } = await run(['call', 'qualys_status'], { ...env, HOME: value })
    expect(stdout).toContain(`\nexports: ${join(userInfo().homedir, '.local/state/qualys-mcp/exports')}\n`)
    expect(readdirSync(workingFolder)).toEqual([])
  },
)

// Only root can start a process of a user without a name, as a container may have.
test.skipIf(userInfo().uid !== 0)('a user without any home folder is told what to set', async ({ env }) => {
  const child = spawn(process.execPath, [program], {
    cwd: '/',
    env: { ...env, HOME: '' },
    uid: 54_321,
    gid: 54_321,
  })
  child.stdin.end()
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect(stderr).toBe(
    'qualys-mcp: This user has no home folder (HOME is empty, or no full path of this system): set QUALYS_STATE_DIR to the full path of a folder.\n',
  )
  expect(code).toBe(2)
})

test('a relative path is refused where a client starts the server, and taken in a terminal', async ({
  env,
}) => {
  const relative = { ...env, QUALYS_STATE_DIR: 'state' }
  expect(await run([], relative)).toEqual({
    code: 2,
    stdout: '',
    stderr: `qualys-mcp: QUALYS_STATE_DIR must be a full path, since the working folder is your client's: write ${join(workingFolder, 'state')}.\n`,
  })
  const { code, stdout } = await run(['doctor'], relative)
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining(`QUALYS_STATE_DIR = ${join(workingFolder, 'state')} `),
  })
})
