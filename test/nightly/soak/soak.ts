import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Draw } from '../fuzz/draw.ts'
import { Caller, type Tally } from './caller.ts'
import { type Effect, type Fixtures, survey, work, wrongEffects } from './calls.ts'
import { expectationsOf } from './expectations.ts'
import { drawFaults } from './fault-kinds.ts'
import { FaultSchedule } from './fault-schedule.ts'
import { holdingsOf, type SandboxProcess, startSandboxProcess } from './sandbox-process.ts'

/** How a soak came out. */
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
 * What the memory may differ by between two looks at it, in MiB: the largest answer that is read, twice, since its parts
 * are joined (src/session/http/body.ts). It may not have been given back yet.
 */
const slack = 128
/**
 * Token lifetimes. The shortest leaves time for an answer that is delayed: the server renews at half of it, and up to a
 * second is lost since tokens count whole seconds.
 */
const lifetimes = [6, 12, 14_400]
/** Connections that are kept for the next call, to both hosts, and what a runtime opens by the way. */
const keptOpen = 12

/** What calls to Qualys go through that these tests strike. */
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

/** Faults come and go, tokens are revoked, and live for seconds. */
async function disturb(
  sandbox: SandboxProcess,
  schedule: FaultSchedule,
  draw: Draw,
  over: () => boolean,
): Promise<void> {
  while (!over()) {
    await pause(300 + draw.below(1_500))
    if (draw.chance(40)) {
      const from = performance.now()
      await sandbox.revoke()
      schedule.revoked(from, performance.now())
    }
    if (draw.chance(30)) {
      const tokenLifetimeSeconds = draw.of(lifetimes)
      schedule.lifetime(performance.now(), tokenLifetimeSeconds)
      await sandbox.knobs({ tokenLifetimeSeconds })
    }
    const faults = draw.chance(70) ? drawFaults(draw, routes, sandbox.kinds) : []
    // Noted before it starts, and until it has ended: a call in between may meet either.
    schedule.start(performance.now(), faults)
    await sandbox.faults(faults)
    await pause(300 + draw.below(2_000))
    await sandbox.faults([])
    schedule.end(performance.now())
    // The sandbox keeps what it saw.
    await sandbox.forget()
  }
}

/** One look at the server a second, and a line every ten. */
async function watch(
  pid: number,
  tally: Tally,
  samples: number[],
  tell: (line: string) => void,
  over: () => boolean,
): Promise<void> {
  for (let second = 1; !over(); second++) {
    await pause(1_000)
    const held = await holdingsOf(pid)
    if (held) samples.push(held.memory)
    if (second % 10 > 0) continue
    const errors = [...tally.errors].map(([kind, count]) => `${count} ${kind}`).join(', ')
    const about = held ? `${Math.round(held.memory)} MiB, ${held.handles} handles` : 'memory is not told here'
    tell(
      `${second} s: ${tally.calls} calls, ${tally.ok} ok, ${tally.cancelled} cancelled, errors: ${errors || 'none'}, ${tally.wrong.length} wrong; ${about}`,
    )
  }
}

/** The handles that are left once the connections to Qualys have been idle for a while. */
async function handlesLeft(pid: number, most: number): Promise<number> {
  for (let tries = 0; ; tries++) {
    const { handles = 0 } = (await holdingsOf(pid)) ?? {}
    if (handles <= most || tries >= 30) return handles
    await pause(1_000)
  }
}

/**
 * Calls the built server for so many seconds while everything goes wrong, and compares each answer with the truth. The
 * seed decides which faults, revocations and lifetimes come, in which order and at which distance, and what each of the
 * callers draws; which call meets which fault depends on the machine.
 */
export async function soak(
  seconds: number,
  seed: number,
  tell: (line: string) => void = () => undefined,
): Promise<Report> {
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
  const caller = new Caller(env, seed % 2 === 0 ? 'auto' : 'legacy', schedule)
  const { tally } = caller
  try {
    const pid = await caller.open()
    const before = await holdingsOf(pid)
    const end = { at: Number.POSITIVE_INFINITY }
    const over = (): boolean => performance.now() >= end.at
    const effects: Effect[] = []
    const expectations = await expectationsOf(sandbox)
    // Draws of their own: what one of them draws does not depend on how fast the others are.
    const fixtures = (nth: number): Fixtures => ({
      caller,
      draw: new Draw(seed + nth),
      expectations,
      effects,
      over,
    })
    await survey(fixtures(0))
    tell(`survey: ${tally.calls} calls, ${tally.wrong.length} wrong`)
    end.at = performance.now() + seconds * 1_000
    const samples: number[] = []
    await Promise.all([
      ...Array.from({ length: atOnce }, (_, index) => work(fixtures(index + 1))),
      disturb(sandbox, schedule, new Draw(seed), over),
      watch(pid, tally, samples, tell, over),
    ])
    for (const wrong of wrongEffects(effects, await sandbox.truth('scripts'))) caller.wrong(wrong)
    const third = Math.floor(samples.length / 3)
    const [middle, last] = [median(samples.slice(third, 2 * third)), median(samples.slice(2 * third))]
    if (third > 2 && last > middle * 1.25 + slack)
      caller.wrong(
        `memory grows: ${Math.round(middle)} MiB in the middle third, ${Math.round(last)} MiB in the last`,
      )
    const after = before && (await handlesLeft(pid, before.handles + keptOpen))
    if (before && after !== undefined && after > before.handles + keptOpen)
      caller.wrong(
        `${after} handles are open after the last call, and ${before.handles} were before the first`,
      )
    return {
      tally,
      effects,
      ...(third > 0 && { memory: { middle, last, most: Math.max(...samples) } }),
      ...(before && after !== undefined && { handles: { before: before.handles, after } }),
    }
  } finally {
    await caller.close()
    sandbox.close()
    await rm(folder, { recursive: true, force: true })
  }
}
