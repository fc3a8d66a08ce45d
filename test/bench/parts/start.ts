import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median } from '../median.ts'
import { bundle, end, environment, ourProgram, withFolder } from '../processes.ts'
import type { Figure, Measured } from '../table.ts'
import { growth } from './rows.ts'

// From spawning the program to its answered tools/list, against the same SDK serving one tool; and the memory then.

const opening = [
  {
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1' },
    },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list', params: {} },
]

function spawnNode(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env: environment() })
}

/** Resolves when the list has arrived. */
function listed({ stdin, stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    let output = ''
    stdout?.on('data', (bytes: Buffer) => {
      output += bytes.toString()
      if (output.includes('"id":2') && output.endsWith('\n')) resolve()
    })
    stdin?.write(opening.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''))
  })
}

async function startOnce(program: string): Promise<number> {
  const began = performance.now()
  const child = spawnNode(program)
  await listed(child)
  const ms = performance.now() - began
  await end(child)
  return ms
}

/** Starts both programs in turn, as bundled by the same tool. */
export function start(quick: boolean): Promise<Measured> {
  return withFolder(async (folder) => {
    const bare = join(folder, 'one-tool.mjs')
    await bundle('one-tool.ts', bare)
    const times = { bare: [] as number[], ours: [] as number[] }
    for (let pair = 0; pair < (quick ? 5 : 15); pair++) {
      times.ours.push(await startOnce(ourProgram))
      times.bare.push(await startOnce(bare), await startOnce(bare))
      times.ours.push(await startOnce(ourProgram))
    }
    const [own, base] = [median(times.ours), median(times.bare)]
    const figure: Figure = {
      name: 'start',
      what: 'spawn to answered tools/list, over the same SDK with one tool',
      figure: own / base,
      unit: 'x',
      goal: 1.15,
      from: `${own.toFixed(0)} ms over ${base.toFixed(0)} ms`,
    }
    return { figures: [figure] }
  })
}

/** Resident memory of a process now, in MB. */
const residentMB = ({ pid }: ChildProcess): number =>
  (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1_024) / 1e6

async function afterList(): Promise<number> {
  const child = spawnNode(ourProgram)
  await listed(child)
  const resident = residentMB(child)
  await end(child)
  return resident
}

async function bareNode(): Promise<number> {
  const child = spawnNode('-e', 'process.stdin.resume(); console.log()')
  if (child.stdout) await once(child.stdout, 'data')
  const resident = residentMB(child)
  await end(child)
  return resident
}

/** Memory after the start, and how it grows with the number of rows. */
export async function memory(quick: boolean): Promise<Measured> {
  const uses = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round < 5; round++) {
    uses.ours.push(await afterList())
    uses.bare.push(await bareNode())
  }
  const [own, base] = [median(uses.ours), median(uses.bare)]
  const idle: Figure = {
    name: 'memory after the list',
    what: 'memory (RSS) after tools/list, less that of bare Node',
    figure: own - base,
    unit: 'MB',
    goal: 60,
    from: `${own.toFixed(0)} less ${base.toFixed(0)} MB`,
  }
  return { figures: [idle, await growth(quick)] }
}
