import { describe, expect } from 'vitest'
import { addressesOf, alteredPlatform } from '../../support/effects/altered-platform.ts'
import {
  goOn,
  linesIn,
  pass,
  propose,
  rolloutOf,
  sentRuns,
  stateIn,
  test,
} from '../../support/plans/rollout-test.ts'

// How a wave is judged by what its hosts report, and what holds the plan.

const strict = { stopAfter: { wave: '2' } }
type Row = Readonly<Record<string, unknown>>

const numbers = (hosts: readonly string[]) => hosts.map(Number)

test('failures of a wave below the limit let it go on, and the limit holds it', async ({
  sandbox,
  folder,
  hosts,
  server,
}) => {
  await sandbox.control.failures([0.1, 0.2])
  const id = await propose(server, { ...rolloutOf(hosts, 10, 10, 5), ...strict })
  await goOn(server, 5)
  const { phase, held, waves } = stateIn(folder, id)
  expect(waves.map(({ counts }) => counts)).toEqual([
    { succeeded: 9, failed: 1, unknown: 0, open: 0 },
    { succeeded: 8, failed: 2, unknown: 0, open: 0 },
    undefined,
  ])
  expect({ phase, reason: held?.reason, why: held?.why }).toEqual({
    phase: 'held',
    reason: 'failures',
    why: '2 of 10 hosts of wave 2 failed, and the plan stops when 2 of 10 fail.',
  })
  expect(held?.outputs?.length).toBeGreaterThan(0)
  expect(await sentRuns(sandbox.control)).toHaveLength(2)
})

test('a share of failures is rounded up', async ({ sandbox, folder, hosts, server }) => {
  // 15% of 10 hosts are 2, of 20 hosts 3.
  await sandbox.control.failures([0.1, 0.1, 0.15])
  const id = await propose(server, { ...rolloutOf(hosts, 10, 20, 20, 1), stopAfter: { wave: '15%' } })
  await goOn(server, 7)
  expect(stateIn(folder, id).held?.why).toBe(
    '3 of 20 hosts of wave 3 failed, and the plan stops when 3 of 20 fail.',
  )
})

test('failures count over all waves', async ({ sandbox, folder, hosts, server }) => {
  await sandbox.control.failures([0.2, 0.2])
  const id = await propose(server, { ...rolloutOf(hosts, 10, 10, 20), stopAfter: { all: '10%' } })
  await goOn(server, 5)
  expect(stateIn(folder, id).held?.why).toBe(
    '4 of 40 hosts of the plan failed, and the plan stops when 4 of 40 fail.',
  )
  expect(await sentRuns(sandbox.control)).toHaveLength(2)
})

test('a wave that fails whole holds the plan, whatever it allows', async ({
  sandbox,
  folder,
  hosts,
  server,
}) => {
  await sandbox.control.failures([1])
  const id = await propose(server, { ...rolloutOf(hosts, 2, 30), stopAfter: { all: '32' } })
  await goOn(server, 3)
  expect(stateIn(folder, id).held).toMatchObject({
    reason: 'failures',
    why: 'No host of wave 1 succeeded, of 2: 2 failed.',
    outputs: expect.arrayContaining([expect.stringMatching(/^\d hosts? /)]),
  })
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
})

test('the last wave leaves nothing to hold: the plan is done, and its failures are told', async ({
  sandbox,
  folder,
  hosts,
  server,
}) => {
  await sandbox.control.failures([0, 1])
  const id = await propose(server, { ...rolloutOf(hosts, 2, 4), ...strict })
  await goOn(server, 4)
  expect(stateIn(folder, id).phase).toBe('done')
  const { text } = await server.call('car_get_rollout', { planId: id })
  expect(text).toMatch(/done.*4 failed/)
  expect(text).toMatch(/2: 4 hosts, 4 failed; job \d+/)
})

describe('hosts that do not report', () => {
  test('hold the plan when more than its limit are missing at the deadline', async ({
    sandbox,
    folder,
    hosts,
    server,
  }) => {
    await sandbox.control.silent(numbers(hosts.slice(0, 3)))
    const args = { notReported: '2', reportWithin: '30m', ...rolloutOf(hosts, 10, 10) }
    const id = await propose(server, args)
    await goOn(server, 29)
    expect(stateIn(folder, id)).toMatchObject({ phase: 'running', waves: [{ phase: 'sent' }, {}] })
    pass(1)
    await server.move()
    expect(stateIn(folder, id)).toMatchObject({
      phase: 'held',
      waves: [{ phase: 'ended', counts: { succeeded: 7, failed: 0, unknown: 0, open: 3 } }, {}],
      held: {
        reason: 'not reported',
        why: expect.stringContaining(
          '3 of 10 hosts of wave 1 did not report within 30 min, and the plan stops when more than 2 of 10 do not.',
        ),
      },
    })
    const { text } = await server.call('car_get_rollout', { planId: id })
    expect(text).toMatch(/1: 10 hosts, 7 succeeded, 3 not reported; job \d+/)
    // A person takes that: the plan goes on with the next wave, and not because they came back.
    expect((await server.call('car_resume_rollout', { planId: id })).isError).toBe(false)
    await goOn(server, 2)
    expect(stateIn(folder, id).phase).toBe('done')
  })

  test('let the plan go on at the deadline up to its limit, listed by Qualys or not', async ({
    sandbox,
    folder,
    hosts,
    server,
  }) => {
    await sandbox.control.knobs({ silentHosts: 'unlisted' })
    await sandbox.control.silent(numbers(hosts.slice(0, 2)))
    const args = { notReported: '2', reportWithin: '10m', ...rolloutOf(hosts, 10, 10) }
    const id = await propose(server, args)
    await goOn(server, 13)
    expect(stateIn(folder, id)).toMatchObject({
      phase: 'done',
      waves: [{ counts: { succeeded: 8, open: 2 } }, { counts: { succeeded: 10, open: 0 } }],
    })
  })

  test('hold the plan when none reports', async ({ sandbox, folder, hosts, server }) => {
    await sandbox.control.silent(numbers(hosts.slice(0, 1)))
    const id = await propose(server, { reportWithin: '10m', ...rolloutOf(hosts, 1, 10) })
    await goOn(server, 12)
    expect(stateIn(folder, id).held).toMatchObject({
      reason: 'not reported',
      why: expect.stringContaining('No host of wave 1 succeeded, of 1: 1 did not report.'),
    })
  })
})

