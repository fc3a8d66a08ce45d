import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { journalsIn } from '../../../support/plans/crash-course.ts'
import { letDie } from '../../../support/plans/failpoints.ts'
import {
  goOn,
  pass,
  propose,
  quickHosts,
  type RolloutFixtures,
  rolloutOf,
  scriptId,
  sentRuns,
  stateIn,
  test,
} from '../../../support/plans/rollout-test.ts'
import type { Control } from '../../../support/sandbox.ts'

// Runs that are those of others, or of the wave itself, as other journals and the audit log know.

const route = 'POST /sm/v1/scripts/{scriptId}/execute'

describe('two rollouts over the same hosts', () => {
  /** One whose request was never made, and one whose request was, at the same time. */
  async function twins(
    { serve, hosts, folder }: Pick<RolloutFixtures, 'serve' | 'hosts' | 'folder'>,
    control: Control,
    isLost: boolean,
  ) {
    const first = await serve()
    letDie(first, journalsIn(folder), (moment, _, { kind }) => moment === 'after' && kind === 'intent')
    const never = await propose(first, rolloutOf(hosts, 2, 3))
    await first.move()
    const second = await serve()
    if (isLost) await control.faults([{ route, kind: 'resetAfterBody', times: 1 }])
    const made = await propose(second, { ...rolloutOf(hosts, 2, 3), description: 'The other one' })
    await second.move()
    pass(4)
    await second.move()
    return { never, made, server: second }
  }

  test('of which neither was answered are held, and each names the other', async ({
    sandbox,
    folder,
    hosts,
    serve,
  }) => {
    const { control } = sandbox
    const { never, made, server } = await twins({ serve, hosts, folder }, control, true)
    expect(await sentRuns(control)).toHaveLength(1)
    for (const [id, other] of [
      [never, made],
      [made, never],
    ] as const)
      expect(stateIn(folder, id).held).toMatchObject({
        reason: 'unproved run',
        candidates: [{ why: expect.stringContaining(`rollout ${other}`) }],
      })
    await server.call('car_resume_rollout', { planId: never, notRun: true })
    const [run] = await sentRuns(control)
    await server.call('car_resume_rollout', { planId: made, adopt: run?.jobId })
    await goOn(server, 4)
    expect([stateIn(folder, never).phase, stateIn(folder, made).phase]).toEqual(['done', 'done'])
    expect(await sentRuns(control)).toHaveLength(4)
  })

  test('of which one was answered: its run is not that of the other', async ({
    sandbox,
    folder,
    hosts,
    serve,
  }) => {
    const { never, made } = await twins({ serve, hosts, folder }, sandbox.control, false)
    expect(stateIn(folder, made).waves[0]?.phase).toBe('ended')
    expect(stateIn(folder, never).held).toMatchObject({ reason: 'unproved run' })
    expect(stateIn(folder, never).held?.candidates).toBeUndefined()
  })
})

describe('the audit log', () => {
  test('proves the run of an answer that the journal lacks', async ({ sandbox, folder, hosts, serve }) => {
    await sandbox.control.knobs({ ...quickHosts, resultHosts: 'none' })
    const audit = { QUALYS_AUDIT_FILE: join(folder, 'audit.jsonl') }
    const first = await serve(audit)
    letDie(first, journalsIn(folder), (moment, _, { kind }) => moment === 'before' && kind === 'sent')
    const id = await propose(first, rolloutOf(hosts, 2, 3))
    await first.move()
    pass(4)
    await (await serve(audit)).move()
    expect(stateIn(folder, id).waves[0]?.run?.adopted).toBe('by its mark')
  })

  test('keeps the run of another call from being adopted', async ({ sandbox, folder, hosts, serve }) => {
    const audit = { QUALYS_AUDIT_FILE: join(folder, 'audit.jsonl') }
    const first = await serve(audit)
    letDie(first, journalsIn(folder), (moment, _, { kind }) => moment === 'after' && kind === 'intent')
    const id = await propose(first, rolloutOf(hosts, 2, 3))
    await first.move()
    const next = await serve(audit)
    const run = await next.call('car_execute_script', { scriptId, assetIds: hosts.slice(0, 2) })
    expect(run.isError).toBe(false)
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
    pass(4)
    await next.move()
    expect(stateIn(folder, id).held?.reason).toBe('unproved run')
    expect(stateIn(folder, id).held?.candidates).toBeUndefined()
  })
})
