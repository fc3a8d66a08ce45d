import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { openPlanFiles } from '../../../src/tools/plans/journal/plan-files.ts'
import type { PlanLine } from '../../../src/tools/plans/plan.ts'
import { foldPlan } from '../../../src/tools/plans/state/fold.ts'
import type { PlanState } from '../../../src/tools/plans/state/plan-state.ts'
import type { ServerOverrides, ToolReply } from '../assistant.ts'
import { objectsOf } from '../effects/calls.ts'
import { testOn } from '../fixtures.ts'
import type { Control, TestSandbox } from '../sandbox.ts'
import { openRolloutServer, type RolloutServer, unattended } from './rollout-server.ts'

/** Approved, without parameters. */
export const scriptId = '19218'

/** What a test of rollouts has besides its sandbox, in which every host answers within seconds and succeeds. */
export interface RolloutFixtures {
  /** A state folder for this test alone. */
  readonly folder: string
  /** Ids of hosts on which scripts may run. */
  readonly hosts: readonly string[]
  /**
   * Opens a server on that folder that asks nobody, with these settings; closed after the test. From then on, clocks stand
   * still but for `pass`.
   */
  readonly serve: (
    settings?: Readonly<Record<string, string>>,
    platform?: TestSandbox,
    overrides?: ServerOverrides,
  ) => Promise<RolloutServer>
  readonly server: RolloutServer
}

/** Every host answers within seconds and succeeds. */
export const quickHosts = { offlineShare: 0, hostSeconds: 1, jobDelayMs: 10, executionOutcome: 'succeeded' }

export const test = testOn({ jobs: 100, assets: 400 }).extend<RolloutFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-rollouts-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  hosts: async ({ sandbox }, use) => use((await objectsOf(sandbox.control)).hosts),
  serve: async ({ sandbox, folder }, use) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await sandbox.control.knobs(quickHosts)
    const servers: RolloutServer[] = []
    await use(async (settings = {}, platform = sandbox, overrides = {}) => {
      const environment = { ...unattended, QUALYS_STATE_DIR: folder, ...settings }
      const server = await openRolloutServer(platform, environment, overrides)
      servers.push(server)
      return server
    })
    for (const server of servers.reverse()) await server.close()
    vi.useRealTimers()
  },
  server: async ({ serve }, use) => use(await serve()),
})

/** Arguments of a rollout over waves of these sizes, one after the other, with a pause of a minute. */
export function rolloutOf(hosts: readonly string[], ...sizes: readonly number[]) {
  let from = 0
  const waves = sizes.map((size) => {
    from += size
    return { assetIds: hosts.slice(from - size, from), soakMinutes: 1 }
  })
  return { scriptId, fleet: { assetIds: hosts.slice(0, from) }, waves, stopAfter: { wave: '50%' } }
}

/** The id of the rollout that a reply is about. */
export function planIdIn({ text }: ToolReply): string {
  const id = /rollout ([A-Z0-9]{8})\b/.exec(text)?.[1]
  if (id === undefined) throw new Error(`no rollout is named: ${text}`)
  return id
}

/** Proposes a rollout, and returns its id. */
export async function propose(server: RolloutServer, args: object): Promise<string> {
  const reply = await server.call('car_plan_rollout', args)
  if (reply.isError) throw new Error(reply.text)
  return planIdIn(reply)
}

/** Sets every clock forward. */
export function pass(minutes: number): void {
  vi.setSystemTime(Date.now() + minutes * 60_000)
}

/**
 * Moves the plans on, lets a minute pass and moves them on again, so often: a wave that is due is sent and ends the
 * first time, and the next one is sent the second time.
 */
export async function goOn(server: Pick<RolloutServer, 'move'>, times = 1): Promise<void> {
  await server.move()
  for (let count = 0; count < times; count++) {
    pass(1)
    await server.move()
  }
}

/** The lines of a plan in a state folder. */
export const linesIn = (folder: string, planId: string): readonly PlanLine[] =>
  openPlanFiles(folder).read(planId)

/** The state of a plan in a state folder. */
export const stateIn = (folder: string, planId: string): PlanState => foldPlan(linesIn(folder, planId))

/** The ids of the plans of a state folder. */
export const plansIn = (folder: string): readonly string[] => openPlanFiles(folder).list()

/** A run as the sandbox recorded it. */
export interface SentRun {
  readonly assetIds: readonly string[]
  readonly description: string
  readonly asked: Readonly<Record<string, unknown>>
  readonly jobId: string
}

/** The runs that were started through the interface. */
export async function sentRuns({ dump }: Control): Promise<readonly SentRun[]> {
  return (await dump('executions')).map(({ assetIds, asked, jobId }) => ({
    assetIds: (assetIds as readonly number[]).map(String),
    asked: asked as SentRun['asked'],
    description: String((asked as SentRun['asked'])['description'] ?? ''),
    jobId: String(jobId),
  }))
}