test('a host of which nobody knows how it ended counts as failed', async ({
  sandbox,
  folder,
  hosts,
  server,
}) => {
  const id = await propose(server, rolloutOf(hosts, 4, 4))
  await server.move()
  await sandbox.control.faults([
    { route: 'POST /sm/v2/assetjobs/search', kind: 'dropField', fields: ['output.code', 'output'] },
  ])
  await goOn(server, 2)
  const { held, waves } = stateIn(folder, id)
  expect(waves[0]?.counts).toEqual({ succeeded: 0, failed: 0, unknown: 4, open: 0 })
  expect(held).toMatchObject({
    reason: 'failures',
    why: '4 of 4 hosts of wave 1 failed, and the plan stops when 2 of 4 fail.',
  })
  expect((await server.call('car_get_rollout', { planId: id })).text).toMatch(/4 unknown/)
})

test('a wave holds the plan while its hosts still run, and counts on', async ({
  sandbox,
  folder,
  hosts,
  server,
}) => {
  await sandbox.control.silent(numbers(hosts.slice(0, 4)))
  await sandbox.control.failures([0.3])
  const id = await propose(server, { ...rolloutOf(hosts, 10, 10), ...strict })
  await goOn(server, 1)
  expect(stateIn(folder, id)).toMatchObject({
    phase: 'held',
    held: { reason: 'failures', wave: 0 },
    waves: [{ phase: 'sent', counts: { succeeded: 3, failed: 3, open: 4 } }, { phase: 'waiting' }],
  })
  const { text } = await server.call('car_get_rollout', { planId: id })
  expect(text).toContain('10 hosts of the current wave are reached already')
  // The run ends by itself, at the deadline, while the plan is held.
  pass(4 * 60)
  await server.move()
  expect(stateIn(folder, id)).toMatchObject({ phase: 'held', waves: [{ phase: 'ended' }, {}] })
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
})

test('failures that a person accepted hold the plan no more, and further ones do', async ({
  sandbox,
  folder,
  hosts,
  server,
}) => {
  await sandbox.control.failures([0.5, 0, 0.3])
  const args = { ...rolloutOf(hosts, 4, 4, 10, 4), stopAfter: { wave: '2', all: '4' } }
  const id = await propose(server, args)
  await goOn(server, 2)
  expect(stateIn(folder, id).held?.why).toContain('2 of 4 hosts of wave 1 failed')
  const resumed = await server.call('car_resume_rollout', { planId: id })
  expect(resumed.isError, resumed.text).toBe(false)
  await goOn(server, 8)
  expect(stateIn(folder, id).held?.why).toContain('3 of 10 hosts of wave 3 failed')
  await server.call('car_resume_rollout', { planId: id })
  await goOn(server, 3)
  expect(stateIn(folder, id).phase).toBe('done')
  const held = linesIn(folder, id).filter(({ kind }) => kind === 'held')
  expect(held).toHaveLength(2)
  expect(await sentRuns(sandbox.control)).toHaveLength(4)
})

test('a host with several results counts by its newest one', async ({ sandbox, folder, hosts, serve }) => {
  const platform = await alteredPlatform(sandbox, {
    answer: (path, answer) => {
      const body = answer['body'] as { totalCount: number; list: { data: Row }[] } | undefined
      if (!path.endsWith('/assetjobs/search') || !body?.list) return undefined
      // Behind each result, as in a list that is sorted by newest, an older one that failed.
      const older = body.list.map((row, index) => ({
        ...row,
        data: {
          ...row.data,
          id: `9000${index}`,
          created: { dateTime: '2020-01-01T00:00:00Z' },
          output: { code: 1 },
        },
      }))
      return { ...answer, body: { ...body, totalCount: 2 * body.totalCount, list: [...body.list, ...older] } }
    },
  })
  const server = await serve(addressesOf(platform))
  const id = await propose(server, rolloutOf(hosts, 4, 2))
  await goOn(server, 3)
  expect(stateIn(folder, id)).toMatchObject({ phase: 'done', waves: [{ counts: { succeeded: 4 } }, {}] })
})

test.for(['text', 'uuid', 'some', 'none'])(
  'results that name their host by %s are counted',
  async (resultHosts, { sandbox, folder, hosts, server }) => {
    await sandbox.control.knobs({ resultHosts })
    await sandbox.control.failures([0.25])
    const id = await propose(server, rolloutOf(hosts, 4, 2))
    await goOn(server)
    expect(stateIn(folder, id).waves[0]?.counts).toEqual({ succeeded: 3, failed: 1, unknown: 0, open: 0 })
  },
)
