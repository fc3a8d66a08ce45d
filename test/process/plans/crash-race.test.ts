import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { objectsOf } from '../../support/effects/calls.ts'
import { startProgram } from '../../support/plans/killed-programs.ts'
import { plansIn, quickHosts, rolloutOf, sentRuns, stateIn } from '../../support/plans/rollout-test.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { program } from '../../support/stdio/peers.ts'

const count = 200
const rounds = 2

test(`two programs move ${count} rollouts of one state folder on, and send each wave once`, {
  timeout: 240_000,
}, async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'qualys-race-'))
  const sandbox = await openSandbox({ jobs: 100, assets: 400 })
  await sandbox.control.knobs({ ...quickHosts, hostSeconds: 0.1, executionsPerDay: 100_000 })
  const { hosts } = await objectsOf(sandbox.control)
  const programs = await Promise.all([
    startProgram(program, sandbox, stateDir),
    startProgram(program, sandbox, stateDir),
  ])
  try {
    // As many as may be open at once.
    for (let round = 0; round < rounds; round++) {
      const numbers = Array.from({ length: count / rounds }, (_, index) => index)
      await Promise.all(
        programs.map(async ({ call }, own) => {
          for (const index of numbers.filter((number) => number % 2 === own))
            await call('car_plan_rollout', rolloutOf(hosts.slice(index), 2))
        }),
      )
      for (const planId of plansIn(stateDir))
        while (stateIn(stateDir, planId).phase === 'running')
          await programs[0].call('car_get_rollout', { planId, waitSeconds: 20 })
    }
    const ids = plansIn(stateDir)
    expect(ids).toHaveLength(count)
    const states = ids.map((id) => stateIn(stateDir, id))
    expect(states.filter(({ phase }) => phase !== 'done')).toEqual([])
    const sent = (await sentRuns(sandbox.control)).map(({ description }) => description.slice(0, 16))
    expect(sent.sort()).toEqual(ids.map((id) => `Rollout ${id}`.slice(0, 16)).sort())
    // Both worked.
    expect(new Set(states.map(({ waves }) => waves[0]?.intent?.runner)).size).toBe(2)
  } finally {
    await Promise.all(programs.map(({ close }) => close()))
    await sandbox.close()
    rmSync(stateDir, { recursive: true })
  }
})
