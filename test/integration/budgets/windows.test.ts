import { describe, expect, onTestFinished, vi } from 'vitest'
import { connect, yes } from '../../support/consent/raw-client.ts'
import { addressesOf, alteredPlatform, alteringRows } from '../../support/effects/altered-platform.ts'
import { planOf } from '../../support/effects/calls.ts'
import { executeOn, runOn } from '../../support/effects/fixtures.ts'
import { countRequests } from '../../support/effects/unattended.ts'
import { test } from './fixtures.ts'

// QUALYS_WINDOW and QUALYS_MAX_SCHEDULED_RUNS, through real calls. (The rules: test/unit/timing.)

const executing = 'POST /sm/v1/scripts/19218/execute'
const hourMs = 3_600_000

/** A window of the hours around a time, in UTC. */
function windowFrom(time: number, hours: number): string {
  const clock = (at: number): string => new Date(at).toISOString().slice(11, 16)
  return `${clock(time)}-${clock(time + hours * hourMs)}`
}
const openNow = () => windowFrom(Date.now() - hourMs, 3)
const closedNow = () => windowFrom(Date.now() + 3 * hourMs, 2)

describe('a run', () => {
  test('goes out within the window alone', async ({ sandbox, serveHere, objects }) => {
    const closed = closedNow()
    const refused = await executeOn(await serveHere({ QUALYS_WINDOW: closed }), objects)
    expect(refused.error).toMatchObject({ kind: 'setup' })
    expect(refused.text).toMatch(
      /only within QUALYS_WINDOW \([\d:-]+\), which opens next \w{3} [\d-]{10} [\d:]{5} UTC \([\d-]{10}T[\d:]{5}Z\)\./,
    )
    expect(await countRequests(sandbox.control, executing)).toBe(0)
    expect((await executeOn(await serveHere({ QUALYS_WINDOW: openNow() }), objects)).isError).toBe(false)
    expect(
      (await executeOn(await serveHere({ QUALYS_WINDOW: `${closed}; ${openNow()}` }), objects)).isError,
    ).toBe(false)
  })

  test('that a person approves after the window closed is refused', async ({ sandbox, objects }) => {
    const client = await connect(sandbox, 'legacy', { settings: { QUALYS_WINDOW: openNow() } })
    onTestFinished(() => void vi.useRealTimers())
    client.answer = () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * hourMs })
      return yes
    }
    const { text } = await client.call('car_execute_script', runOn(objects))
    vi.useRealTimers()
    expect(text).toContain('only within QUALYS_WINDOW')
    expect(client.questions).toHaveLength(1)
    expect(await countRequests(sandbox.control, executing)).toBe(0)
  })
})

test('reads, and what only takes away work, are not bound', async ({ serveHere, objects }) => {
  const server = await serveHere({ QUALYS_WINDOW: closedNow() })
  expect((await server.call('car_search_scripts', {})).isError).toBe(false)
  expect((await server.call('car_block_assets', { assetIds: objects.hosts.slice(0, 1) })).isError).toBe(false)
  const off = await server.call('car_deactivate_schedule', { scheduleId: objects.schedule.id })
  expect(off.isError, off.text).toBe(false)
})

test('mail goes within the window alone; a cancellation goes always', async ({ sandbox, serveHere }) => {
  const campaigns = await sandbox.control.dump('campaigns')
  const inactive = campaigns.find(
    ({ status, dueDate, recipientIds }) =>
      status === 'INACTIVE' && Number(dueDate) > Date.now() && String(recipientIds) !== '',
  )
  const active = campaigns.find(({ status }) => status === 'ACTIVE')
  const server = await serveHere({ QUALYS_WINDOW: closedNow() })
  const launch = ['saq_launch_campaign', { campaignId: String(inactive?.['id']) }] as const
  expect((await server.call(...launch)).text).toContain('only within QUALYS_WINDOW')
  const add = { campaignId: String(active?.['id']), reviewerId: String(active?.['approverId']) }
  expect((await server.call('saq_update_campaign', add)).text).toContain('only within QUALYS_WINDOW')
  const canceled = await server.call('saq_cancel_campaign', { campaignId: add.campaignId })
  expect(canceled.isError, canceled.text).toBe(false)
  expect((await (await serveHere({ QUALYS_WINDOW: openNow() })).call(...launch)).isError).toBe(false)
})

