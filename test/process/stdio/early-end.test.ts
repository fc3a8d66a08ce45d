import { describe, expect } from 'vitest'
import { openSandbox } from '../../support/sandbox.ts'
import { readCall, startCall, test } from '../../support/shutdown/servers.ts'
import { type Message, RawServer } from '../../support/stdio/raw-server.ts'

// The content of stdout and stderr when calls and clients end early.

const warnings = { QUALYS_LOG_LEVEL: 'warn' }
const textOf = ({ result }: Message): string => (result?.content ?? []).map(({ text }) => text).join('\n')

describe.concurrent('a call in flight', () => {
  test('that is cancelled has no answer, and nothing is written to stderr', async ({
    serve,
    holdAnswers,
  }) => {
    const held = await holdAnswers(readCall)
    const server = await serve({ QUALYS_GATEWAY_URL: held.url, ...warnings })
    startCall(server, readCall)
    await held.arrived
    const params = { requestId: readCall.tool }
    server.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
    held.release()
    expect(textOf(await server.call('car_search_jobs', { pageSize: 1 }))).toMatch(/^jobs 1-1 of/)
    const { out, err, code } = await server.finish()
    expect({ answered: out.includes(`"id":"${readCall.tool}"`), err, code }).toEqual({
      answered: false,
      err: '',
      code: 0,
    })
  })

  test.for<readonly [string, (server: RawServer) => unknown]>([
    ['stdin closes', ({ child }) => child.stdin.end()],
    ['SIGTERM comes', ({ child }) => child.kill('SIGTERM')],
    ['the client vanishes with both pipes', ({ child }) => [child.stdout.destroy(), child.stdin.destroy()]],
  ])(
    'does not keep the process alive when %s, and nothing is written',
    async ([, end], { serve, holdAnswers }) => {
      const held = await holdAnswers(readCall)
      const server = await serve({ QUALYS_GATEWAY_URL: held.url, ...warnings })
      startCall(server, readCall)
      await held.arrived
      end(server)
      expect(await server.ended).toMatchObject({ code: 0, err: '' })
    },
  )
})

test('a client that closed stdout but still holds stdin ends the process with 0', async ({ serve }) => {
  const server = await serve(warnings)
  server.child.stdout.destroy()
  server.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  expect(await server.ended).toMatchObject({ code: 0 })
})

test('a search reports its progress, batch by batch, all before its answer', async ({ serve }) => {
  const large = await openSandbox({ jobs: 3_000 })
  const server = await serve({ QUALYS_GATEWAY_URL: large.gatewayUrl })
  await server.call('car_search_jobs', { match: 'matchesnothing' }, { progressToken: 7 })
  await large.close()
  const messages = server.lines.slice(-4).map((line): Message => JSON.parse(line))
  expect(messages.slice(0, -1).map(({ params }) => params)).toEqual(
    [1_000, 2_000, 3_000].map((progress) => ({
      progressToken: 7,
      progress,
      total: 3_000,
      message: `${progress.toLocaleString('en')} of 3,000 rows`,
    })),
  )
  expect(messages.at(-1)?.result).toBeDefined()
})

const modern = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

test.for([
  ['2025', {}],
  ['2026', { _meta: modern }],
] as const)(
  'the list of the %s era is the same, byte for byte, with settings and without, from two processes',
  async ([, params], { environment, onTestFinished }) => {
    const lists = [{}, environment({ QUALYS_MODE: 'confirm' })].map(async (env) => {
      const server = new RawServer(env)
      onTestFinished(() => void server.child.kill('SIGKILL'))
      if ('_meta' in params) await server.line('server/discover', params)
      else await server.initialize()
      return server.line('tools/list', params)
    })
    const [one = '', other] = await Promise.all(lists)
    expect(one).toBe(other)
    expect(JSON.parse(one).result.tools.length).toBeGreaterThan(10)
  },
)
