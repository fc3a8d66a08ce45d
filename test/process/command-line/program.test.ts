import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { commands } from '../../../src/command-line.ts'
import { specs } from '../../../src/setting-specs.ts'
import { flagOf } from '../../../src/settings.ts'
import { openAssistant } from '../../support/assistant.ts'
import { processEnvironment, run, start } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let env: Record<string, string>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
  env = processEnvironment(environmentFor(sandbox))
})
afterAll(() => sandbox.close())

describe('--help and --version', () => {
  test.each([['--help'], ['-h'], ['call', '--help']])('%s %s', async (...args) => {
    const { code, stdout, stderr } = await run(args.filter((arg) => arg !== undefined))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const name of Object.keys(commands).filter((command) => command !== 'stdio'))
      expect(stdout).toMatch(new RegExp(`^ {2}qualys-mcp ${name}\\b`, 'm'))
    for (const spec of Object.values(specs)) {
      const flag = flagOf(spec)
      expect(stdout).toContain(`\n  ${spec.env}${flag === undefined ? '' : `, ${flag}`}\n`)
    }
    expect(stdout).not.toMatch(/--(password|client-secret)/)
  })

  test('the version is that of the package', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
  })
})

describe('call', () => {
  const three = '{"pageSize":3}'

  test('prints what an assistant gets', async () => {
    const assistant = await openAssistant(env)
    const { text } = await assistant.call('car_search_jobs', { pageSize: 3 })
    await assistant.close()
    const ended = await run(['call', 'car_search_jobs', three], env)
    expect(ended).toEqual({ code: 0, stdout: `${text}\n`, stderr: '' })
  })

  test.each([
    { name: 'behind the arguments', args: [three, '--json'], input: '' },
    { name: 'before them', args: ['--json', three], input: '' },
    { name: 'and arguments from stdin', args: ['-', '--json'], input: three },
  ])('--json $name', async ({ args, input }) => {
    const { code, stdout, stderr } = await run(['call', 'car_search_jobs', ...args], env, input)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      summary: expect.stringMatching(/^jobs 1-3 of 200/),
      returned: 3,
      total: 200,
      continuationToken: expect.any(String),
      rows: [{}, {}, {}],
    })
  })

  test.each([[], ['-']])('no arguments are none', async (...args) => {
    const { code, stdout } = await run(['call', 'car_list_script_types', ...args], env)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^script types 1-/) })
  })

  test('an error is exit code 1, in text and in JSON', async () => {
    const failing = ['call', 'car_search_jobs', '{"filter":"("}']
    const text = await run(failing, env)
    expect(text).toEqual({
      code: 1,
      stderr: '',
      stdout: expect.stringMatching(/^Qualys refuses the request/),
    })
    const json = await run([...failing, '--json'], env)
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { kind: 'input', status: 400, message: text.stdout.trimEnd(), next: expect.any(String) },
    })
  })

  test('arguments that no tool takes are exit code 1 as well', async () => {
    const { code, stdout, stderr } = await run(['call', 'car_search_jobs', '{"pageSize":0}'], env)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/pageSize: must be a whole number from 1 to 200\n$/)
  })

  test('broken JSON from stdin is exit code 2', async () => {
    const { code, stdout, stderr } = await run(['call', 'car_search_jobs', '-'], env, '{"pageSize":')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^qualys-mcp: The arguments must be one JSON object/)
  })

  test('--sandbox needs nothing else, and says so', async () => {
    const { code, stdout } = await run(['call', 'car_search_jobs', '{"pageSize":1}', '--sandbox'])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^sandbox: jobs 1-1 of 15,000/),
    })
  })

  test('an unknown variable is named once on stderr', async () => {
    const { code, stderr } = await run(['call', 'qualys_status'], { ...env, QUALYS_COLOUR: 'red' })
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
    const { code, stdout, stderr } = await run(['tools', '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout).tools).toEqual(tools)
  })

  test('as text: a line per tool with its cost, and the sum', async () => {
    const { code, stdout } = await run(['tools', '--toolsets', 'car.runs'])
    const lines = stdout.trimEnd().split('\n')
    expect(code).toBe(0)
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'qualys_status',
      'qualys_export',
      'car_follow_run',
      'car_get_output',
      'car_count_jobs',
      'car_count_asset_jobs',
      'car_search_jobs',
      'car_search_asset_jobs',
      '8',
    ])
    const costs = lines.slice(0, 8).map((line) => Number(/^\w+ +(\d+) {2}\w/.exec(line)?.[1]))
    const sum = costs.reduce((total, cost) => total + cost, 0)
    expect(lines[8]).toMatch(new RegExp(`^8 tools, ${sum.toLocaleString('en')} tokens `))
  })
})