describe('a schedule', () => {
  const create = 'car_create_schedule'
  // 2041-03-05T08:30Z is a Tuesday.
  const weekly = { recurrence: 'WEEKLY', endDate: '2041-04-30' }

  test('lies within the window with every run', async ({ serveHere, objects }) => {
    const server = await serveHere({ QUALYS_WINDOW: 'Tue 08:00-09:00 UTC' })
    const plan = (title: string, more: object) => ({ ...planOf(objects, title), ...more })
    expect(
      (await server.call(create, plan('Daily', { recurrence: 'DAILY', endDate: '2041-03-06' }))).text,
    ).toContain(
      'the schedule runs outside the operator’s windows, first at Wed 2041-03-06 08:30 UTC (2041-03-06T08:30Z), and QUALYS_WINDOW is Tue',
    )
    expect((await server.call(create, plan('Once', { startTime: '09:00' }))).isError).toBe(true)
    const made = await server.call(create, plan('Weekly', weekly))
    expect(made.isError, made.text).toBe(false)
  })

  test('follows the clocks of the zone of the window', async ({ serveHere, objects }) => {
    // Clocks are changed on 2041-03-31 in Berlin: 08:30Z is 09:30 before and 10:30 after it.
    const server = await serveHere({ QUALYS_WINDOW: '09:00-10:00 Europe/Berlin' })
    const plan = (title: string, endDate: string) => ({ ...planOf(objects, title), ...weekly, endDate })
    expect((await server.call(create, plan('Summer', '2041-04-30'))).text).toContain(
      'first at Tue 2041-04-02 10:30 Europe/Berlin (2041-04-02T08:30Z)',
    )
    expect((await server.call(create, plan('Winter', '2041-03-31'))).isError).toBe(false)
  })

  test('that is stored is held against the window when it is switched on, and by its end', async ({
    sandbox,
    serveHere,
    objects,
  }) => {
    const free = await serveHere({})
    const made = await free.call(create, { ...planOf(objects, 'Stored'), ...weekly, activate: false })
    const [, scheduleId] = /schedule (\S+) "[^"]*" created/.exec(made.text) ?? []
    const activate = async (window: string, platform = sandbox) =>
      (await serveHere({ QUALYS_WINDOW: window, ...addressesOf(platform) })).call('car_activate_schedule', {
        scheduleId,
      })
    expect((await activate('Tue 09:00-10:00')).text).toContain(
      'the schedule runs outside the operator’s windows',
    )
    const unreadable = await alteredPlatform(
      sandbox,
      alteringRows(/\/scheduler\//, ({ endDate: _, ...row }) => row),
    )
    expect((await activate('Tue 08:00-09:00', unreadable)).text).toMatch(
      /when schedule \S+ runs cannot be read/,
    )
    const elsewhere = await alteredPlatform(
      sandbox,
      alteringRows(/\/scheduler\//, (row) => ({ ...row, timezone: 'Europe/Berlin' })),
    )
    expect((await activate('Tue 08:00-09:00', elsewhere)).text).toMatch(
      /when schedule \S+ runs cannot be read/,
    )
    expect((await activate('Tue 08:00-09:00')).isError).toBe(false)
  })

  test('outside the window keeps its script from being changed', async ({ serveHere, objects }) => {
    const free = await serveHere({})
    await free.call(create, { ...planOf(objects, 'Runs it'), ...weekly })
    const server = await serveHere({ QUALYS_WINDOW: '20:00-21:00', QUALYS_MAX_ASSETS_PER_RUN: '1000' })
    const changed = await server.call('car_update_script', {
      scriptId: objects.script,
      content: 'echo 1',
      comment: 'new',
    })
    expect(changed.text).toMatch(/schedule \S+, which runs the script, runs outside the operator’s windows/)
  })

  test('has at most so many runs until its end', async ({ serveHere, objects }) => {
    const hourly = (endDate: string) => ({ ...planOf(objects, 'H'), recurrence: 'HOURLY', endDate })
    const server = await serveHere({ QUALYS_MAX_SCHEDULED_RUNS: '40' })
    // From 08:30 on the first day to 23:30 on the last.
    expect((await server.call(create, hourly('2041-03-06'))).isError).toBe(false)
    expect(
      (await (await serveHere({ QUALYS_MAX_SCHEDULED_RUNS: '39' })).call(create, hourly('2041-03-06'))).text,
    ).toBe(
      'The operator’s limits forbid it: the schedule has 40 runs until its end (the first 2041-03-05T08:30Z, the last 2041-03-06T23:30Z), and QUALYS_MAX_SCHEDULED_RUNS is 39. Tell the person: only the operator can change QUALYS_MAX_SCHEDULED_RUNS. Splitting, copying or swapping things to stay under a limit is not what the operator wants.',
    )
    expect((await (await serveHere({})).call(create, hourly('2099-12-31'))).text).toMatch(
      /the schedule has 515,\d{3} runs until its end .* and QUALYS_MAX_SCHEDULED_RUNS is 400/,
    )
  })

  test('whose end cannot be read is refused where a limit on its runs is set, and else told', async ({
    sandbox,
    serveHere,
  }) => {
    const endless = (await sandbox.control.dump('schedules')).find(
      ({ activate, assets, endDate }) =>
        activate === true && endDate === undefined && Array.isArray(assets) && assets.length === 1,
    )
    const call = ['car_activate_schedule', { scheduleId: String(endless?.['id']) }] as const
    const outcomes: unknown[] = []
    for (const name of ['MAX_SCHEDULED_RUNS', 'MAX_HOSTS_PER_DAY', 'MAX_RUNS_PER_HOUR'])
      outcomes.push((await (await serveHere({ [`QUALYS_${name}`]: '900' })).call(...call)).text)
    for (const text of outcomes)
      expect(text).toMatch(/runs cannot be read, and an unknown number of runs counts as over any limit/)
    expect(outcomes).toHaveLength(3)
    const client = await connect(sandbox, 'modern', { settings: { QUALYS_UNVERIFIED: 'all' } })
    expect((await client.call(...call)).preview).toContain(
      '\n! When and how often it will run until its end cannot be read.\n',
    )
  })

  test('shows a person how often it runs', async ({ sandbox, objects }) => {
    const client = await connect(sandbox, 'modern')
    const shown = async (more: object) =>
      (await client.call(create, { ...planOf(objects, 'Shown'), ...more })).preview
    expect(await shown(weekly)).toContain(
      '\nruns: 9, the first 2041-03-05T08:30Z, the last 2041-04-30T08:30Z\n',
    )
    expect(await shown({})).toContain('\nruns: 1, 2041-03-05T08:30Z\n')
    expect(await shown({ activate: false })).toContain('\nruns, if it is switched on: 1, 2041-03-05T08:30Z\n')
  })
})
