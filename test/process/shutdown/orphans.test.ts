import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Duplex } from 'node:stream'
import { describe, expect } from 'vitest'
import { deferred, openGateway } from '../../support/session/gateway.ts'
import { effectCall, eventually, readCall, test as withServers } from '../../support/shutdown/servers.ts'
import { program } from '../../support/stdio/peers.ts'

// A server ends when its parent is killed, also where another process still holds the pipes.

/** The process has ended, or is a zombie. */
function isGone(pid: number): boolean {
  try {
    return /^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return true
  }
}

const opening = (asks: boolean) => [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: asks ? { elicitation: {} } : {},
      clientInfo: { name: 'orphan', version: '1' },
    },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
]

type Environment = Readonly<Record<string, string | undefined>>

interface Orphan {
  readonly parent: ChildProcess
  readonly pid: number
  readonly pipe: Duplex
  readonly call: (tool: string, args: object) => void
  /** Lines of the server's stdout. */
  readonly lines: readonly string[]
}

const test = withServers.extend<{
  readonly underParent: (env: Environment, asks?: boolean) => Promise<Orphan>
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  underParent: async ({}, use) => {
    const orphans: Orphan[] = []
    await use(async (env, asks = false) => {
      const orphan = await startUnderParent(env, asks)
      orphans.push(orphan)
      return orphan
    })
    for (const { parent, pid } of orphans) {
      parent.kill('SIGKILL')
      if (!isGone(pid)) process.kill(pid, 'SIGKILL')
    }
  },
})

/** A parent that starts the server with its own pipes, whose other ends this process has. */
async function startUnderParent(env: Environment, asks: boolean): Promise<Orphan> {
  const script = '"$NODE" "$PROGRAM" <&3 & echo "server $!" >&2; wait'
  const parent = spawn('sh', ['-c', script], {
    // Not its stdin, which closes here as soon as it has ended.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...env, NODE: process.execPath, PROGRAM: program, QUALYS_LOG_LEVEL: 'silent' },
  })
  const { stdout, stderr } = parent
  const pipe = parent.stdio[3]
  if (!stdout || !stderr || !(pipe instanceof Duplex)) throw new Error('a pipe is missing')
  const [line] = (await once(createInterface({ input: stderr }), 'line')) as [string]
  const lines: string[] = []
  createInterface({ input: stdout }).on('line', (text) => lines.push(text))
  const say = (message: object): void => void pipe.write(`${JSON.stringify(message)}\n`)
  for (const message of opening(asks)) say(message)
  await eventually(() => expect(lines).toHaveLength(1))
  const call = (name: string, args: object): void =>
    say({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name, arguments: args } })
  return { parent, pid: Number(/^server (\d+)$/.exec(line)?.[1]), pipe, call, lines }
}

async function expectGone({ parent, pid, pipe }: Orphan): Promise<void> {
  expect(isGone(pid)).toBe(false)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  expect(pipe.destroyed).toBe(false)
  await eventually(() => expect(isGone(pid)).toBe(true))
}

/** Resolves when the server has written a line with this text. */
async function hasWritten({ lines }: Orphan, text: string): Promise<void> {
  await eventually(() => expect(lines.join('\n')).toContain(text))
}

// The server checks its parent each second, and gives calls 4 s: tests run at the same time.
describe.concurrent('a parent is killed', () => {
  test('while no call runs', async ({ underParent, environment }) => {
    await expectGone(await underParent(environment()))
  })

  test('while a call waits for Qualys', async ({ underParent, environment, holdAnswers }) => {
    const held = await holdAnswers(readCall)
    const orphan = await underParent(environment({ QUALYS_GATEWAY_URL: held.url }))
    orphan.call(readCall.tool, {})
    await held.arrived
    await expectGone(orphan)
  })

  test('while half an answer has arrived', async ({ underParent, environment, onTestFinished }) => {
    const arrived = deferred()
    const gateway = await openGateway((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"body":[')
      arrived.resolve()
    })
    onTestFinished(gateway.close)
    const orphan = await underParent(environment({ QUALYS_GATEWAY_URL: gateway.gatewayUrl }))
    orphan.call(readCall.tool, {})
    await arrived.promise
    await expectGone(orphan)
  })

  test('while a person is asked', async ({ underParent, environment }) => {
    const orphan = await underParent(environment({ QUALYS_MODE: 'confirm' }), true)
    orphan.call(effectCall.tool, effectCall.args)
    await hasWritten(orphan, 'elicitation/create')
    await expectGone(orphan)
  })

  test('while the sandbox inside runs', async ({ underParent }) => {
    const orphan = await underParent({ QUALYS_SANDBOX: '1' })
    orphan.call('car_list_script_types', {})
    await hasWritten(orphan, 'sandbox: script types 1-3 of')
    await expectGone(orphan)
  })
})