/** A port of this machine where nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('doctor', () => {
  test('--sandbox: all is well', async () => {
    const { code, stdout, stderr } = await run(['doctor', '--sandbox'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/QUALYS_SANDBOX = true {2}\(flag --sandbox\)/)
    expect(stdout).toMatch(/^ok {4}login: sandbox at http:\/\/127/m)
    expect(stdout).toMatch(/^ok {4}first CAR read: .*15,000 runs$/m)
  })

  test('shows settings with their origin, and no secret', async () => {
    const { code, stdout } = await run(['doctor', '--mode', 'read-only'], {
      ...env,
      QUALYS_CLIENT_LEVEL: 'subscription',
      QUALYS_CLIENT_SECRET: 'never-printed',
      QUALYS_SECRET_DB_PASSWORD: 'never-printed',
      QUALYS_STATE_DIR: 'calls',
      QUALYS_TOOLSETS: 'car.runs,car.assets',
      QUALYS_COLOUR: 'red',
    })
    expect(code).toBe(0)
    const shown = stdout.split('\n').filter((line) => line.startsWith('  '))
    expect(shown).toEqual([
      `  QUALYS_GATEWAY_URL = ${sandbox.gatewayUrl}  (environment QUALYS_GATEWAY_URL)`,
      `  QUALYS_API_URL = ${sandbox.apiUrl}  (environment QUALYS_API_URL)`,
      `  QUALYS_USERNAME = ${sandbox.username}  (environment QUALYS_USERNAME)`,
      '  QUALYS_PASSWORD = [secret]  (environment QUALYS_PASSWORD)',
      '  QUALYS_CLIENT_SECRET = [secret]  (environment QUALYS_CLIENT_SECRET)',
      '  QUALYS_CLIENT_LEVEL = subscription  (environment QUALYS_CLIENT_LEVEL)',
      '  QUALYS_MODE = read-only  (flag --mode)',
      '  QUALYS_STATE_DIR = calls  (environment QUALYS_STATE_DIR)',
      '  QUALYS_TOOLSETS = car.runs,car.assets  (environment QUALYS_TOOLSETS)',
      '  QUALYS_MAX_WAIT_SECONDS = 5  (environment QUALYS_MAX_WAIT_SECONDS)',
      '  QUALYS_COLOUR is no setting of qualys-mcp and does nothing',
    ])
    expect(stdout).not.toContain('never-printed')
  })

  test.each([
    { name: 'nothing set', over: undefined, says: /No Qualys platform is set\.\n +Ask .*QUALYS_PLATFORM/ },
    {
      name: 'wrong password',
      over: async () => ({ QUALYS_PASSWORD: 'not the password' }),
      says: /Qualys refuses the login .*\(401\).*\n +Ask .*user name and password/,
    },
    {
      name: 'wrong port',
      over: async () => ({ QUALYS_GATEWAY_URL: `http://127.0.0.1:${await freePort()}` }),
      says: /cannot be reached: it refuses the connection \(ECONNREFUSED\)\.\n +Ask .*check the platform/,
    },
  ])('$name: exit code 1, and what to do', async ({ over, says }) => {
    const { code, stdout, stderr } = await run(['doctor'], over ? { ...env, ...(await over()) } : {})
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^FAIL {2}login: .*${says.source}`, 'm'))
    expect(stdout).not.toMatch(/not the password|first CAR read/)
  })

  test('a login that works, and CAR that refuses', async () => {
    const { code, stdout } = await run(['doctor'], { ...env, QUALYS_USERNAME: 'no-car' })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^ok {4}login: .*\nFAIL {2}first CAR read: .*403.*\n +Ask .*CAR is licensed/m)
  })

  test.each([{ QUALYS_TOOLSETS: 'car.rnus' }, { QUALYS_ROUTES: '{"car_get_script":"GET /sm/v1/{id}"}' }])(
    'settings that stop the server stop it too: %o',
    async (bad) => {
      const { code, stdout, stderr } = await run(['doctor'], { ...env, ...bad })
      expect(code, stdout).not.toBe(0)
      expect(stdout + stderr).toContain(Object.keys(bad)[0])
    },
  )
})

describe('sandbox', () => {
  test('prints one line, serves, says when its port is taken, and ends on SIGTERM', async () => {
    const child = start(['sandbox', '--port', '0', '--jobs', '120'])
    const closed = once(child, 'close')
    const lines: string[] = []
    const reader = createInterface(child.stdout).on('line', (line) => lines.push(line))
    const [line] = (await once(reader, 'line')) as [string]
    const told = JSON.parse(line)
    expect(Object.keys(told)).toEqual(['gatewayUrl', 'apiUrl', 'username', 'password'])
    const there = {
      QUALYS_GATEWAY_URL: told.gatewayUrl,
      QUALYS_API_URL: told.apiUrl,
      QUALYS_USERNAME: told.username,
      QUALYS_PASSWORD: told.password,
    }
    const { code, stdout } = await run(['call', 'car_search_jobs'], there)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^jobs 1-20 of 120/) })

    const { port } = new URL(told.gatewayUrl)
    expect(await run(['sandbox', '--port', port])).toEqual({
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

test('without a command: serves until stdin ends, and writes nothing that is no protocol', async () => {
  const quiet = { QUALYS_LOG_LEVEL: 'warn' }
  expect(await run([], quiet)).toEqual({ code: 0, stdout: '', stderr: '' })
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
  const child = start([], { QUALYS_COLOUR: 'red' })
  const closed = once(child, 'close')
  child.stdin.write(`${JSON.stringify(ping)}\n`)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0', id: 1 })
  child.kill('SIGTERM')
  expect(await closed).toEqual([0, null])
})
