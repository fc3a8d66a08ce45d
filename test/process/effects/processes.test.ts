import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { run } from '../../support/command-line/program.ts'
import { linesOf, temporary, timesSeen } from '../../support/effects/bench.ts'
import { groundOf } from '../../support/effects/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { type Message, RawServer } from '../stdio/raw-server.ts'

// Servers as operators run them: processes of the built program that share a log, and that end in every way.

const effect = ['car_add_blocked_commands', { languageId: 201, commands: ['format'] }] as const
const request = 'POST /sm/v1/block-commands'
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let folder: ReturnType<typeof temporary>
let file: string
const servers: RawServer[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, assets: 60 })
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.control.reset()
  folder = temporary()
  file = join(folder.path, 'audit.jsonl')
})
afterEach(async () => {
  for (const { child, ended } of servers.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  folder.remove()
})

async function serve(extra: object = {}): Promise<RawServer> {
  const settings = {
    QUALYS_MODE: 'unattended',
    QUALYS_STATE_DIR: folder.path,
    QUALYS_AUDIT_FILE: file,
    QUALYS_CONCURRENCY: '16',
    QUALYS_LOG_LEVEL: 'warn',
    ...extra,
  }
  const server = new RawServer(environmentFor(sandbox, settings))
  servers.push(server)
  return server.greet()
}
const verify = () => run(['audit', 'verify', file])
const failed = ({ result }: Message): boolean => result?.isError === true
const eventsIn = (lines = linesOf(file)) => lines.map(({ event }) => event)

test('two of them, a thousand effects together, one file: intact', async () => {
  const both = await Promise.all([serve(), serve()])
  const answers = both.flatMap((server) => Array.from({ length: 500 }, () => server.call(...effect)))
  expect((await Promise.all(answers)).filter(failed)).toEqual([])
  for (const server of both) expect(await server.finish()).toMatchObject({ code: 0, err: '' })
  expect(await timesSeen(sandbox.control, request)).toBe(1_000)
  expect(await verify()).toEqual({ code: 0, stderr: '', stdout: '2 chains, 4,002 lines: intact\n' })
  // They took turns: the lines of neither stand in one block.
  const chains = linesOf(file).map(({ chain }) => chain)
  expect(chains.filter((chain, place) => chain !== chains[place + 1]).length).toBeGreaterThan(10)
})

/** An execution that Qualys has, and has not answered yet: one whose run would be looked for. */
async function inFlight(): Promise<RawServer> {
  const route = 'POST /sm/v1/scripts/{scriptId}/execute'
  await sandbox.control.faults([{ route, kind: 'delay', ms: 3_600_000 }])
  const { hosts } = await groundOf(sandbox.control)
  const server = await serve()
  server.say({
    jsonrpc: '2.0',
    id: 'in flight',
    method: 'tools/call',
    params: {
      name: 'car_execute_script',
      arguments: { scriptId: 19218, assetIds: hosts.slice(0, 1) },
    },
  })
  const seen = () => timesSeen(sandbox.control, route.replace('{scriptId}', '19218'))
  await expect.poll(seen, { interval: 5, timeout: 30_000 }).toBe(1)
  return server
}

test('killed: its chain has no end, and the effect no answer', async () => {
  const server = await inFlight()
  server.child.kill('SIGKILL')
  await server.ended
  expect(eventsIn()).toEqual(['asked', 'approved', 'sent'])
  const { code, stdout, stderr } = await verify()
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^chain [0-9a-f]{8} has no end after line 3: .*\n1 chain, 3 lines: 1 finding\n$/)
  // Whoever comes next is not hindered, and the gap stays in sight.
  await sandbox.control.faults([])
  const next = await serve()
  expect(failed(await next.call(...effect))).toBe(false)
  await next.finish()
  expect((await verify()).stdout).toMatch(/has no end after line 3: .*\n2 chains, 8 lines: 1 finding\n$/)
})

test.each<readonly [string, (server: RawServer) => unknown]>([
  ['SIGTERM', ({ child }) => child.kill('SIGTERM')],
  ['SIGINT', ({ child }) => child.kill('SIGINT')],
  ['a client that hangs up', ({ child }) => child.stdin.end()],
])('ended by %s with an effect in flight: nobody knows, and the chain ends', async (_what, end) => {
  const server = await inFlight()
  end(server)
  expect(await server.ended).toMatchObject({ code: 0, err: '' })
  expect(eventsIn()).toEqual(['asked', 'approved', 'sent', 'answered', 'end'])
  expect(linesOf(file)[3]?.facts).toMatchObject({ outcome: 'unclear' })
  expect(await verify()).toEqual({ code: 0, stderr: '', stdout: '1 chain, 5 lines: intact\n' })
})

test('`qualys-mcp call` logs its one effect, and verify finds a line that was changed', async () => {
  const environment = environmentFor(sandbox, {
    QUALYS_MODE: 'unattended',
    QUALYS_STATE_DIR: folder.path,
    QUALYS_AUDIT_FILE: file,
  }) as Record<string, string>
  const { code } = await run(['call', effect[0], JSON.stringify(effect[1])], environment)
  expect(code).toBe(0)
  expect(eventsIn()).toEqual(['asked', 'approved', 'sent', 'answered', 'end'])
  expect((await verify()).code).toBe(0)
  writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"done"', '"outcome":"none"'))
  expect(await verify()).toEqual({
    code: 1,
    stderr: '',
    stdout: 'line 4: changed, for it does not fit its own hash\n1 chain, 5 lines: 1 finding\n',
  })
})
