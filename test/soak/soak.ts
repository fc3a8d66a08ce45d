import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Draw } from '../fuzz/draw.ts'
import { Caller, type Tally } from './caller.ts'
import { type Deed, type Desk, survey, work, wrongDeeds } from './calls.ts'
import { ledgerOf } from './ledger.ts'
import { holdingsOf, openPlace, type Place } from './place.ts'
import { drawn, Weather } from './troubles.ts'

/** How a soak came out. */
export interface Report {
  readonly tally: Tally
  readonly deeds: readonly Deed[]
  /** Medians of the server's memory in MiB: of the middle third of the samples, and of the last one. */
  readonly memory?: { readonly middle: number; readonly last: number; readonly most: number }
  /** Open handles of the server: before the first call, and after the last one. */
  readonly handles?: { readonly before: number; readonly after: number }
}

const atOnce = 6
/** What a heap may differ by between two looks at it, in MiB. */
const slack = 32
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
async function storm(place: Place, weather: Weather, draw: Draw, over: () => boolean): Promise<void> {
  while (!over()) {
    await pause(300 + draw.below(1_500))
    if (draw.chance(40)) await place.revoke()
    if (draw.chance(30)) await place.knobs({ tokenLifetimeSeconds: draw.of([4, 10, 14_400]) })
    const faults = draw.chance(70) ? drawn(draw, routes, place.kinds) : []
    // What goes on before it ends, and ends after it went: a call in between may meet either.
    weather.turn(performance.now(), faults)
    await place.faults(faults)
    await pause(300 + draw.below(2_000))
    await place.faults([])
    weather.end(performance.now())
    // The sandbox keeps what it saw.
    await place.forget()
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

/** Calls the built server for so many seconds while everything goes wrong, and compares each answer with the truth. */
export async function soak(
  seconds: number,
  seed: number,
  tell: (line: string) => void = () => undefined,
): Promise<Report> {
  const draw = new Draw(seed)
  const place = await openPlace(400)
  const folder = await mkdtemp(join(tmpdir(), 'qualys-mcp-soak-'))
  const env = {
    ...place.env,
    QUALYS_MODE: 'unattended',
    QUALYS_UNVERIFIED: 'all',
    QUALYS_STATE_DIR: folder,
    QUALYS_MAX_WAIT_SECONDS: '4',
    QUALYS_HEADERS_TIMEOUT_SECONDS: '20',
    QUALYS_BODY_TIMEOUT_SECONDS: '3',
    QUALYS_CONCURRENCY: '4',
  }
  const weather = new Weather()
  const caller = new Caller(env, seed % 2 === 0 ? 'auto' : 'legacy', weather)
  const { tally } = caller
  try {
    const pid = await caller.open()
    const before = await holdingsOf(pid)
    const end = { at: Number.POSITIVE_INFINITY }
    const over = (): boolean => performance.now() >= end.at
    const deeds: Deed[] = []
    const desk: Desk = { caller, draw, ledger: await ledgerOf(place), deeds, over }
    await survey(desk)
    tell(`survey: ${tally.calls} calls, ${tally.wrong.length} wrong`)
    end.at = performance.now() + seconds * 1_000
    const samples: number[] = []
    await Promise.all([
      ...Array.from({ length: atOnce }, () => work(desk)),
      storm(place, weather, draw, over),
      watch(pid, tally, samples, tell, over),
    ])
    for (const wrong of wrongDeeds(deeds, await place.truth('scripts'))) caller.wrong(wrong)
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
      deeds,
      ...(third > 0 && { memory: { middle, last, most: Math.max(...samples) } }),
      ...(before && after !== undefined && { handles: { before: before.handles, after } }),
    }
  } finally {
    await caller.close()
    place.close()
    await rm(folder, { recursive: true, force: true })
  }
}
