import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { movePlans, newMemory } from '../../../src/tools/plans/run/move-plans.ts'
import { objectsOf } from '../../support/effects/calls.ts'
import { truthAbout } from '../../support/plans/crash-course.ts'
import {
  buildCrashingProgram,
  type Failpoint,
  failpoints,
  isUnapproved,
  killAt,
  quickRollout,
  runsOf,
} from '../../support/plans/killed-programs.ts'
import { openRolloutServer, unattended } from '../../support/plans/rollout-server.ts'
import { linesIn, plansIn, quickHosts, stateIn } from '../../support/plans/rollout-test.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'

// Kills the built program 1,000 times at a line of a rollout; another process goes on, whose clock is four minutes
// ahead. Fewer: CRASH_KILLS=20 CRASH_SEED=7 npx vitest run --project nightly test/nightly/plans

/** Numbers from 0 to 1 by a seed: mulberry32. */
function randomBy(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick<T>(all: readonly T[], random: () => number): T {
  const one = all[Math.floor(random() * all.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}

interface Kill extends Failpoint {
  readonly number: number
  /** What Qualys shows of runs. */
  readonly knobs: object
}

const views: readonly object[] = [
  { runDescriptions: 'hidden', resultHosts: 'named' },
  { runDescriptions: 'hidden', resultHosts: 'none' },
  { runDescriptions: 'shown', resultHosts: 'none' },
]

interface Stage {
  readonly program: string
  readonly folder: string
  readonly sandbox: TestSandbox
  readonly hosts: readonly string[]
}

/** Goes on with a rollout, by a clock that is ahead. */
async function goOn({ sandbox, hosts }: Stage, stateDir: string): Promise<void> {
  const server = await openRolloutServer(sandbox, { ...unattended, QUALYS_STATE_DIR: stateDir })
  try {
    if (isUnapproved(stateDir)) await server.call('car_plan_rollout', quickRollout(hosts))
    const [planId = ''] = plansIn(stateDir)
    for (let minute = 4; minute < 60; minute++) {
      const now = (): number => Date.now() + minute * 60_000
      await movePlans(server.parts.options, newMemory(), new AbortController().signal, now)
      const { phase, held, current = 0 } = stateIn(stateDir, planId)
      if (phase !== 'running' && phase !== 'held') return
      const isUnproved = held?.reason === 'unproved run'
      const runs = await runsOf(sandbox, planId)
      const truth = isUnproved ? truthAbout(linesIn(stateDir, planId), current, runs) : {}
      if (phase === 'held') await server.call('car_resume_rollout', { planId, ...truth })
      else await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    await server.close()
  }
}

/** What is wrong after a kill; undefined if each wave was sent once, and the rollout is done. */
async function faultAfter(kill: Kill, stage: Stage): Promise<string | undefined> {
  const stateDir = join(stage.folder, String(kill.number))
  await killAt(kill, stage.program, stage.sandbox, stateDir, stage.hosts)
  await goOn(stage, stateDir)
  const [planId = ''] = plansIn(stateDir)
  const { phase, plan, held } = stateIn(stateDir, planId)
  const sent = (await runsOf(stage.sandbox, planId)).map(({ assetIds }) => assetIds)
  const wanted = plan.waves.map(({ hosts }) => hosts)
  const isRight = phase === 'done' && JSON.stringify(sent) === JSON.stringify(wanted)
  if (isRight) rmSync(stateDir, { recursive: true })
  return isRight
    ? undefined
    : `kill ${kill.number} (${kill.moment} ${kill.line}): ${phase}, sent ${JSON.stringify(sent)} ${held?.why ?? ''}; see ${stateDir}`
}

/** Kills one after the other, on hosts of its own. */
async function work(stage: Stage, kills: Kill[], faults: string[]): Promise<void> {
  for (let kill = kills.shift(); kill; kill = kills.shift()) {
    await stage.sandbox.control.knobs(kill.knobs)
    try {
      const fault = await faultAfter(kill, stage)
      if (fault !== undefined) faults.push(fault)
    } catch (error) {
      faults.push(`kill ${kill.number} (${kill.moment} ${kill.line}): ${String(error)}`)
    }
  }
}

const workers = 3

const count = Number(process.env['CRASH_KILLS'] ?? 1_000)
const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 1e9))

function drawKills(): Kill[] {
  const random = randomBy(seed)
  return Array.from({ length: count }, (_, number) => ({
    number,
    ...pick(failpoints, random),
    knobs: pick(views, random),
  }))
}

test(`after each of ${count} kills a rollout goes on, and sends each wave once (CRASH_SEED=${seed})`, {
  timeout: 40 * 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-crashes-'))
  const program = await buildCrashingProgram(join(folder, 'program'))
  const kills = drawKills()
  const faults: string[] = []
  await Promise.all(
    Array.from({ length: workers }, async () => {
      // One each, since a sandbox shows all runs in one way.
      const sandbox = await openSandbox({ jobs: 100, assets: 100 })
      await sandbox.control.knobs({ ...quickHosts, hostSeconds: 0.1, executionsPerDay: 100_000 })
      const { hosts } = await objectsOf(sandbox.control)
      await work({ program, folder, sandbox, hosts }, kills, faults)
      await sandbox.close()
    }),
  )
  expect(faults).toEqual([])
  // What is left of a failure stays.
  rmSync(folder, { recursive: true })
})
