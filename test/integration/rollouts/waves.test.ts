import { describe, expect } from 'vitest'
import {
  goOn,
  linesIn,
  pass,
  plansIn,
  propose,
  rolloutOf,
  scriptId,
  sentRuns,
  stateIn,
  test,
} from '../../support/plans/rollout-test.ts'

// What Qualys gets of a rollout: each wave is one execution of exactly its hosts.

const kindsOf = (lines: ReturnType<typeof linesIn>) => lines.map(({ kind }) => kind)

describe('a rollout', () => {
  test('sends each wave once, to exactly its hosts, one after the other', async ({
    sandbox,
    folder,
    hosts,
    server,
  }) => {
    const id = await propose(server, {
      scriptId,
      fleet: { assetIds: hosts.slice(0, 20) },
      waves: [
        { name: 'lab', assetIds: hosts.slice(0, 5) },
        { name: 'canary', share: '20%', soakMinutes: 5 },
        { rest: true },
      ],
      stopAfter: { wave: '5%', all: '10%' },
    })
    await goOn(server, 10)
    const { plan, phase } = stateIn(folder, id)
    expect(phase).toBe('done')
    const runs = await sentRuns(sandbox.control)
    expect(runs.map(({ assetIds }) => assetIds)).toEqual(plan.waves.map((wave) => wave.hosts))
    expect(runs.map(({ assetIds }) => assetIds.length)).toEqual([5, 3, 12])
    expect(new Set(runs.flatMap(({ assetIds }) => assetIds))).toEqual(new Set(hosts.slice(0, 20)))
    const marks = linesIn(folder, id).flatMap((line) => (line.kind === 'intent' ? [line.mark] : []))
    expect(runs.map(({ description }) => description)).toEqual([
      `Rollout ${id}, wave 1 of 3 (lab) [qualys-mcp ${marks[0]}]`,
      `Rollout ${id}, wave 2 of 3 (canary) [qualys-mcp ${marks[1]}]`,
      `Rollout ${id}, wave 3 of 3 [qualys-mcp ${marks[2]}]`,
    ])
    expect(new Set(marks).size).toBe(3)
    // A mark that holds a word such as "mask" would pass for a masked secret, and hold the plan.
    for (const mark of marks) expect(mark).toMatch(/^[^aeiouy\W\d_]{12}$/)
    await goOn(server, 2)
    expect(await sentRuns(sandbox.control)).toHaveLength(3)
  })

  test('passes options on to every wave', async ({ sandbox, folder, hosts, server }) => {
    const scripts = await sandbox.control.dump('scripts')
    const withPath = scripts.find(
      (script) => script['hasParameters'] === true && script['status'] === 'APPROVED',
    )
    const id = await propose(server, {
      ...rolloutOf(hosts, 1, 2),
      scriptId: String(withPath?.['id']),
      params: [{ key: 'path', value: '/srv' }],
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 600,
      description: 'Ticket 4711',
    })
    await goOn(server, 3)
    expect(stateIn(folder, id).phase).toBe('done')
    const runs = await sentRuns(sandbox.control)
    expect(runs).toHaveLength(2)
    for (const { asked } of runs)
      expect(asked).toMatchObject({
        params: [expect.any(String)],
        rebootAfterScriptExecution: true,
        rebootDelayInSeconds: 600,
        description: expect.stringMatching(/^Ticket 4711 \[qualys-mcp [a-z]{12}\]$/),
      })
  })

  test('waits for the soak time of the wave before, and for the hosts of a wave', async ({
    sandbox,
    folder,
    hosts,
    server,
  }) => {
    const args = rolloutOf(hosts, 2, 2)
    const id = await propose(server, {
      ...args,
      waves: [{ ...args.waves[0], soakMinutes: 30 }, args.waves[1]],
    })
    await sandbox.control.silent([Number(hosts[0])])
    await goOn(server, 20)
    expect(stateIn(folder, id).waves[0]).toMatchObject({ phase: 'sent', counts: { succeeded: 1, open: 1 } })
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
  })

  test('starts the next wave when the soak time is over, not before', async ({ sandbox, hosts, server }) => {
    const args = rolloutOf(hosts, 2, 2)
    await propose(server, { ...args, waves: [{ ...args.waves[0], soakMinutes: 30 }, args.waves[1]] })
    await goOn(server)
    pass(29)
    await server.move()
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
    pass(1)
    await server.move()
    expect(await sentRuns(sandbox.control)).toHaveLength(2)
  })

  test('writes few lines, however often it is looked at', async ({ folder, hosts, server }) => {
    const id = await propose(server, rolloutOf(hosts, 3, 3))
    for (let looks = 0; looks < 10; looks++) await server.move()
    expect(kindsOf(linesIn(folder, id))).toEqual(['proposed', 'approved', 'intent', 'sent'])
    await goOn(server, 5)
    expect(kindsOf(linesIn(folder, id))).toEqual([
      ...['proposed', 'approved', 'intent', 'sent', 'seen', 'intent', 'sent', 'seen', 'done'],
    ])
  })
})

test('proposing again what was not approved is about the same plan', async ({ folder, hosts, serve }) => {
  const server = await serve({ QUALYS_MODE: 'confirm' })
  const first = await server.call('car_plan_rollout', rolloutOf(hosts, 2, 2))
  const again = await server.call('car_plan_rollout', rolloutOf(hosts, 2, 2))
  expect([first.isError, again.isError]).toEqual([true, true])
  const [id, ...others] = plansIn(folder)
  expect(others).toEqual([])
  expect(stateIn(folder, String(id)).phase).toBe('proposed')
})
