import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { runPlans } from '../../support/command-line/plans-command.ts'
import { environmentFor } from '../../support/environment.ts'
import { openHoldingGateway } from '../../support/holding-gateway.ts'
import { plansTest as test, well } from '../../support/plans/plans-test.ts'
import { unattended } from '../../support/plans/rollout-server.ts'
import {
  linesIn,
  pass,
  plansIn,
  propose,
  rolloutOf,
  scriptId,
  sentRuns,
  stateIn,
} from '../../support/plans/rollout-test.ts'

// `plans advance`, in this process, on the state folder of a server.

describe('plans advance', () => {
  test('takes every step that is due, prints a line for each rollout that moved, and is quiet otherwise', async ({
    plans,
    server,
    hosts,
    folder,
    sandbox,
  }) => {
    expect(await plans.act('advance')).toEqual({ ...well, printed: [] })
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    expect(await plans.act('advance')).toEqual({
      ...well,
      printed: [
        expect.stringMatching(new RegExp(`^rollout ${id} of script .*: running, wave \\d of 2 .*\\.$`)),
      ],
    })
    for (let rounds = 0; stateIn(folder, id).phase === 'running' && rounds < 20; rounds++) {
      pass(1)
      await plans.act('advance')
    }
    expect(stateIn(folder, id).phase).toBe('done')
    expect((await sentRuns(sandbox.control)).map(({ assetIds }) => assetIds.length)).toEqual([2, 3])
    expect(await plans.act('advance')).toEqual({ ...well, printed: [] })
  })

  test('says once why a rollout is held, and how it goes on', async ({ plans, server, hosts, sandbox }) => {
    await sandbox.control.knobs({ executionOutcome: 'failed' })
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    const printed: string[] = []
    for (let rounds = 0; rounds < 4; rounds++) {
      printed.push(...(await plans.act('advance')).printed)
      pass(1)
    }
    const held = printed.filter((line) => line.includes(': held'))
    expect(held).toEqual([
      expect.stringMatching(
        new RegExp(
          `^rollout ${id} .*: held \\(failures\\), .* To go on: \`qualys-mcp plans resume ${id}\`; to end it: \`qualys-mcp plans stop ${id}\`\\.$`,
        ),
      ),
    ])
  })

  test.for([
    {
      settings: { QUALYS_MODE: 'read-only' },
      exitCode: 2,
      says: /^Nothing moves a rollout in mode read-only: /,
    },
    // As where cron has none of the settings of the server.
    {
      settings: { QUALYS_MODE: 'unattended' },
      exitCode: 1,
      says: /^Nothing moves rollout \w{8} here, since QUALYS_MAX_ASSETS_PER_PLAN is 0\. Set it, /,
    },
  ])(
    'is refused with $settings',
    async ({ settings, exitCode, says }, { plans, server, hosts, sandbox, folder }) => {
      const id = await propose(server, rolloutOf(hosts, 2))
      const lines = linesIn(folder, id).length
      const environment = environmentFor(sandbox, { QUALYS_STATE_DIR: folder, ...settings })
      expect(await runPlans(environment, ['advance'])).toMatchObject({
        exitCode,
        printed: [],
        warned: [expect.stringMatching(says)],
      })
      expect(linesIn(folder, id)).toHaveLength(lines)
      expect((await plans.read()).exitCode).toBe(0)
    },
  )

  test('is exit code 1 where a rollout cannot be moved, and says why once', async ({
    plans,
    server,
    hosts,
    folder,
  }) => {
    await propose(server, rolloutOf(hosts, 2))
    await propose(server, rolloutOf(hosts, 3))
    const result = await runPlans({ ...unattended, QUALYS_STATE_DIR: folder }, ['advance'])
    expect(result).toMatchObject({ exitCode: 1, printed: [], log: [] })
    expect(result.warned).toEqual([expect.stringMatching(/^No Qualys platform is set\..* /)])
    const [bad = ''] = plansIn(folder)
    writeFileSync(join(folder, 'plans', bad, '000002.json'), '{}\n')
    const damaged = await plans.act('advance')
    expect(damaged).toMatchObject({ exitCode: 1, log: [] })
    expect(damaged.printed).toHaveLength(1)
    expect(damaged.warned).toEqual([expect.stringContaining(`The journal of plan ${bad} is damaged`)])
  })

  test('leaves rollouts of another account alone: the sandbox', async ({ server, hosts, folder }) => {
    const id = await propose(server, rolloutOf(hosts, 2))
    const lines = linesIn(folder, id).length
    expect(
      await runPlans({ ...unattended, QUALYS_STATE_DIR: folder, QUALYS_SANDBOX: '1' }, ['advance']),
    ).toEqual({
      ...well,
      printed: [],
    })
    expect(linesIn(folder, id)).toHaveLength(lines)
  })

  test('--watch goes on until it is told to end', async ({ server, hosts, folder, sandbox }) => {
    const id = await propose(server, rolloutOf(hosts, 2))
    const environment = environmentFor(sandbox, { ...unattended, QUALYS_STATE_DIR: folder })
    let end = (): void => undefined
    const ending = new Promise<void>((resolve) => {
      end = resolve
    })
    const result = await runPlans(environment, ['advance', '--watch'], {
      ending,
      onLine: (line) => {
        if (line.startsWith('rollout ')) end()
      },
    })
    expect(result).toEqual({
      ...well,
      printed: ['Rollouts are moved on until this is ended.', expect.stringContaining(`rollout ${id} `)],
    })
  })
})

describe('a request that is on its way when plans advance is told to end', () => {
  test.for([
    [['advance'], 143],
    [['advance', '--watch'], 0],
  ] as const)('is answered first: %j', async ([words, exitCode], { serve, hosts, folder, sandbox }) => {
    const path = `/sm/v1/scripts/${scriptId}/execute`
    const held = await openHoldingGateway(sandbox.gatewayUrl, [path])
    onTestFinished(held.close)
    const server = await serve({ QUALYS_GATEWAY_URL: held.url })
    const id = await propose(server, rolloutOf(hosts, 2))
    const environment = { ...unattended, QUALYS_STATE_DIR: folder, QUALYS_GATEWAY_URL: held.url }
    const done = runPlans(environmentFor(sandbox, environment), words, { ending: held.arrived })
    await held.arrived
    expect(stateIn(folder, id).waves[0]?.phase).toBe('sending')
    held.release()
    expect((await done).exitCode).toBe(exitCode)
    expect(stateIn(folder, id).waves[0]?.phase).toMatch(/^(?:sent|ended)$/)
    expect(await sentRuns(sandbox.control)).toHaveLength(1)
  })
})
