import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { helpText, versionText } from '../../../src/cli/help.ts'
import { openAssistant } from '../../support/assistant.ts'
import { processEnvironment, runProgram, spawnProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'

// The commands of the built program: what they print where, and their exit codes.

const test = testOn().extend<{ readonly env: Record<string, string> }>({
  env: async ({ sandbox }, use) => use(processEnvironment(environmentFor(sandbox))),
})

describe('--help and --version', () => {
  test('--help lists commands, named as the program was started, and settings', async () => {
    const { code, stdout, stderr } = await runProgram(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const started = /^ {2}\S*node \S+main\.js/gm
    expect(stdout).toMatch(started)
    expect(stdout.replaceAll(started, '  qualys-mcp')).toBe(`${helpText()}\n`)
  })

  test('--version names the program, the version of the package and both products', async () => {
    expect(versionText).toBe(`qualys-mcp ${packageJson.version} (Qualys CAR and SAQ)`)
    expect(await runProgram(['--version'])).toEqual({ code: 0, stdout: `${versionText}\n`, stderr: '' })
  })
})

describe('call', () => {
  const three = '{"pageSize":3}'

  test('prints what an assistant gets', async ({ assistant, env }) => {
    const { text } = await assistant.call('car_search_jobs', { pageSize: 3 })
    const ended = await runProgram(['call', 'car_search_jobs', three], env)
    expect(ended).toEqual({ code: 0, stdout: `${text}\n`, stderr: '' })
  })

  test('--json is the structure of it, and - reads the arguments from stdin', async ({ env }) => {
    const { code, stdout, stderr } = await runProgram(['call', 'car_search_jobs', '-', '--json'], env, three)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      summary: expect.stringMatching(/^jobs 1-3 of 100/),
      returned: 3,
      total: 100,
      continuationToken: expect.any(String),
      rows: [{}, {}, {}],
    })
  })

  // PowerShell writes a mark, or UTF-16.
  test.for([
    ['a byte order mark', Buffer.from(`\ufeff${three}\r\n`)],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${three}\r\n`, 'utf16le')],
    ['UTF-16 of the other order', Buffer.from(`\ufeff${three}`, 'utf16le').swap16()],
  ] as const)('- reads %s', async ([, input], { env }) => {
    const { code, stdout } = await runProgram(['call', 'car_search_jobs', '-'], env, input)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^jobs 1-3 of 100/) })
  })

  test('no arguments on stdin are none', async ({ env }) => {
    const { code, stdout } = await runProgram(['call', 'car_list_script_types', '-'], env)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^script types 1-/) })
  })

  test('an error is exit code 1, in text and in JSON', async ({ env }) => {
    const failing = ['call', 'car_search_jobs', '{"filter":"("}']
    const text = await runProgram(failing, env)
    expect(text).toEqual({
      code: 1,
      stderr: '',
      stdout: expect.stringMatching(/^Qualys refuses the request/),
    })
    const json = await runProgram([...failing, '--json'], env)
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { kind: 'input', status: 400, message: text.stdout.trimEnd(), next: expect.any(String) },
    })
  })

  test('arguments that no tool takes are exit code 1 as well', async ({ env }) => {
    const { code, stdout, stderr } = await runProgram(['call', 'car_search_jobs', '{"pageSize":0}'], env)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/pageSize: must be a whole number from 1 to 200\n$/)
  })

  test('broken JSON from stdin is exit code 2', async ({ env }) => {
    const { code, stdout, stderr } = await runProgram(['call', 'car_search_jobs', '-'], env, '{"pageSize":')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^qualys-mcp: The arguments must be one JSON object/)
  })

  test('--sandbox needs nothing else, and the output says so', async () => {
    const { code, stdout } = await runProgram(['call', 'car_list_script_types', '--sandbox'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^sandbox: script types 1-3/) })
  })

  test('an unknown variable is named once on stderr', async ({ env }) => {
    const { code, stderr } = await runProgram(['call', 'qualys_status'], { ...env, QUALYS_COLOUR: 'red' })
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'qualys-mcp: QUALYS_COLOUR is no setting of this program and does nothing\n',
    })
  })
})

describe('tools', () => {
  test('--json is the list a client gets, without credentials', async () => {
    const assistant = await openAssistant({})
    const { tools } = await assistant.request('tools/list')
    await assistant.close()
    const { code, stdout, stderr } = await runProgram(['tools', '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout).tools).toEqual(tools)
  })

  test('as text: a line per tool with its cost, and the sum', async () => {
    const { code, stdout } = await runProgram(['tools', '--toolsets', 'car.runs'])
    const lines = stdout.trimEnd().split('\n')
    expect(code).toBe(0)
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'qualys_status',
      'qualys_export',
      'car_follow_run',
      'car_compare_runs',
      'car_get_output',
      'car_count_jobs',
      'car_count_asset_jobs',
      'car_search_jobs',
      'car_search_asset_jobs',
      '9',
    ])
    const costs = lines.slice(0, 9).map((line) => Number(/^\w+ +(\d+) {2}\w/.exec(line)?.[1]))
    const sum = costs.reduce((total, cost) => total + cost, 0)
    expect(lines[9]).toMatch(new RegExp(`^9 tools, ${sum.toLocaleString('en')} tokens `))
  })
})

describe('doctor', () => {
  test('--sandbox: everything works', async () => {
    const { code, stdout, stderr } = await runProgram(['doctor', '--sandbox'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/QUALYS_SANDBOX = true {2}\(flag --sandbox\)/)
    expect(stdout).toMatch(/^ok {4}login: sandbox at http:\/\/127/m)
    expect(stdout).toMatch(/^ok {4}first CAR read: .*15,000 runs$/m)
  })

  test('shows settings with their origin, and no secret', async ({ sandbox, env }) => {
    const { code, stdout } = await runProgram(['doctor', '--mode', 'read-only'], {
      ...env,
      QUALYS_CLIENT_LEVEL: 'subscription',
      QUALYS_CLIENT_SECRET: 'never-printed',
      QUALYS_SECRET_DB_PASSWORD: 'never-printed',
      QUALYS_STATE_DIR: 'calls',
      QUALYS_TOOLSETS: 'car.runs,car.assets',
      QUALYS_COLOUR: 'red',
    })
    expect(code).toBe(0)
    const calls = resolve('calls')
    const shown = stdout.split('\n').filter((line) => line.startsWith('  '))
    expect(shown).toEqual([
      `  QUALYS_GATEWAY_URL = ${sandbox.gatewayUrl}  (environment QUALYS_GATEWAY_URL)`,
      `  QUALYS_API_URL = ${sandbox.apiUrl}  (environment QUALYS_API_URL)`,
      `  QUALYS_USERNAME = ${sandbox.username}  (environment QUALYS_USERNAME)`,
      '  QUALYS_PASSWORD = [masked-by-qualys-mcp]  (environment QUALYS_PASSWORD)',
      '  QUALYS_CLIENT_SECRET = [masked-by-qualys-mcp]  (environment QUALYS_CLIENT_SECRET)',
      '  QUALYS_CLIENT_LEVEL = subscription  (environment QUALYS_CLIENT_LEVEL)',
      '  QUALYS_MODE = read-only  (flag --mode)',
      `  QUALYS_STATE_DIR = ${calls}  (environment QUALYS_STATE_DIR)`,
      '  QUALYS_TOOLSETS = car.runs,car.assets  (environment QUALYS_TOOLSETS)',
      '  QUALYS_MAX_WAIT_SECONDS = 5  (environment QUALYS_MAX_WAIT_SECONDS)',
      '  QUALYS_SECRET_DB_PASSWORD is set, and bound to nothing: mode unattended does not use it  (QUALYS_SECRET_DB_PASSWORD_FOR is not set)',
      `  normalized: QUALYS_STATE_DIR: was taken from the working folder; where a client starts the server, write ${calls}`,
      '  QUALYS_COLOUR is no setting of qualys-mcp and does nothing',
    ])
    expect(stdout).not.toContain('never-printed')
  })

  test('with nothing set: exit code 1, and what to do', async () => {
    const { code, stdout, stderr } = await runProgram(['doctor'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/^FAIL {2}login: .*No Qualys platform is set\.\n +Ask .*QUALYS_PLATFORM/m)
  })

  test.for<[string, Record<string, string>, number]>([
    ['both well', {}, 0],
    ['SAQ refused', { QUALYS_USERNAME: 'no-saq' }, 1],
    ['CAR refused and left out', { QUALYS_USERNAME: 'no-car', QUALYS_TOOLSETS: 'saq' }, 0],
  ])('ends with the right code: %s', async ([, extra, code], { env }) => {
    const ended = await runProgram(['doctor'], { ...env, ...extra })
    expect(ended, ended.stdout).toMatchObject({ code, stderr: '' })
  })

  test('settings that stop the server stop doctor too', async ({ env }) => {
    const bad = { QUALYS_ROUTES: '{"car_get_script":"GET /sm/v1/{id}"}' }
    const { code, stdout, stderr } = await runProgram(['doctor'], { ...env, ...bad })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('QUALYS_ROUTES')
  })
})

describe('sandbox', () => {
  test('prints one line, serves, reports that its port is taken, and ends on SIGTERM', async () => {
    const child = spawnProgram(['sandbox', '--port', '0', '--jobs', '81'])
    const closed = once(child, 'close')
    const lines: string[] = []
    const reader = createInterface(child.stdout).on('line', (line) => lines.push(line))
    const [line] = (await once(reader, 'line')) as [string]
    const printed = JSON.parse(line)
    expect(Object.keys(printed)).toEqual(['gatewayUrl', 'apiUrl', 'username', 'password'])
    const there = {
      QUALYS_GATEWAY_URL: printed.gatewayUrl,
      QUALYS_API_URL: printed.apiUrl,
      QUALYS_USERNAME: printed.username,
      QUALYS_PASSWORD: printed.password,
    }
    const { code, stdout } = await runProgram(['call', 'car_search_jobs'], there)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^jobs 1-20 of 81/) })

    const { port } = new URL(printed.gatewayUrl)
    expect(await runProgram(['sandbox', '--port', port])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`^qualys-mcp: Port ${port} is in use: .*--port ${Number(port) + 1}\\.\\n$`),
      ),
    })

    child.kill('SIGTERM')
    expect(await closed).toEqual([0, null])
    expect(lines).toEqual([line])
  })
})

test('without a command: serves until stdin ends, and writes nothing but protocol', async () => {
  const quiet = { QUALYS_LOG_LEVEL: 'warn' }
  expect(await runProgram([], quiet)).toEqual({ code: 0, stdout: '', stderr: '' })
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
  const child = spawnProgram([], { QUALYS_COLOUR: 'red' })
  const closed = once(child, 'close')
  child.stdin.write(`${JSON.stringify(ping)}\n`)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0', id: 1 })
  child.kill('SIGTERM')
  expect(await closed).toEqual([0, null])
})
