import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { build } from 'rolldown'
import type { PlanState } from '../../../src/tools/plans/state/plan-state.ts'
import { bundling } from '../../programs/bundling.ts'
import { environmentFor } from '../environment.ts'
import type { TestSandbox } from '../sandbox.ts'
import { type CallResult, clientInfo, textOf } from '../stdio/peers.ts'
import { truthAbout } from './crash-course.ts'
import type { Moment } from './failpoints.ts'
import { unattended } from './rollout-server.ts'
import { linesIn, plansIn, rolloutOf, type SentRun, sentRuns, stateIn } from './rollout-test.ts'

// The built program, with a failpoint that the published one lacks, over stdio.

const root = new URL('../../../', import.meta.url)
const path = (name: string): string => fileURLToPath(new URL(name, root))

/** Builds the program that kills itself into a folder, as the published one is built. Returns its path. */
export async function buildCrashingProgram(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  await build({
    ...bundling.options,
    resolve: { alias: { '@modelcontextprotocol/server/_shims': path('test/programs/sdk-shims.ts') } },
    preserveEntrySignatures: false,
    cwd: fileURLToPath(root),
    input: {
      main: path('test/support/plans/crashing-program.ts'),
      'json-worker': path('src/session/products/large/json-worker.ts'),
    },
    output: { ...bundling.output, dir: join(folder, 'dist'), entryFileNames: '[name].js' },
  })
  return join(folder, 'dist', 'main.js')
}

/** Where a program kills itself: at a line, such as `sent 2`. */
export interface Failpoint {
  readonly moment: Moment
  readonly line: string
}

const inWave = (wave: number): readonly string[] => [`intent ${wave}`, `sent ${wave}`, `ended ${wave}`]

/** The lines of a rollout of three waves that succeed. */
const lines = ['proposed 1', 'approved 1', ...inWave(1), ...inWave(2), ...inWave(3), 'done 1']

/** Before and after each line. */
export const failpoints: readonly Failpoint[] = lines.flatMap((line) => [
  { moment: 'before', line },
  { moment: 'after', line },
])

/** Settings with which one recovery takes as little time as it can. */
const shortTimes = {
  QUALYS_PLAN_LOOKUP_SECONDS: '5',
  QUALYS_CONNECT_TIMEOUT_SECONDS: '1',
  QUALYS_HEADERS_TIMEOUT_SECONDS: '2',
  QUALYS_BODY_TIMEOUT_SECONDS: '1',
} as const

/** A running program, and its client. */
interface RunningProgram {
  readonly call: (name: string, args: Record<string, unknown>) => Promise<string>
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>
  readonly close: () => Promise<void>
}

export async function startProgram(
  program: string,
  sandbox: TestSandbox,
  stateDir: string,
  failpoint?: Failpoint,
): Promise<RunningProgram> {
  const environment = environmentFor(sandbox, {
    ...unattended,
    ...shortTimes,
    QUALYS_STATE_DIR: stateDir,
    ...(failpoint && { CRASH_AT: `${failpoint.moment} ${failpoint.line}` }),
  }) as Record<string, string>
  const client = new Client(clientInfo)
  const ended = new Promise<void>((resolve) => {
    client.onclose = resolve
  })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [program],
      env: environment,
      stderr: 'ignore',
    }),
  )
  return {
    call: async (name, args) => textOf((await client.callTool({ name, arguments: args })) as CallResult),
    ended,
    close: () => client.close(),
  }
}

/** Three waves on these five hosts, one right after the other. */
export function quickRollout(hosts: readonly string[]): Record<string, unknown> {
  const { waves, ...rollout } = rolloutOf(hosts, 1, 2, 2)
  return { ...rollout, waves: waves.map((wave) => ({ ...wave, soakMinutes: 0 })) }
}

/** What became of a rollout whose program was killed and started again. */
export interface Recovered {
  readonly planId: string
  readonly state: PlanState
  /** The hosts of each run of the rollout. */
  readonly sent: readonly (readonly string[])[]
}

/** The runs of a rollout. */
export const runsOf = async (sandbox: TestSandbox, id: string): Promise<readonly SentRun[]> =>
  (await sentRuns(sandbox.control)).filter(({ description }) => description.startsWith(`Rollout ${id}, `))

/** Follows a rollout to its end; a person resumes it, and says what is true of what cannot be proved. */
async function follow({ call }: RunningProgram, sandbox: TestSandbox, stateDir: string): Promise<Recovered> {
  const [planId = ''] = plansIn(stateDir)
  for (;;) {
    await call('car_get_rollout', { planId, waitSeconds: 50 })
    const state = stateIn(stateDir, planId)
    const runs = await runsOf(sandbox, planId)
    if (state.phase !== 'held' && state.phase !== 'running')
      return { planId, state, sent: runs.map(({ assetIds }) => assetIds) }
    if (state.phase !== 'held') continue
    const isUnproved = state.held?.reason === 'unproved run'
    const truth = isUnproved ? truthAbout(linesIn(stateDir, planId), state.current ?? 0, runs) : {}
    await call('car_resume_rollout', { planId, ...truth })
  }
}

/** Runs a rollout in a program that kills itself, until it has. */
export async function killAt(
  failpoint: Failpoint,
  program: string,
  sandbox: TestSandbox,
  stateDir: string,
  hosts: readonly string[],
): Promise<void> {
  const running = await startProgram(program, sandbox, stateDir, failpoint)
  const work = async (): Promise<void> => {
    await running.call('car_plan_rollout', quickRollout(hosts))
    await follow(running, sandbox, stateDir)
  }
  // Whatever it does fails once the program has ended.
  await Promise.race([running.ended, work().catch(() => running.ended)])
  await running.close()
  // As if its lease had ended: that takes 45 s, and is tried in process.
  for (const id of plansIn(stateDir)) {
    const plan = join(stateDir, 'plans', id)
    for (const name of readdirSync(plan)) if (name.startsWith('lease-')) rmSync(join(plan, name))
  }
}

/** Starts the program again, and follows its rollout to its end. */
export async function recover(
  program: string,
  sandbox: TestSandbox,
  stateDir: string,
  hosts: readonly string[],
): Promise<Recovered> {
  const running = await startProgram(program, sandbox, stateDir)
  try {
    if (isUnapproved(stateDir)) await running.call('car_plan_rollout', quickRollout(hosts))
    return await follow(running, sandbox, stateDir)
  } finally {
    await running.close()
  }
}

/** True if nobody has approved the rollout: who proposed it does so again. */
export function isUnapproved(stateDir: string): boolean {
  const [id] = plansIn(stateDir)
  return id === undefined || linesIn(stateDir, id).length < 2
}
