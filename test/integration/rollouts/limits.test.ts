import { describe, expect } from 'vitest'
import { sha256 } from '../../../src/shared/crypto.ts'
import {
  goOn,
  linesIn,
  plansIn,
  propose,
  rolloutOf,
  scriptId,
  sentRuns,
  stateIn,
  test,
} from '../../support/plans/rollout-test.ts'

// The operator's limits, when a rollout is proposed and again before each wave.

const nameOf = async (control: { dump: (what: string) => Promise<Record<string, unknown>[]> }, id?: string) =>
  String((await control.dump('assets')).find((one) => String(one['id']) === id)?.['name'])

describe('when it is proposed', () => {
  test('there are no rollouts by default', async ({ folder, hosts, serve }) => {
    const server = await serve({ QUALYS_MAX_ASSETS_PER_PLAN: '' })
    const reply = await server.call('car_plan_rollout', rolloutOf(hosts, 1, 1))
    expect(reply.error).toMatchObject({ kind: 'setup' })
    expect(reply.text).toContain('QUALYS_MAX_ASSETS_PER_PLAN is 0, so there are no rollouts')
    expect(plansIn(folder)).toEqual([])
    for (const [tool, args] of [
      ['car_plan_rerun', { jobId: '1' }],
      ['car_resume_rollout', { planId: 'ABCD2345' }],
    ] as const)
      expect((await server.call(tool, args)).text).toContain('so there are no rollouts')
  })

  test.for([
    [
      { QUALYS_MAX_ASSETS_PER_PLAN: '19' },
      /the fleet|rollout has 20 hosts, and QUALYS_MAX_ASSETS_PER_PLAN is 19/,
    ],
    [{ QUALYS_MAX_ASSETS_PER_RUN: '14' }, /wave 2 of 2: .*15 hosts.*QUALYS_MAX_ASSETS_PER_RUN/],
    [{ QUALYS_MAX_HOSTS_PER_DAY: '14' }, /wave 2 of 2 has 15 hosts, and QUALYS_MAX_HOSTS_PER_DAY is 14/],
    [{ QUALYS_ALLOWED_SCRIPTS: '16515' }, /QUALYS_ALLOWED_SCRIPTS/],
    [{ QUALYS_ALLOWED_SCRIPTS: `${scriptId}@${'0'.repeat(64)}` }, /QUALYS_ALLOWED_SCRIPTS/],
    [{ QUALYS_BLOCKED_SCRIPTS: scriptId }, /QUALYS_BLOCKED_SCRIPTS/],
    [{ QUALYS_ALLOWED_TAGS: '7512800' }, /QUALYS_ALLOWED_TAGS/],
  ] as const)('%j', async ([settings, says], { sandbox, folder, hosts, serve }) => {
    const server = await serve(settings as Record<string, string>)
    const reply = await server.call('car_plan_rollout', rolloutOf(hosts, 5, 15))
    expect(reply.error, reply.text).toMatchObject({ kind: 'setup' })
    expect(reply.text).toMatch(says)
    expect(plansIn(folder)).toEqual([])
    expect(await sentRuns(sandbox.control)).toEqual([])
  })

  test('blocked hosts are refused, by id and by name', async ({ sandbox, folder, hosts, serve }) => {
    for (const blocked of [hosts[7], await nameOf(sandbox.control, hosts[7])]) {
      const server = await serve({ QUALYS_BLOCKED_ASSETS: String(blocked) })
      const reply = await server.call('car_plan_rollout', rolloutOf(hosts, 5, 15))
      expect(reply.text).toContain(`wave 2 of 2: `)
      expect(reply.text).toContain(`host ${hosts[7]} is one of QUALYS_BLOCKED_ASSETS`)
    }
    expect(plansIn(folder)).toEqual([])
  })

  test('hosts with a blocked tag are refused', async ({ sandbox, folder, hosts, serve }) => {
    const assets = await sandbox.control.dump('assets')
    const tagged = assets.find(
      ({ id, tags }) => hosts.slice(0, 20).includes(String(id)) && (tags as object[]).length > 0,
    )
    const [tag] = (tagged?.['tags'] ?? []) as { id: string }[]
    const server = await serve({ QUALYS_BLOCKED_TAGS: String(tag?.id) })
    const reply = await server.call('car_plan_rollout', rolloutOf(hosts, 5, 15))
    expect(reply.text).toContain('QUALYS_BLOCKED_TAGS')
    expect(plansIn(folder)).toEqual([])
  })

  test('a script that is pinned runs with that content', async ({ sandbox, folder, hosts, serve }) => {
    const script = (await sandbox.control.dump('scripts')).find(({ id }) => String(id) === scriptId)
    const content = Buffer.from(String(script?.['content']), 'base64')
    const server = await serve({ QUALYS_ALLOWED_SCRIPTS: `${scriptId}@${sha256(content)}` })
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await goOn(server, 3)
    expect(stateIn(folder, id).phase).toBe('done')
  })

  test('a caller of the service has limits of its own', async ({ folder, sandbox, hosts, serve }) => {
    const server = await serve()
    Object.assign(server.parts.options, { caller: { ...server.parts.options.caller, maxAssetsPerRun: 9 } })
    const reply = await server.call('car_plan_rollout', rolloutOf(hosts, 2, 10))
    expect(reply.text).toMatch(/wave 2 of 2: .*10 hosts.*the limit of this caller/)
    expect(plansIn(folder)).toEqual([])
    expect(await sentRuns(sandbox.control)).toEqual([])
  })
})

