import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SeededRandom } from '../fuzz/seeded-random.ts'
import type { Caller } from './caller.ts'
import { type Effect, type Fixtures, walkEveryList, work, wrongEffects } from './calls.ts'
import { expectationsOf } from './expectations.ts'
import { drawFaults } from './fault-kinds.ts'
import { FaultSchedule } from './fault-schedule.ts'
import { processUsage, type SandboxProcess, startSandboxProcess } from './sandbox-process.ts'
import { openOverHttp, openOverStdio, type SoakedServer } from './soaked-server.ts'
import { newTally, type Tally } from './tally.ts'

/** The result of a soak. */
export interface Report {
  readonly tally: Tally
  readonly effects: readonly Effect[]
  /** Medians of the server's memory in MiB: of the middle third of the samples, and of the last one. */
  readonly memory?: { readonly middle: number; readonly last: number; readonly most: number }
  /** Open handles of the server: before the first call, and after the last one. */
  readonly handles?: { readonly before: number; readonly after: number }
}

const atOnce = 6
/**
 * How much the memory may differ between two measurements, in MiB: the largest answer that is read, twice, since
 * its parts are joined (src/session/http/body.ts). It may not have been freed yet.
 */
const memorySlack = 128
/**
 * Token lifetimes. The shortest leaves time for a delayed answer: the server renews at half of it, and up to a
 * second is lost since tokens count whole seconds.
 */
const lifetimes = [6, 12, 14_400]
/** Connections that stay open for the next call, to both hosts, and handles of the runtime. */
const idleConnections = 12

/** The routes that get faults. */
const routes = [
  ...[
    'POST /sm/v2/jobs/search',
    'POST /sm/v1/assets/search',
    'GET /sm/v1/scripts/{scriptId}',
    'POST /sm/v5/script',
  ],
  ...['POST /qps/rest/1.0/search/saq/user', 'POST /qps/rest/1.0/search/saq/questionnaire'],
  ...['GET /qps/rest/1.0/get/saq/user/{userId}', 'GET /qps/rest/1.0/count/saq/user'],
  ...[
    'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}',
    'GET /qps/rest/1.0/count/saq/questionnaire',
  ],
]

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

/** Switches faults on and off, revokes tokens, and shortens their lifetime. */
async function injectFaults(
  sandbox: SandboxProcess,
  schedule: FaultSchedule,
  random: SeededRandom,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await pause(300 + random.below(1_500))
    if (random.chance(40)) {
      const from = performance.now()
      await sandbox.revoke()
      schedule.revoked(from, performance.now())
    }
    if (random.chance(30)) {
      const tokenLifetimeSeconds = random.of(lifetimes)
      schedule.lifetime(performance.now(), tokenLifetimeSeconds)
      await sandbox.knobs({ tokenLifetimeSeconds })
    }
    const faults = random.chance(70) ? drawFaults(random, routes, sandbox.kinds) : []
    // Noted before it starts and after it ends: a call in between may be affected or not.
    schedule.start(performance.now(), faults)
    await sandbox.faults(faults)
    await pause(300 + random.below(2_000))
    await sandbox.faults([])
    schedule.end(performance.now())
    // The sandbox keeps all requests until they are cleared.
    await sandbox.clearRequests()
  }
}

/** Measures the server every second, and prints a line every ten. */
async function watch(
  pid: number,
  tally: Tally,
  samples: number[],
  print: (line: string) => void,
  isOver: () => boolean,
): Promise<void> {
  for (let second = 1; !isOver(); second++) {
    await pause(1_000)
    const usage = await processUsage(pid)
    if (usage) samples.push(usage.memory)
    if (second % 10 > 0) continue
    const errors = [...tally.errors].map(([kind, count]) => `${count} ${kind}`).join(', ')
    const about = usage
      ? `${Math.round(usage.memory)} MiB, ${usage.handles} handles`
      : 'memory is not told here'
    print(
      `${second} s: ${tally.calls} calls, ${tally.ok} ok, ${tally.cancelled} cancelled, errors: ${errors || 'none'}, ${tally.wrong.length} wrong; ${about}`,
    )
  }
}

