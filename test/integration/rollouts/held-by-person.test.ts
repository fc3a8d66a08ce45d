import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'
import { startTicker } from '../../../src/tools/plans/ticker.ts'
import {
  goOn,
  linesIn,
  pass,
  plansIn,
  propose,
  rolloutOf,
  sentRuns,
  stateIn,
  test,
} from '../../support/plans/rollout-test.ts'
import { effectRequests } from '../../support/sandbox.ts'

// Holding, stopping and resuming, and plans of others.

describe('a hold', () => {
  test('keeps the next wave from starting, while the current one goes on', async ({
    sandbox,
    folder,
    hosts,
    server,
  }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await server.move()
    const held = await server.call('car_hold_rollout', { planId: id, reason: 'Change freeze' })
    expect(held.isError).toBe(false)
    expect(held.text).toContain('Change freeze')
    expect(held.text).toContain('A run cannot be stopped: 2 hosts of the current wave are reached already.')
    await goOn(server, 3)
    expect(stateIn(folder, id)).toMatchObject({
      phase: 'held',
      held: { reason: 'person', why: 'Asked for by the client: "Change freeze"' },
      waves: [{ phase: 'ended', counts: { succeeded: 2 } }, { phase: 'waiting' }],
    })
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
    const again = await server.call('car_hold_rollout', { planId: id })
    expect(again.text).toContain(`Rollout ${id} is held: only a running one can be held.`)
    await server.call('car_resume_rollout', { planId: id })
    await goOn(server, 3)
    expect(stateIn(folder, id).phase).toBe('done')
  })

  test('does not hide failures from who resumes', async ({ sandbox, folder, hosts, server }) => {
    await sandbox.control.failures([1])
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await server.move()
    await server.call('car_hold_rollout', { planId: id })
    await goOn(server)
    await server.call('car_resume_rollout', { planId: id })
    await goOn(server, 2)
    expect(stateIn(folder, id).held).toMatchObject({ reason: 'failures' })
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
  })
})

describe('a stop', () => {
  test('is for good: what runs is still counted, and nothing resumes it', async ({
    sandbox,
    folder,
    hosts,
    server,
  }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await server.move()
    const stopped = await server.call('car_stop_rollout', { planId: id, reason: 'Wrong script' })
    expect(stopped.text).toMatch(/stopped/)
    expect(stopped.text).toContain('2 hosts of the current wave are reached already')
    await goOn(server, 3)
    expect(stateIn(folder, id)).toMatchObject({ phase: 'stopped', waves: [{ phase: 'ended' }, {}] })
    const resumed = await server.call('car_resume_rollout', { planId: id })
    expect(resumed.error).toMatchObject({ kind: 'input' })
    expect(resumed.text).toContain(
      `Rollout ${id} is stopped, and only a held one can be resumed. A stopped rollout is over: propose another one.`,
    )
    for (const tool of ['car_stop_rollout', 'car_hold_rollout'])
      expect((await server.call(tool, { planId: id })).isError).toBe(true)
    await goOn(server, 3)
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
  })

  test('ends a plan that nobody has approved, and one that is held', async ({
    folder,
    hosts,
    serve,
    server,
  }) => {
    const asking = await serve({ QUALYS_MODE: 'confirm' })
    await asking.call('car_plan_rollout', rolloutOf(hosts, 2, 2))
    const [proposed] = plansIn(folder)
    await server.call('car_stop_rollout', { planId: proposed })
    expect(stateIn(folder, String(proposed)).phase).toBe('stopped')
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await server.call('car_hold_rollout', { planId: id })
    await server.call('car_stop_rollout', { planId: id })
    expect(stateIn(folder, id).phase).toBe('stopped')
  })
})

describe('while the stop file exists', () => {
  test('a wave that is due is held, and proposing and resuming are refused', async ({
    sandbox,
    folder,
    hosts,
    serve,
  }) => {
    const file = join(folder, 'stop')
    const server = await serve({ QUALYS_STOP_FILE: file })
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await goOn(server)
    writeFileSync(file, '')
    await goOn(server)
    expect(stateIn(folder, id).held).toMatchObject({
      reason: 'limit',
      why: expect.stringContaining('QUALYS_STOP_FILE'),
    })
    const proposed = await server.call('car_plan_rollout', rolloutOf(hosts, 2, 4))
    expect(proposed.text).toContain('The operator has stopped all effects (QUALYS_STOP_FILE')
    expect(plansIn(folder)).toEqual([id])
    const resumed = await server.call('car_resume_rollout', { planId: id })
    expect(resumed.text).toContain('The operator has stopped all effects (QUALYS_STOP_FILE')
    expect(stateIn(folder, id).phase).toBe('held')
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
    rmSync(file)
    await server.call('car_resume_rollout', { planId: id })
    await goOn(server, 2)
    expect(stateIn(folder, id).phase).toBe('done')
  })

  test('a rollout can be held and stopped', async ({ folder, hosts, serve }) => {
    const file = join(folder, 'stop')
    const server = await serve({ QUALYS_STOP_FILE: file })
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    writeFileSync(file, '')
    expect((await server.call('car_hold_rollout', { planId: id })).isError).toBe(false)
    expect((await server.call('car_stop_rollout', { planId: id })).isError).toBe(false)
    expect(stateIn(folder, id).phase).toBe('stopped')
    const refused = await server.call('car_plan_rollout', rolloutOf(hosts, 2, 3))
    for (const tool of ['car_hold_rollout', 'car_stop_rollout']) expect(refused.text).toContain(tool)
  })
})

