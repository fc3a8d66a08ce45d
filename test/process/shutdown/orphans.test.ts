import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Duplex } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { program } from '../../support/stdio/peers.ts'
import { effect, reading, Stage } from './stage.ts'

// A parent that is killed takes its server along, though somebody else still holds the pipes.

const stage = new Stage()
const parents: ChildProcess[] = []
const servers: number[] = []
afterEach(() => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL')
  for (const pid of servers.splice(0)) if (!isGone(pid)) process.kill(pid, 'SIGKILL')
})

/** Ended, though perhaps nobody has asked how yet. */
function isGone(pid: number): boolean {
  try {
    return /^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return true
  }
}

const opening = (elicitation: boolean) => [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: elicitation ? { elicitation: {} } : {},
      clientInfo: { name: 'orphan', version: '1' },
    },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
]

/** A parent that starts the server, and lends it its own pipes: this process holds their other ends. */
async function underParent(env: Readonly<Record<string, string | undefined>>, elicitation = false) {
  const script = '"$NODE" "$PROGRAM" <&3 & echo "server $!" >&2; wait'
  const parent = spawn('sh', ['-c', script], {
    // Not its stdin, which closes here as soon as it has ended.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...env, NODE: process.execPath, PROGRAM: program, QUALYS_LOG_LEVEL: 'silent' },
  })
  parents.push(parent)
  const { stdout, stderr } = parent
  const pipe = parent.stdio[3]
  if (!stdout || !stderr || !(pipe instanceof Duplex)) throw new Error('a pipe is missing')
  const [line] = (await once(createInterface({ input: stderr }), 'line')) as [string]
  const pid = Number(/^server (\d+)$/.exec(line)?.[1])
  servers.push(pid)
  const heard: string[] = []
  createInterface({ input: stdout }).on('line', (text) => heard.push(text))
  const say = (message: object): void => void pipe.write(`${JSON.stringify(message)}\n`)
  for (const message of opening(elicitation)) say(message)
  await expect.poll(() => heard.length, { timeout: 30_000 }).toBe(1)
  const call = (name: string, args: object): void =>
    say({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name, arguments: args } })
  return { parent, pid, pipe, call, heard }
}

async function expectGone({
  parent,
  pid,
  pipe,
}: {
  parent: ChildProcess
  pid: number
  pipe: Duplex
}): Promise<void> {
  expect(isGone(pid)).toBe(false)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  expect(pipe.destroyed).toBe(false)
  await expect.poll(() => isGone(pid), { timeout: 30_000, interval: 50 }).toBe(true)
}

test('with nothing to do', async () => {
  await expectGone(await underParent(stage.environment()))
})

test('while a call hangs at Qualys', async () => {
  const there = await underParent(stage.environment())
  await stage.sandbox.control.faults([{ route: reading.route, kind: 'delay', ms: 3_600_000 }])
  there.call(reading.tool, {})
  await stage.seen(reading.path)
  await expectGone(there)
})

test('while half an answer hangs', async () => {
  const there = await underParent(stage.environment())
  await stage.sandbox.control.faults([{ route: reading.route, kind: 'stall' }])
  there.call(reading.tool, {})
  await stage.seen(reading.path)
  await expectGone(there)
})

test('while a person is asked', async () => {
  const there = await underParent(stage.environment({ QUALYS_MODE: 'confirm' }), true)
  there.call(effect.tool, effect.args)
  await expect.poll(() => there.heard.join('\n'), { timeout: 30_000 }).toContain('elicitation/create')
  await expectGone(there)
})

test('while the sandbox inside runs', async () => {
  const there = await underParent({ QUALYS_SANDBOX: '1' })
  there.call(reading.tool, { pageSize: 1 })
  await expect.poll(() => there.heard.join('\n'), { timeout: 30_000 }).toContain('sandbox: jobs 1-1 of')
  await expectGone(there)
})
