import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { searchJobs } from '../../src/operations/car/runs.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { openAssistantOn } from '../support/assistant.ts'
import { sessionOn } from '../support/session.ts'
import type { Measured } from './ratios.ts'

// Counting and walking many rows, compared with a bare loop that requests the same batches and does nothing with
// them.

/** The sandbox in a process of its own, so that its CPU time is not counted as ours. */
async function startSandboxProcess(jobs: number): Promise<Sandbox> {
  const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  const child = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--jobs', String(jobs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, QUALYS_LOG_LEVEL: 'error' },
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const close = async (): Promise<void> => {
    child.kill()
    await once(child, 'exit')
  }
  return { ...JSON.parse(line), close }
}

/** Requests every batch of a thousand, parses it and drops it. */
async function bareLoop({ gatewayUrl, username, password }: Sandbox): Promise<number> {
  const login = await fetch(new URL('/auth', gatewayUrl), {
    method: 'POST',
    body: new URLSearchParams({ username, password, token: 'true' }),
  })
  const authorization = `Bearer ${await login.text()}`
  let rows = 0
  for (let searchAfter: unknown; ; ) {
    const response = await fetch(new URL('/sm/v2/jobs/search', gatewayUrl), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({
        sort: [{ 'created.dateTime': 'desc' }, { id: 'desc' }],
        pageSize: 1_000,
        ...(searchAfter !== undefined && { searchAfter }),
      }),
    })
    const { body } = (await response.json()) as { body: { list: { sortValues: unknown }[] } }
    rows += body.list.length
    if (body.list.length < 1_000) return rows
    searchAfter = body.list.at(-1)?.sortValues
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Runs each variant in turn, several times; returns its ratios to the bare loop. */
export async function countTimes(jobs = 100_000, rounds = 5): Promise<Measured> {
  const sandbox = await startSandboxProcess(jobs)
  const assistant = await openAssistantOn(sandbox)
  const session = sessionOn(sandbox)
  const count = (): Promise<unknown> =>
    assistant.call('car_count_jobs', { groupBy: ['platform', 'executionType', 'created.dateTime:month'] })
  const walk = async (): Promise<void> => {
    for await (const { rows } of session.walk(searchJobs, {}, { prefetch: true }))
      if (rows.length === 0) return
  }
  const times = { bare: [] as number[], counted: [] as number[], walked: [] as number[] }
  // A first round that is not counted: connections are opened, and code is compiled.
  await Promise.all([bareLoop(sandbox), count(), walk()])
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await timed(() => bareLoop(sandbox)))
    times.counted.push(await timed(count))
    times.walked.push(await timed(walk))
  }
  await assistant.close()
  await session.close()
  await sandbox.close()
  const [bare, counted, walked] = [median(times.bare), median(times.counted), median(times.walked)]
  const line = (what: string, ms: number, goal: number): string =>
    `${what} ${jobs.toLocaleString('en')} jobs: ${ms.toFixed(0)} ms; a bare loop: ${bare.toFixed(0)} ms; ratio ${(ms / bare).toFixed(2)} (goal ${goal}; medians of ${rounds})`
  return {
    lines: [line('counting', counted, 1.2), line('walking', walked, 1.35)],
    ratios: { count: counted / bare, walk: walked / bare },
  }
}