describe('a plan of another account', () => {
  test('is told as such, and nobody else moves it', async ({ sandbox, folder, hosts, serve, server }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    const other = await serve({ QUALYS_USERNAME: 'sandbox_cd2', QUALYS_PASSWORD: 'sandbox2' })
    for (const tool of ['car_get_rollout', 'car_hold_rollout', 'car_stop_rollout', 'car_resume_rollout']) {
      const reply = await other.call(tool, { planId: id })
      expect(reply.error).toMatchObject({ kind: 'input' })
      expect(reply.text).toContain(`Rollout ${id} belongs to another account`)
    }
    expect((await other.call('car_list_rollouts', { open: false })).text).toBe('no rollout')
    const before = linesIn(folder, id)
    await goOn(other, 2)
    expect(linesIn(folder, id)).toEqual(before)
    expect(await sentRuns(sandbox.control)).toEqual([])
  })

  test.for(['car_get_rollout', 'car_hold_rollout', 'car_stop_rollout', 'car_resume_rollout'])(
    '%s knows no plan that nobody proposed',
    async (tool, { server }) => {
      const reply = await server.call(tool, { planId: 'ABCD2345' })
      expect(reply.error).toMatchObject({ kind: 'input' })
      expect(reply.text).toContain('There is no rollout ABCD2345 in this state folder.')
      expect((await server.call(tool, { planId: '../../etc' })).isError).toBe(true)
    },
  )
})

describe('looking', () => {
  test('moves nothing, and asks Qualys for nothing but lists', async ({ sandbox, folder, hosts, server }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await goOn(server)
    pass(10)
    const before = linesIn(folder, id)
    await sandbox.control.clearRequests()
    for (let looks = 0; looks < 3; looks++) {
      expect((await server.call('car_get_rollout', { planId: id })).isError).toBe(false)
      expect((await server.call('car_list_rollouts', {})).isError).toBe(false)
    }
    expect(await effectRequests(sandbox.control)).toEqual([])
    expect(linesIn(folder, id)).toEqual(before)
  })

  test('is what a read-only server can do', async ({ sandbox, hosts, serve, server }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    const reader = await serve({ QUALYS_MODE: 'read-only' })
    expect((await reader.call('car_get_rollout', { planId: id })).text).toContain(`rollout ${id}`)
    expect((await reader.call('car_list_rollouts', {})).text).toContain(id)
    for (const [tool, args] of [
      ['car_plan_rollout', rolloutOf(hosts, 2, 3)],
      ['car_plan_rerun', { jobId: '1' }],
      ['car_hold_rollout', { planId: id }],
      ['car_stop_rollout', { planId: id }],
      ['car_resume_rollout', { planId: id }],
    ] as const)
      await expect(reader.call(tool, args)).rejects.toThrow(tool)
    expect(await sentRuns(sandbox.control)).toEqual([])
  })
})

describe('a server that may send no waves', () => {
  test.for([
    { settings: { QUALYS_MODE: 'read-only' }, runs: 0 },
    { settings: { QUALYS_MAX_ASSETS_PER_PLAN: '0' }, runs: 0 },
    { settings: {}, runs: 1 },
  ])('$settings: leaves rollouts to the others', async (row, { sandbox, folder, hosts, serve, server }) => {
    const { settings, runs } = row
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    const before = linesIn(folder, id)
    const { options } = (await serve(settings)).parts
    const safeguards = safeguardsOf(options.configuration.settings, options.redact, { movesPlans: true })
    const ticker = startTicker({ ...options, safeguards }, 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await ticker.close()
    expect(linesIn(folder, id).length > before.length).toBe(runs > 0)
    expect(await sentRuns(sandbox.control)).toHaveLength(runs)
  })
})
