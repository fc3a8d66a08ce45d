import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { program } from './peers.ts'

// Nothing but protocol on stdout, whatever happens.

const children: ChildProcessWithoutNullStreams[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [program, ...args], { env: { ...env } })
  children.push(child)
  return child
}

interface Message {
  readonly jsonrpc?: string
  readonly id?: number
  readonly result?: { readonly isError?: boolean; readonly content?: { readonly text: string }[] }
}

/** A server with its raw pipes: every line of stdout is kept as it came. */
class Server {
  readonly lines: string[] = []
  readonly child: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<number, (message: Message) => void>()
  #last = 0

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = start(args, env)
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line)
      const message = JSON.parse(line) as Message
      this.#waiting.get(message.id ?? 0)?.(message)
    })
  }

  say(line: string): void {
    this.child.stdin.write(`${line}\n`)
  }

  ask(method: string, params: object = {}): Promise<Message> {
    this.#last++
    const id = this.#last
    this.say(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  async greet(): Promise<void> {
    await this.ask('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    })
    this.say(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
  }

  async call(name: string, args: object = {}): Promise<NonNullable<Message['result']>> {
    return (await this.ask('tools/call', { name, arguments: args })).result ?? {}
  }

  expectPure(): void {
    for (const line of this.lines) expect((JSON.parse(line) as Message).jsonrpc).toBe('2.0')
  }
}

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
  const server = new Server([], env)
  await server.greet()
  expect((await server.call('car_list_script_types')).isError).toBeUndefined()
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
  const { isError, content } = await call
  expect(isError).toBe(true)
  expect(content?.[0]?.text).toMatch(/cannot be reached|broke before the answer was complete/)
  expect(content?.[0]?.text.split('\n')).toHaveLength(1)
  expect((await server.call('qualys_status')).content?.[0]?.text).toMatch(/login: |failed/)
  server.expectPure()
})

test('lines that are no protocol are answered with nothing but protocol', async () => {
  const server = new Server(['--sandbox'])
  await server.greet()
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
  expect((await server.call('car_list_script_types')).content?.[0]?.text).toMatch(
    /^sandbox: script types 1-3 of 3/,
  )
  server.expectPure()
})

test('an unknown variable is named on stderr, not on stdout', async () => {
  const server = new Server(['--sandbox'], { QUALYS_FAVOURITE_COLOUR: 'blue' })
  let complaints = ''
  server.child.stderr.on('data', (chunk) => {
    complaints += String(chunk)
  })
  await server.greet()
  expect((await server.call('qualys_status')).content?.[0]?.text).toContain(
    'unknownVariables: QUALYS_FAVOURITE_COLOUR',
  )
  expect(complaints.match(/QUALYS_FAVOURITE_COLOUR/g)).toHaveLength(1)
  server.expectPure()
})

test.each([
  ['stdin closes', (server: Server) => server.child.stdin.end(), 0],
  ['SIGTERM comes', (server: Server) => server.child.kill('SIGTERM'), 0],
  ['SIGINT comes', (server: Server) => server.child.kill('SIGINT'), 0],
])('the server, its sandbox in use, ends by itself when %s', async (_name, end, code) => {
  const server = new Server(['--sandbox'])
  await server.greet()
  await server.call('car_search_jobs', { pageSize: 1 })
  const exit = once(server.child, 'exit')
  end(server)
  expect(await exit).toEqual([code, null])
  server.expectPure()
})
