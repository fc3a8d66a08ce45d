import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openAssistantOn } from '../../support/assistant.ts'
import { sessionOn } from '../../support/session.ts'
import type { Figure, Measured } from '../table.ts'

// How long one large answer holds the process: the longest delay of the event loop, for the session alone and for a
// whole call of a tool. The least of several runs counts, since other processes only add to it.

/** No answer holds the process for longer, in milliseconds. */
const goal = 250
const runs = 5

/** The answers of loop-server.mjs. Those in XML come here as well. */
const answers: Readonly<Record<string, string>> = {
  rows: '64 MiB of rows',
  fields: 'one row of 1,000,000 fields',
  text: 'one text of 48 MiB',
}

async function startServer(answer: string): Promise<Sandbox> {
  const program = fileURLToPath(new URL('../loop-server.mjs', import.meta.url))
  const child = spawn(process.execPath, [program, answer], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const nobody = { username: 'nobody', password: 'nothing', clientId: 'none', clientSecret: 'none' }
  const close = async (): Promise<void> => {
    child.kill()
    await once(child, 'exit')
  }
  return { gatewayUrl: url, apiUrl: url, ...nobody, close }
}

interface Hold {
  readonly longest: number
  readonly total: number
}

async function holdOf(work: () => Promise<unknown>): Promise<Hold> {
  const monitor = monitorEventLoopDelay({ resolution: 1 })
  monitor.enable()
  const began = performance.now()
  await work()
  const total = performance.now() - began
  // A hold is counted when the loop turns again.
  await sleep(20)
  monitor.disable()
  return { longest: monitor.max / 1e6, total }
}

async function leastOf(work: () => Promise<unknown>, times: number): Promise<Hold> {
  await work()
  const holds: Hold[] = []
  for (let run = 0; run < times; run++) holds.push(await holdOf(work))
  return holds.reduce((least, hold) => (hold.longest < least.longest ? hold : least))
}

/** Measures all answers. A machine that is busy makes each hold longer, so nothing asserts the goal. */
export async function loop(quick: boolean): Promise<Measured> {
  const figures: Figure[] = []
  for (const [answer, name] of Object.entries(answers)) {
    const server = await startServer(answer)
    const session = sessionOn(server)
    const assistant = await openAssistantOn(server)
    const ways = {
      'the session': () => session.call(searchJobs, { pageSize: 20 }),
      car_search_jobs: () => assistant.call('car_search_jobs', { pageSize: 20 }),
    }
    try {
      for (const [way, work] of Object.entries(ways)) {
        const { longest, total } = await leastOf(work, quick ? 1 : runs)
        figures.push({
          name: `loop ${answer} ${way}`,
          what: `longest hold of the event loop: ${name}, ${way}`,
          figure: longest,
          unit: 'ms',
          goal,
          from: `of ${Math.round(total)} ms`,
        })
      }
    } finally {
      await assistant.close()
      await session.close()
      await server.close()
    }
  }
  return { figures }
}
