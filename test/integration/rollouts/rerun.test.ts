import { describe, expect } from 'vitest'
import {
  goOn,
  pass,
  planIdIn,
  plansIn,
  propose,
  rolloutOf,
  scriptId,
  sentRuns,
  stateIn,
  test,
} from '../../support/plans/rollout-test.ts'
import { type Control, effectRequests } from '../../support/sandbox.ts'

// car_plan_rerun: a plan over the hosts of a run that did not succeed.

/** A run on 10 hosts, of which 3 failed, one does not report, and one succeeds or fails. Returns its hosts by outcome. */
async function runWith(control: Control, hosts: readonly string[]) {
  const assetIds = hosts.slice(0, 10).map(Number)
  await control.silent(assetIds.slice(0, 1))
  await control.knobs({ executionOutcome: 'mixed' })
  const { jobId } = await control.portalRun({ scriptId: Number(scriptId), assetIds })
  pass(1)
  await control.silent([])
  const results = (await control.dump('assetjobs')).filter(
    ({ job }) => String((job as { id: string }).id) === String(jobId),
  )
  const of = (wanted: (row: Record<string, unknown>) => boolean) =>
    results
      .filter(wanted)
      .map(({ asset }) => String((asset as { id: number }).id))
      .sort()
  return {
    jobId: String(jobId),
    failed: of(({ outcome }) => outcome === 'failed'),
    open: of(({ outcome }) => outcome === 'open'),
    results,
  }
}

describe('a rerun', () => {
  test('is a plan of one wave on exactly the hosts that did not succeed', async ({
    sandbox,
    folder,
    hosts,
    server,
  }) => {
    const { jobId, failed, open, results } = await runWith(sandbox.control, hosts)
    expect(results.length).toBe(10)
    const reply = await server.call('car_plan_rerun', { jobId })
    expect(reply.isError, reply.text).toBe(false)
    const id = planIdIn(reply)
    const wanted = [...failed, ...open].sort()
    expect(wanted.length).toBeGreaterThan(1)
    expect(stateIn(folder, id)).toMatchObject({
      plan: { tool: 'car_plan_rerun', fleet: wanted, script: { id: scriptId }, waves: [{ hosts: wanted }] },
    })
    await goOn(server, 1)
    const sent = (await sentRuns(sandbox.control)).at(-1)
    expect(sent?.assetIds).toEqual(wanted)
    expect(sent?.description).toMatch(new RegExp(`^Again after run ${jobId}: .*\\[qualys-mcp [a-z]{12}\\]$`))
    expect(stateIn(folder, id).phase).toBe('done')
  })

  test('takes the outcomes that are asked for', async ({ sandbox, folder, hosts, server }) => {
    const { jobId, failed, open } = await runWith(sandbox.control, hosts)
    for (const [outcome, wanted] of [
      ['failed', failed],
      ['not reported', open],
    ] as const) {
      const id = planIdIn(await server.call('car_plan_rerun', { jobId, outcomes: [outcome] }))
      expect(stateIn(folder, id).plan.fleet).toEqual(wanted)
    }
    const none = await server.call('car_plan_rerun', { jobId, outcomes: ['unknown'] })
    expect(none.error).toMatchObject({ kind: 'input' })
    expect(none.text).toContain(`Run ${jobId} has no host that is unknown`)
    expect(plansIn(folder)).toHaveLength(2)
  })

  test('takes hosts of which nobody knows how they ended', async ({ sandbox, folder, hosts, server }) => {
    const { jobId } = await runWith(sandbox.control, hosts)
    await sandbox.control.faults([
      { route: 'POST /sm/v2/assetjobs/search', kind: 'dropField', fields: ['output'] },
    ])
    const id = planIdIn(await server.call('car_plan_rerun', { jobId, outcomes: ['unknown'] }))
    expect(stateIn(folder, id).plan.fleet).toHaveLength(9)
  })

  test('of a wave of a rollout takes the hosts of that wave', async ({ sandbox, folder, hosts, server }) => {
    await sandbox.control.failures([0, 0.2])
    const first = await propose(server, { ...rolloutOf(hosts, 2, 10, 2), stopAfter: { wave: '2' } })
    await goOn(server, 3)
    const { waves } = stateIn(folder, first)
    const reply = await server.call('car_plan_rerun', { jobId: waves[1]?.run?.jobId })
    const { fleet } = stateIn(folder, planIdIn(reply)).plan
    expect(fleet).toHaveLength(2)
    expect(waves[1]?.planned.hosts).toEqual(expect.arrayContaining([...fleet]))
  })

  test('passes options on', async ({ sandbox, hosts, server }) => {
    const { jobId } = await runWith(sandbox.control, hosts)
    await server.call('car_plan_rerun', { jobId, rebootAfterScriptExecution: true })
    await server.move()
    expect((await sentRuns(sandbox.control)).at(-1)?.asked).toMatchObject({
      rebootAfterScriptExecution: true,
    })
  })
})

describe('no rerun', () => {
  test('of a run that succeeded everywhere', async ({ sandbox, folder, hosts, server }) => {
    const assetIds = hosts.slice(0, 3).map(Number)
    const { jobId } = await sandbox.control.portalRun({ scriptId: Number(scriptId), assetIds })
    pass(1)
    const reply = await server.call('car_plan_rerun', { jobId: String(jobId) })
    expect(reply.error).toMatchObject({ kind: 'input' })
    expect(reply.text).toBe(
      `Run ${jobId} has no host that is failed or not reported or unknown: 3 hosts succeeded. There is nothing to run again.`,
    )
    expect(plansIn(folder)).toEqual([])
  })

  test('of a run that does not exist', async ({ sandbox, folder, server }) => {
    const reply = await server.call('car_plan_rerun', { jobId: '999999' })
    expect(reply.error).toMatchObject({ kind: 'input' })
    expect(reply.text).toContain('There is no run 999999.')
    expect(plansIn(folder)).toEqual([])
    expect(await effectRequests(sandbox.control)).toEqual([])
  })

  test('beyond the limits', async ({ sandbox, folder, hosts, serve }) => {
    const server = await serve({ QUALYS_MAX_ASSETS_PER_PLAN: '1' })
    const { jobId } = await runWith(sandbox.control, hosts)
    const reply = await server.call('car_plan_rerun', { jobId })
    expect(reply.text).toMatch(/the rollout has \d hosts, and QUALYS_MAX_ASSETS_PER_PLAN is 1/)
    expect(plansIn(folder)).toEqual([])
  })

  test('of an outcome that there is not', async ({ server }) => {
    const reply = await server.call('car_plan_rerun', { jobId: '1', outcomes: ['succeeded'] })
    expect(reply.isError).toBe(true)
    expect(reply.text).toContain('must be one of failed, not reported, unknown')
  })
})
