import { expect, vi } from 'vitest'
import type { PlanPhase, PlanState } from '../../../src/tools/plans/state/plan-state.ts'
import { noWait } from '../approvals/local-server.ts'
import { objectsOf } from '../effects/calls.ts'
import type { Answer } from '../service/answer.ts'
import { serviceTestOn } from '../service/fixture.ts'
import { openTestService, type ServiceOptions, type TestService } from '../service/service.ts'
import { pageSettings } from '../service-page/page.ts'
import { plansIn, quickHosts, rolloutOf, stateIn } from './rollout-test.ts'

/** Who asks, who approves, and who only reads. */
const people = {
  ada: { role: 'operator', person: 'Ada' },
  adas: { role: ['operator', 'approver'], person: 'Ada' },
  bob: { role: ['operator', 'approver'], person: 'Bob' },
  eve: { role: 'approver', person: 'Eve' },
  tom: { role: 'viewer', person: 'Tom' },
} as const satisfies ServiceOptions['callers']

export interface ServiceRollouts {
  readonly hosts: readonly string[]
  /** Starts a service whose people approve rollouts on its page. It moves them on by itself; clocks stand still. */
  readonly start: (options?: ServiceOptions) => Promise<TestService>
}

/** A `test` of rollouts of a service. */
export const serviceRollouts = serviceTestOn({ jobs: 100, assets: 400 }).extend<ServiceRollouts>({
  hosts: async ({ sandbox }, use) => use((await objectsOf(sandbox.control)).hosts),
  start: async ({ sandbox }, use) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await sandbox.control.knobs(quickHosts)
    await use(({ settings = {}, ...more } = {}) =>
      openTestService(sandbox, {
        callers: people,
        callTimes: noWait,
        plansEveryMs: 5,
        settings: {
          ...pageSettings,
          QUALYS_MAX_ASSETS_PER_RUN: '2000',
          QUALYS_MAX_ASSETS_PER_PLAN: '2000',
          ...settings,
        },
        ...more,
      }),
    )
    vi.useRealTimers()
  },
})

/** A rollout whose last wave needs its own approval. */
export function withLastApproved(hosts: readonly string[], ...sizes: readonly number[]) {
  const { waves, ...rest } = rolloutOf(hosts, ...sizes)
  return { ...rest, waves: waves.map((wave, at, all) => ({ ...wave, needsApproval: at === all.length - 1 })) }
}

/** Calls a tool as a caller. */
export const callAs = (service: TestService, name: string, tool: string, args: object): Promise<Answer> =>
  service.client(name).call(tool, args)

/** The newest plan of a service. */
export const onlyPlan = ({ folder }: TestService): string => plansIn(folder)[0] ?? ''

/** Looks again and again, and lets some seconds pass each time: the service moves its rollouts on by itself. */
export async function eventually(look: () => unknown, found: unknown): Promise<void> {
  const lookLater = (): unknown => {
    vi.setSystemTime(Date.now() + 2_500)
    return look()
  }
  await expect.poll(lookLater, { timeout: 10_000, interval: 10 }).toEqual(found)
}

/** Waits until the service has brought a rollout into a phase, and returns it. */
export async function reaches(
  { folder }: Pick<TestService, 'folder'>,
  planId: string,
  phase: PlanPhase,
): Promise<PlanState> {
  await eventually(() => stateIn(folder, planId).phase, phase)
  return stateIn(folder, planId)
}

/** Waits until a wave is asked about, and returns the code of its request. */
export async function codeOfWave(service: TestService, planId: string): Promise<string> {
  let code = ''
  await eventually(
    async () => {
      const { text } = await callAs(service, 'tom', 'car_get_rollout', { planId })
      code = /approval: ask the person to open \S+\/approve\/(\S{9}) within/.exec(text)?.[1] ?? ''
      return code
    },
    expect.stringMatching(/^.{9}$/),
  )
  return code
}