/** The handles once the connections to Qualys have been idle for a while. */
async function readFinalHandles(pid: number, most: number): Promise<number> {
  for (let tries = 0; ; tries++) {
    const { handles = 0 } = (await processUsage(pid)) ?? {}
    if (handles <= most || tries >= 30) return handles
    await pause(1_000)
  }
}

/** How a soak is made. */
export interface SoakOptions {
  readonly seconds: number
  readonly seed: number
  /** `http`: a service with several callers of both revisions. Over stdio the seed decides the revision. */
  readonly transport: 'stdio' | 'http'
  readonly print?: (line: string) => void
}

/**
 * Calls the built server for so many seconds under faults, and compares each answer with the rows of the sandbox.
 * The seed decides the faults, revocations and lifetimes, their order and distance, and the choices of each caller;
 * which call gets which fault depends on the machine.
 */
export async function soak({
  seconds,
  seed,
  transport,
  print = () => undefined,
}: SoakOptions): Promise<Report> {
  const sandbox = await startSandboxProcess(400)
  const folder = await mkdtemp(join(tmpdir(), 'qualys-mcp-soak-'))
  const env = {
    ...sandbox.env,
    QUALYS_MODE: 'unattended',
    QUALYS_UNVERIFIED: 'all',
    QUALYS_STATE_DIR: folder,
    QUALYS_MAX_WAIT_SECONDS: '4',
    QUALYS_HEADERS_TIMEOUT_SECONDS: '20',
    QUALYS_BODY_TIMEOUT_SECONDS: '3',
    QUALYS_CONCURRENCY: '4',
  }
  const schedule = new FaultSchedule()
  const tally = newTally()
  let server: SoakedServer | undefined
  try {
    const start = { env, schedule, tally }
    server =
      transport === 'http'
        ? await openOverHttp(start)
        : await openOverStdio(start, seed % 2 === 0 ? 'auto' : 'legacy')
    const { pid, callers } = server
    const before = await processUsage(pid)
    const end = { at: Number.POSITIVE_INFINITY }
    const isOver = (): boolean => performance.now() >= end.at
    const effects: Effect[] = []
    const expectations = await expectationsOf(sandbox)
    // Separate generators: the choices of one caller do not depend on the speed of the others.
    const fixtures = (nth: number): Fixtures => ({
      caller: callers[nth % callers.length] as Caller,
      random: new SeededRandom(seed + nth),
      expectations,
      effects,
      isOver,
    })
    await walkEveryList(fixtures(0))
    print(`survey: ${tally.calls} calls, ${tally.wrong.length} wrong`)
    end.at = performance.now() + seconds * 1_000
    const samples: number[] = []
    await Promise.all([
      ...Array.from({ length: atOnce }, (_, index) => work(fixtures(index + 1))),
      injectFaults(sandbox, schedule, new SeededRandom(seed), isOver),
      watch(pid, tally, samples, print, isOver),
    ])
    for (const wrong of wrongEffects(effects, await sandbox.dump('scripts'))) tally.wrong.push(wrong)
    const third = Math.floor(samples.length / 3)
    const [middle, last] = [median(samples.slice(third, 2 * third)), median(samples.slice(2 * third))]
    if (third > 2 && last > middle * 1.25 + memorySlack)
      tally.wrong.push(
        `memory grows: ${Math.round(middle)} MiB in the middle third, ${Math.round(last)} MiB in the last`,
      )
    const left = await server.disconnect()
    if (left !== undefined) tally.wrong.push(left)
    const after = before && (await readFinalHandles(pid, before.handles + idleConnections))
    if (before && after !== undefined && after > before.handles + idleConnections)
      tally.wrong.push(
        `${after} handles are open after the last call, and ${before.handles} were before the first`,
      )
    return {
      tally,
      effects,
      ...(third > 0 && { memory: { middle, last, most: Math.max(...samples) } }),
      ...(before && after !== undefined && { handles: { before: before.handles, after } }),
    }
  } finally {
    const ending = await server?.close()
    if (ending !== undefined) tally.wrong.push(ending)
    sandbox.close()
    await rm(folder, { recursive: true, force: true })
  }
}
