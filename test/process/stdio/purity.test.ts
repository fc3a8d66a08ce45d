import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { spawnProgram } from '../../support/command-line/program.ts'
import { type Message, RawServer } from '../../support/stdio/raw-server.ts'

// Only protocol messages on stdout, whatever happens.

/** A server that ends with the test. */
async function serve(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RawServer> {
  const server = new RawServer(env, args)
  onTestFinished(() => void server.child.kill('SIGKILL'))
  return server.initialize()
}

function expectPure({ lines }: RawServer): void {
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect((JSON.parse(line) as Message).jsonrpc).toBe('2.0')
}

const textOf = ({ result }: Message): string => result?.content?.[0]?.text ?? ''

test('a sandbox that dies in the middle of a call leaves one sentence and a working server', async () => {
  const child = spawnProgram(['sandbox', '--port', '0', '--jobs', '100'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { gatewayUrl = '', apiUrl = '', username = '', password = '' } = JSON.parse(line)
  const server = await serve([], {
    QUALYS_GATEWAY_URL: gatewayUrl,
    QUALYS_API_URL: apiUrl,
    QUALYS_USERNAME: username,
    QUALYS_PASSWORD: password,
    QUALYS_MAX_WAIT_SECONDS: '0',
  })
  expect((await server.call('car_list_script_types')).result?.isError).toBeUndefined()
  await fetch(`${gatewayUrl}/_sandbox/faults`, {
    method: 'PUT',
    body: JSON.stringify([{ route: '*', kind: 'stall' }]),
  })
  await fetch(`${gatewayUrl}/_sandbox/requests`, { method: 'DELETE' })
  const call = server.call('car_search_jobs')
  const seen = async (): Promise<number> =>
    ((await (await fetch(`${gatewayUrl}/_sandbox/requests`)).json()) as object[]).length
  await expect.poll(seen, { interval: 5, timeout: 30_000 }).toBe(1)
  child.kill('SIGKILL')
  const answer = await call
  expect(answer.result?.isError).toBe(true)
  expect(textOf(answer)).toMatch(/^[^\n]*(cannot be reached|broke before the answer was complete)[^\n]*$/)
  expect(textOf(await server.call('qualys_status'))).toMatch(/^status of qualys-mcp\nlogin: /)
  expectPure(server)
})

test('lines that are no protocol get protocol answers only, and an unknown variable is named on stderr', async () => {
  const server = await serve(['--sandbox'], { QUALYS_FAVOURITE_COLOUR: 'blue' })
  const odd = ['hello', '{', '[]', '{"jsonrpc":"2.0"}', 'null', '\u0000', '{"jsonrpc":"1.0","id":9}']
  for (const line of odd) server.send(line)
  expect(textOf(await server.call('car_list_script_types'))).toMatch(/^sandbox: script types 1-3 of 3/)
  expect(textOf(await server.call('qualys_status'))).toContain('unknownVariables: QUALYS_FAVOURITE_COLOUR')
  const { err } = await server.finish()
  expectPure(server)
  expect(err.match(/QUALYS_FAVOURITE_COLOUR/g)).toHaveLength(1)
  const said = err.split('\n').slice(0, -1)
  const faults = said.map((line) => JSON.parse(line).msg).filter((msg) => msg === 'protocol')
  expect(faults).toHaveLength(odd.length)
})

describe('the server, with its sandbox in use, ends by itself when', () => {
  test.for<readonly [string, (server: RawServer) => unknown]>([
    ['stdin closes', ({ child }) => child.stdin.end()],
    ['SIGTERM comes', ({ child }) => child.kill('SIGTERM')],
  ])('%s', async ([, end]) => {
    const server = await serve(['--sandbox'])
    await server.call('car_list_script_types')
    end(server)
    expect((await server.ended).code).toBe(0)
    expectPure(server)
  })
})
