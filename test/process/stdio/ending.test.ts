import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { type Message, RawServer } from './raw-server.ts'

// What stdout and stderr hold when calls, clients and processes end early; and what both eras list.

const search = '/sm/v2/jobs/search'
let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const servers: RawServer[] = []
afterEach(() => {
  for (const { child } of servers.splice(0)) child.kill('SIGKILL')
})

async function serve(env = environmentFor(sandbox, { QUALYS_LOG_LEVEL: 'warn' })): Promise<RawServer> {
  const server = new RawServer(env)
  servers.push(server)
  return server.greet()
}

/** A call that Qualys does not answer, once it is there. */
async function callInFlight(server: RawServer): Promise<void> {
  await sandbox.control.faults([{ route: `POST ${search}`, kind: 'delay', ms: 3_600_000 }])
  server.say({
    jsonrpc: '2.0',
    id: 'in flight',
    method: 'tools/call',
    params: { name: 'car_search_jobs' },
  })
  const seen = async () => (await sandbox.control.requests()).map(({ path }) => path)
  await expect.poll(seen, { interval: 5, timeout: 30_000 }).toContain(search)
}

const textOf = ({ result }: Message): string => (result?.content ?? []).map(({ text }) => text).join('\n')

describe('a call in flight', () => {
  test('that is cancelled has no answer, and nothing is said of it on stderr', async () => {
    const server = await serve()
    await callInFlight(server)
    server.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'in flight' } })
    await sandbox.control.reset()
    expect(textOf(await server.call('car_search_jobs', { pageSize: 1 }))).toMatch(/^jobs 1-1 of/)
    const { out, err, code } = await server.finish()
    expect({ answered: out.includes('in flight'), err, code }).toEqual({ answered: false, err: '', code: 0 })
  })

  test.each<readonly [string, (server: RawServer) => unknown]>([
    ['stdin closes', (server) => server.finish()],
    ['SIGTERM comes', ({ child }) => child.kill('SIGTERM')],
    ['SIGINT comes', ({ child }) => child.kill('SIGINT')],
    ['the client vanishes with both pipes', ({ child }) => [child.stdout.destroy(), child.stdin.destroy()]],
  ])('does not keep the process alive when %s, nor makes it complain', async (_when, end) => {
    const server = await serve()
    await callInFlight(server)
    end(server)
    expect(await server.ended).toMatchObject({ code: 0, err: '' })
  })
})

test('a client that no longer listens, though it still holds stdin, ends the process with 0', async () => {
  const server = await serve()
  server.child.stdout.destroy()
  server.say({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  expect(await server.ended).toMatchObject({ code: 0 })
})

test('what stderr says of lines that are no protocol is a line each', async () => {
  const server = await serve()
  for (const line of ['[]', 'null', '{"jsonrpc":"1.0","id":9}']) server.say(line)
  await server.line('ping')
  const said = (await server.finish()).err.split('\n').slice(0, -1)
  expect(said.map((line) => JSON.parse(line).msg)).toEqual(['protocol', 'protocol', 'protocol'])
})

test('a scan tells how far it is, batch by batch, all before its answer', async () => {
  const server = await serve()
  await server.call('car_search_jobs', { match: 'matchesnothing' }, { progressToken: 7 })
  const messages = server.lines.slice(-11).map((line): Message => JSON.parse(line))
  expect(messages.slice(0, -1).map(({ params }) => params)).toEqual(
    Array.from({ length: 10 }, (_, batch) => ({
      progressToken: 7,
      progress: (batch + 1) * 1000,
      total: 15_000,
    })),
  )
  expect(messages.at(-1)?.result).toBeDefined()
})

const modern = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}
test.each([
  ['2025', {}],
  ['2026', { _meta: modern }],
])(
  'the list of the %s era is the same, byte for byte, with settings and without, from two processes',
  async (_era, params) => {
    const lists = [{}, environmentFor(sandbox)].map(async (env) => {
      const server = new RawServer(env)
      servers.push(server)
      if ('_meta' in params) await server.line('server/discover', params)
      else await server.greet()
      return server.line('tools/list', params)
    })
    const [one = '', other] = await Promise.all(lists)
    expect(one).toBe(other)
    expect(JSON.parse(one).result.tools.length).toBeGreaterThan(10)
  },
)
