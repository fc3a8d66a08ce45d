import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { program } from '../../support/stdio/peers.ts'
import { type Message, RawServer } from './raw-server.ts'

// Nothing but protocol on stdout, whatever happens.

const children: ChildProcessWithoutNullStreams[] = []

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [program, ...args], { env: { ...env } })
  children.push(child)
  return child
}

const servers: RawServer[] = []

afterEach(() => {
  for (const child of [...children.splice(0), ...servers.splice(0).map(({ child }) => child)])
    child.kill('SIGKILL')
})

async function serve(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RawServer> {
  const server = new RawServer(env, args)
  servers.push(server)
  return server.greet()
}

function expectPure({ lines }: RawServer): void {
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect((JSON.parse(line) as Message).jsonrpc).toBe('2.0')
}

const textOf = ({ result }: Message): string => result?.content?.[0]?.text ?? ''

async function sandboxProcess(): Promise<{
  child: ChildProcessWithoutNullStreams
  env: Record<string, string>
  origin: string
}> {
  const child = start(['sandbox', '--port', '0'])
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { gatewayUrl, apiUrl, username, password } = JSON.parse(line) as Record<string, string>
  const origin = gatewayUrl ?? ''
  const env = {
    QUALYS_GATEWAY_URL: origin,
    QUALYS_API_URL: apiUrl ?? '',
    QUALYS_USERNAME: username ?? '',
    QUALYS_PASSWORD: password ?? '',
    QUALYS_MAX_WAIT_SECONDS: '1',
  }
  return { child, env, origin }
}

test('a sandbox that dies in the middle of a call leaves one sentence, and a server that goes on', async () => {
  const { child, env, origin } = await sandboxProcess()
  const server = await serve([], env)
  expect((await server.call('car_list_script_types')).result?.isError).toBeUndefined()
  await fetch(`${origin}/_sandbox/faults`, {
    method: 'PUT',
    body: JSON.stringify([{ route: '*', kind: 'stall' }]),
  })
  await fetch(`${origin}/_sandbox/requests`, { method: 'DELETE' })
  const call = server.call('car_search_jobs')
  const seen = async (): Promise<number> =>
    ((await (await fetch(`${origin}/_sandbox/requests`)).json()) as object[]).length
  await expect.poll(seen).toBe(1)
  child.kill('SIGKILL')
  const answer = await call
  expect(answer.result?.isError).toBe(true)
  expect(textOf(answer)).toMatch(/^[^\n]*(cannot be reached|broke before the answer was complete)[^\n]*$/)
  expect(textOf(await server.call('qualys_status'))).toMatch(/^status of qualys-mcp\nlogin: /)
  expectPure(server)
})

test('lines that are no protocol are answered with nothing but protocol', async () => {
  const server = await serve(['--sandbox'])
  for (const line of [
    'hello',
    '{',
    '[]',
    '{"jsonrpc":"2.0"}',
    'null',
    '\u0000',
    '{"jsonrpc":"1.0","id":9,"method":"x"}',
  ])
    server.say(line)
  expect(textOf(await server.call('car_list_script_types'))).toMatch(/^sandbox: script types 1-3 of 3/)
  expectPure(server)
})

test('an unknown variable is named on stderr once, and not on stdout', async () => {
  const server = await serve(['--sandbox'], { QUALYS_FAVOURITE_COLOUR: 'blue' })
  expect(textOf(await server.call('qualys_status'))).toContain('unknownVariables: QUALYS_FAVOURITE_COLOUR')
  expectPure(server)
  expect((await server.finish()).err.match(/QUALYS_FAVOURITE_COLOUR/g)).toHaveLength(1)
})

test.each([
  ['stdin closes', ({ child }: RawServer) => child.stdin.end()],
  ['SIGTERM comes', ({ child }: RawServer) => child.kill('SIGTERM')],
  ['SIGINT comes', ({ child }: RawServer) => child.kill('SIGINT')],
])('the server, its sandbox in use, ends by itself when %s', async (_name, end) => {
  const server = await serve(['--sandbox'])
  await server.call('car_search_jobs', { pageSize: 1 })
  end(server)
  expect((await server.ended).code).toBe(0)
  expectPure(server)
})
