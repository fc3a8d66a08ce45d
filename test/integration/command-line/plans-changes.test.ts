import { describe, expect } from 'vitest'
import { runPlans } from '../../support/command-line/plans-command.ts'
import { plansTest as test } from '../../support/plans/plans-test.ts'
import { pass, plansIn, propose, rolloutOf, sentRuns, stateIn } from '../../support/plans/rollout-test.ts'

// `plans hold`, `resume`, `stop` and `approve`, in this process, on the state folder of a server.

describe('plans hold, resume and stop', () => {
  test('are the calls of an assistant', async ({ plans, server, hosts, folder }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    expect(await plans.act('hold', id, 'The disks are full.')).toMatchObject({
      exitCode: 0,
      printed: [expect.stringMatching(new RegExp(`^rollout ${id} .*: held\n[^]*The disks are full\\.`))],
    })
    expect(stateIn(folder, id).held).toMatchObject({ reason: 'person' })
    expect(await plans.act('resume', id)).toMatchObject({
      exitCode: 0,
      printed: [expect.stringMatching(new RegExp(`^rollout ${id} .*: running\n`))],
    })
    expect(await plans.act('resume', id)).toMatchObject({
      exitCode: 1,
      printed: [expect.stringContaining('only a held one can be resumed')],
    })
    expect(await plans.act('stop', id)).toMatchObject({ exitCode: 0 })
    expect(stateIn(folder, id).phase).toBe('stopped')
  })

  test('resume passes on what a person knows of a run', async ({ plans, server, hosts }) => {
    const id = await propose(server, rolloutOf(hosts, 2))
    await plans.act('hold', id)
    for (const flags of [['--not-run'], ['--adopt', '15011']])
      expect(await plans.act('resume', id, ...flags)).toMatchObject({
        exitCode: 1,
        printed: [expect.stringContaining('so adopt and notRun say nothing')],
      })
    expect(await plans.act('resume', id, '--adopt', '15011', '--not-run')).toMatchObject({
      exitCode: 1,
      printed: [expect.stringContaining('contradict')],
    })
  })

  test('are withheld as from an assistant', async ({ folder }) => {
    const environment = { QUALYS_STATE_DIR: folder, QUALYS_MODE: 'read-only' }
    expect(await runPlans(environment, ['stop', 'K7Q2M9XD'])).toMatchObject({
      exitCode: 2,
      warned: [expect.stringMatching(/^The tool car_stop_rollout is withheld by QUALYS_MODE/)],
    })
  })
})

describe('plans approve', () => {
  const approvedText =
    'Approved: the rollout goes on by itself where a server or `qualys-mcp plans advance` moves it.'

  test('approves the rollout, then the wave that is due, each by its id', async ({
    plans,
    serve,
    hosts,
    folder,
    sandbox,
  }) => {
    const server = await serve({ QUALYS_MODE: 'confirm' })
    const [first, second] = rolloutOf(hosts, 2, 3).waves
    const args = {
      ...rolloutOf(hosts, 2, 3),
      waves: [first, { ...second, name: 'canary', needsApproval: true }],
    }
    expect((await server.call('car_plan_rollout', args)).isError).toBe(true)
    const [id = ''] = plansIn(folder)
    const yes = await plans.confirm('yes', 'approve', id)
    expect([yes.exitCode, yes.printed.at(-1)]).toEqual([0, approvedText])
    expect(await plans.confirm('yes', 'approve', id)).toMatchObject({
      exitCode: 2,
      warned: [expect.stringMatching(/^Rollout \w+ is proposed, and nobody asks for a yes any more/)],
    })
    await plans.confirm('', 'advance')
    expect(stateIn(folder, id).phase).toBe('running')
    expect(await plans.confirm('yes', 'approve', id)).toMatchObject({
      exitCode: 2,
      warned: [`Rollout ${id} is running, and waits for no approval.`],
    })
    const told: string[] = []
    for (let rounds = 0; rounds < 4; rounds++) {
      pass(1)
      told.push(...(await plans.confirm('', 'advance')).printed)
    }
    // Once for all looks: the code is the same.
    expect(told.filter((line) => line.includes('waits for an approval'))).toEqual([
      expect.stringMatching(
        new RegExp(
          `Wave 2 \\(canary\\) waits for an approval: run \`qualys-mcp plans approve ${id}\` within .*, with --page for the page\\.$`,
        ),
      ),
    ])
    expect((await plans.confirm('no', 'show', id)).printed.join()).toMatch(
      /waits for an approval: ask the person to /,
    )
    const wave = await plans.confirm('yes', 'approve', id)
    expect([wave.exitCode, wave.printed.at(-1)]).toEqual([0, approvedText])
    await plans.confirm('', 'advance')
    expect((await sentRuns(sandbox.control)).map(({ assetIds }) => assetIds.length)).toEqual([2, 3])
  })

  test('needs a person at a terminal', async ({ plans, serve, hosts, folder }) => {
    const server = await serve({ QUALYS_MODE: 'confirm' })
    await server.call('car_plan_rollout', rolloutOf(hosts, 2))
    const [id = ''] = plansIn(folder)
    expect(await plans.read('approve', id)).toMatchObject({
      exitCode: 2,
      warned: [expect.stringMatching(/^Approving needs a person at a terminal/)],
    })
    expect((await plans.confirm('no', 'approve', id)).exitCode).toBe(1)
    await plans.confirm('', 'advance')
    expect(stateIn(folder, id).phase).toBe('stopped')
    expect(await plans.read('approve', id)).toMatchObject({
      exitCode: 2,
      warned: [`Rollout ${id} is stopped: there is nothing to approve.`],
    })
  })

  test('says what to do with a held one', async ({ plans, server, hosts }) => {
    const id = await propose(server, rolloutOf(hosts, 2))
    await plans.act('hold', id)
    expect(await plans.read('approve', id)).toMatchObject({
      exitCode: 2,
      warned: [`Rollout ${id} is held: \`qualys-mcp plans resume ${id}\` asks for the approval to go on.`],
    })
  })
})