describe('before a wave', () => {
  const twoWaves = (hosts: readonly string[]) => rolloutOf(hosts, 2, 10)

  test('a host that was blocked since is left out', async ({ folder, sandbox, hosts, serve, server }) => {
    const id = await propose(server, twoWaves(hosts))
    await goOn(server)
    const strict = await serve({ QUALYS_BLOCKED_ASSETS: String(hosts[4]) })
    await goOn(strict, 3)
    const [, second] = await sentRuns(sandbox.control)
    expect(second?.assetIds).toEqual(hosts.slice(2, 12).filter((host) => host !== hosts[4]))
    expect(stateIn(folder, id)).toMatchObject({ phase: 'done' })
    const { text } = await strict.call('car_get_rollout', { planId: id })
    expect(text).toContain(
      `Left out of wave 2: 1 host (${await nameOf(sandbox.control, hosts[4])} is forbidden by QUALYS_BLOCKED_ASSETS).`,
    )
  })

  test.for([
    [{ QUALYS_MAX_ASSETS_PER_RUN: '9' }, 'limit', /QUALYS_MAX_ASSETS_PER_RUN/],
    [{ QUALYS_BLOCKED_SCRIPTS: scriptId }, 'limit', /QUALYS_BLOCKED_SCRIPTS/],
    [{ QUALYS_ALLOWED_SCRIPTS: `${scriptId}@${'0'.repeat(64)}` }, 'limit', /QUALYS_ALLOWED_SCRIPTS/],
    [{ QUALYS_ALLOWED_ASSETS: '1' }, 'left out', /10 hosts of the 10 of this wave .*QUALYS_ALLOWED_ASSETS/],
  ] as const)(
    '%j holds it as %s',
    async ([settings, reason, says], { sandbox, folder, hosts, serve, server }) => {
      const id = await propose(server, twoWaves(hosts))
      await goOn(server)
      const strict = await serve(settings as Record<string, string>)
      await goOn(strict, 2)
      const { phase, held } = stateIn(folder, id)
      expect(phase).toBe('held')
      expect(held).toMatchObject({ reason, why: expect.stringMatching(says), wave: 1 })
      expect(await sentRuns(sandbox.control)).toHaveLength(1)
      // Nothing moves it but a person.
      await goOn(server, 2)
      expect(await sentRuns(sandbox.control)).toHaveLength(1)
      await server.call('car_resume_rollout', { planId: id })
      await goOn(server, 2)
      expect(stateIn(folder, id).phase).toBe('done')
      expect(await sentRuns(sandbox.control)).toHaveLength(2)
    },
  )

  test('a plan with more hosts than the limit is held by now', async ({
    folder,
    sandbox,
    hosts,
    serve,
    server,
  }) => {
    const id = await propose(server, twoWaves(hosts))
    await goOn(server)
    await goOn(await serve({ QUALYS_MAX_ASSETS_PER_PLAN: '11' }), 2)
    expect(stateIn(folder, id).held).toMatchObject({
      reason: 'limit',
      why: expect.stringContaining('the rollout has 12 hosts, and QUALYS_MAX_ASSETS_PER_PLAN is 11'),
    })
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
  })

  test('a process without rollouts leaves a plan as it is', async ({
    folder,
    sandbox,
    hosts,
    serve,
    server,
  }) => {
    const id = await propose(server, twoWaves(hosts))
    await goOn(server)
    const before = linesIn(folder, id)
    await goOn(await serve({ QUALYS_MAX_ASSETS_PER_PLAN: '0' }), 2)
    expect(linesIn(folder, id)).toEqual(before)
    await goOn(server, 2)
    expect(await sentRuns(sandbox.control)).toHaveLength(2)
  })

  test('a host that Qualys blocks is left out', async ({ folder, sandbox, hosts, serve }) => {
    const server = await serve({ QUALYS_UNVERIFIED: 'all' })
    const id = await propose(server, twoWaves(hosts))
    await goOn(server)
    expect((await server.call('car_block_assets', { assetIds: [hosts[6]] })).isError).toBe(false)
    await goOn(server, 2)
    expect(stateIn(folder, id)).toMatchObject({
      phase: 'done',
      waves: [{}, { leftOut: [{ id: hosts[6] }] }],
    })
    const [, second] = await sentRuns(sandbox.control)
    expect(second?.assetIds).toEqual(hosts.slice(2, 12).filter((host) => host !== hosts[6]))
  })

  test('more hosts that Qualys blocks than may be left out hold the plan', async ({
    folder,
    sandbox,
    hosts,
    serve,
  }) => {
    const server = await serve({ QUALYS_UNVERIFIED: 'all' })
    const id = await propose(server, twoWaves(hosts))
    await goOn(server)
    const blocked = { assetIds: hosts.slice(6, 9) }
    expect((await server.call('car_block_assets', blocked)).isError).toBe(false)
    await goOn(server)
    expect(stateIn(folder, id).held?.why).toMatch(/^3 hosts of the 10 of this wave .*refused by Qualys/)
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
    await server.call('car_resume_rollout', { planId: id })
    await goOn(server, 2)
    expect(stateIn(folder, id).phase).toBe('done')
    expect((await sentRuns(sandbox.control)).map(({ assetIds }) => assetIds.length)).toEqual([2, 7])
  })
})
