import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
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

// Budgets, windows, and plans that nobody moves in time.

const charges = (folder: string) =>
  readFileSync(join(folder, 'budget.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { what: string; n: number })
    .map(({ what, n }) => `${n} ${what}`)

/** A window of some hours, from so many hours from now on, in UTC. */
function windowIn(hours: number, length: number): string {
  const clock = (at: number): string => new Date(at).toISOString().slice(11, 16)
  const from = Date.now() + hours * 3_600_000
  return `${clock(from)}-${clock(from + length * 3_600_000)}`
}

describe('budgets', () => {
  test('are charged once for each wave, when it is sent', async ({ folder, hosts, serve }) => {
    const server = await serve({ QUALYS_MAX_HOSTS_PER_DAY: '10', QUALYS_MAX_RUNS_PER_HOUR: '5' })
    await propose(server, rolloutOf(hosts, 2, 3))
    await goOn(server)
    expect(charges(folder).sort()).toEqual(['1 runs', '2 hosts'])
    await goOn(server, 4)
    expect(charges(folder).sort()).toEqual(['1 runs', '1 runs', '2 hosts', '3 hosts'])
  })

  test('that are spent between waves hold the plan, and nothing is charged', async ({
    sandbox,
    folder,
    hosts,
    serve,
  }) => {
    const server = await serve({ QUALYS_MAX_HOSTS_PER_DAY: '6' })
    const id = await propose(server, rolloutOf(hosts, 4, 5))
    await goOn(server, 2)
    expect(stateIn(folder, id).held).toMatchObject({
      reason: 'limit',
      why: expect.stringMatching(
        /would spend 5 hosts, and 2 of today’s 6 \(QUALYS_MAX_HOSTS_PER_DAY\) are left/,
      ),
    })
    expect(charges(folder)).toEqual(['4 hosts'])
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
    // A day later there is enough again.
    pass(25 * 60)
    await server.call('car_resume_rollout', { planId: id })
    await goOn(server, 2)
    expect(stateIn(folder, id).phase).toBe('done')
    expect(charges(folder).at(-1)).toBe('5 hosts')
  })

  test('that allow no run at all are told when it is proposed', async ({ folder, hosts, serve }) => {
    const server = await serve({ QUALYS_MAX_RUNS_PER_HOUR: '0' })
    const reply = await server.call('car_plan_rollout', rolloutOf(hosts, 2, 3))
    expect(reply.text).toContain('QUALYS_MAX_RUNS_PER_HOUR')
    expect(plansIn(folder)).toEqual([])
  })

  test('are given back if Qualys refuses the run', async ({ sandbox, folder, hosts, serve }) => {
    const server = await serve({ QUALYS_MAX_HOSTS_PER_DAY: '6' })
    const id = await propose(server, rolloutOf(hosts, 4, 2))
    await sandbox.control.knobs({ executionsPerDay: 0 })
    await server.move()
    expect(stateIn(folder, id).held).toMatchObject({ reason: 'refused' })
    expect(charges(folder)).toEqual(['4 hosts', '-4 hosts'])
  })
})

describe('windows', () => {
  test.for(['of the operator', 'of the plan'])(
    '%s: a wave waits until it opens',
    async (whose, { sandbox, folder, hosts, serve }) => {
      const window = windowIn(3, 2)
      const isOwn = whose === 'of the plan'
      const server = await serve(isOwn ? {} : { QUALYS_WINDOW: window })
      const id = await propose(server, { ...rolloutOf(hosts, 2, 3), ...(isOwn && { window }) })
      await goOn(server, 1)
      pass(2 * 60)
      await server.move()
      expect(stateIn(folder, id)).toMatchObject({ phase: 'running', waves: [{ phase: 'waiting' }, {}] })
      const { text } = await server.call('car_get_rollout', { planId: id })
      expect(text).toMatch(/wave 1 starts at 20\d\d-\d\d-\d\dT\d\d:\d\dZ\./)
      pass(60)
      await goOn(server, 3)
      expect(stateIn(folder, id).phase).toBe('done')
      expect(await sentRuns(sandbox.control)).toHaveLength(2)
    },
  )

  test('that close before the next wave keep it until they open again', async ({ folder, hosts, serve }) => {
    const server = await serve({ QUALYS_WINDOW: windowIn(-1, 2) })
    const args = rolloutOf(hosts, 2, 3)
    const id = await propose(server, {
      ...args,
      waves: [{ ...args.waves[0], soakMinutes: 120 }, args.waves[1]],
    })
    await goOn(server)
    pass(121)
    await server.move()
    expect(stateIn(folder, id)).toMatchObject({ phase: 'running', waves: [{}, { phase: 'waiting' }] })
    pass(21 * 60)
    await goOn(server, 1)
    expect(stateIn(folder, id).phase).toBe('done')
  })

  test('that are never open together are refused', async ({ folder, hosts, serve }) => {
    const server = await serve({ QUALYS_WINDOW: 'Mon 08:00-10:00' })
    const reply = await server.call('car_plan_rollout', {
      ...rolloutOf(hosts, 2, 3),
      window: 'Tue 08:00-10:00',
    })
    expect(reply.isError).toBe(true)
    expect(reply.text).toContain(
      'The window of the plan (Tue 08:00-10:00) is never open together with QUALYS_WINDOW (Mon 08:00-10:00).',
    )
    expect(plansIn(folder)).toEqual([])
  })
})

describe('a wave that nobody starts in time', () => {
  test('is held as late, counted from when its window opened', async ({ sandbox, folder, hosts, serve }) => {
    const server = await serve({ QUALYS_WINDOW: windowIn(3, 20) })
    const id = await propose(server, { ...rolloutOf(hosts, 2, 3), lateAfterMinutes: 30 })
    pass(3 * 60 + 32)
    await server.move()
    expect(stateIn(folder, id).held).toMatchObject({
      reason: 'late',
      why: expect.stringMatching(
        /^wave 1 of 2 was due .*Z, and nothing could start it until .*: more than 30 min late\./i,
      ),
    })
    expect(await sentRuns(sandbox.control)).toEqual([])
    await server.call('car_resume_rollout', { planId: id })
    await goOn(server, 3)
    expect(stateIn(folder, id).phase).toBe('done')
  })

  test('is held when it is looked at days later', async ({ sandbox, folder, hosts, server }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await goOn(server)
    pass(3 * 24 * 60)
    await server.move()
    expect(stateIn(folder, id).held).toMatchObject({ reason: 'late', wave: 1 })
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
  })

  test.for(['proposed', 'running', 'held'])(
    'expires after seven days while it is %s',
    async (phase, { sandbox, folder, hosts, serve }) => {
      const server = await serve(phase === 'proposed' ? { QUALYS_MODE: 'confirm' } : {})
      await server.call('car_plan_rollout', rolloutOf(hosts, 2, 3))
      const [id = ''] = plansIn(folder)
      if (phase === 'held') await server.call('car_hold_rollout', { planId: id })
      expect(stateIn(folder, id).phase).toBe(phase)
      pass(7 * 24 * 60 + 1)
      await goOn(server, 2)
      expect(linesIn(folder, id).at(-1)?.kind).toBe('expired')
      expect((await server.call('car_get_rollout', { planId: id })).text).toContain(
        'Nobody touched it for seven days: propose it again.',
      )
      const resumed = await server.call('car_resume_rollout', { planId: id })
      expect(resumed.text).toContain(`Rollout ${id} is expired`)
      expect(await sentRuns(sandbox.control)).toEqual([])
    },
  )
})
