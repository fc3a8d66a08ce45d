import { describe, expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { planOf } from '../../support/effects/calls.ts'
import { executeOn } from '../../support/effects/fixtures.ts'
import { hostsADay as budget, test } from './fixtures.ts'

// Schedules and campaigns stay charged until they end.

const hourly = { recurrence: 'HOURLY', interval: 1, endDate: '2041-03-10' }

describe('a schedule', () => {
  test('is charged for its fullest day and hour', async ({ serveHere, objects }) => {
    const create = async (title: string, settings: Environment) => {
      const args = { ...planOf(objects, title), assets: objects.hosts.slice(0, 2), ...hourly }
      return (await serveHere(settings)).call('car_create_schedule', args)
    }
    expect((await create('Over', budget(47))).text).toMatch(/would spend 48 hosts, and 47 of today’s 47/)
    expect((await create('Runs', { QUALYS_MAX_RUNS_PER_HOUR: '0' })).text).toMatch(
      /would spend 1 run, and 0 of/,
    )
    expect((await create('At', budget(48))).isError).toBe(false)
    expect((await create('Again', budget(48))).text).toMatch(/0 of today’s 48/)
  })

  test('makes room when it is switched off or deleted before it ran, by its id', async ({
    serveHere,
    objects,
  }) => {
    for (const [index, tool] of ['car_deactivate_schedule', 'car_delete_schedule'].entries()) {
      const server = await serveHere(budget(3))
      const made = await server.call('car_create_schedule', {
        ...planOf(objects, `Plan ${index}`),
        assets: objects.hosts.slice(0, 3),
      })
      const [, scheduleId] = /schedule (\S+) "[^"]*" created/.exec(made.text) ?? []
      expect((await executeOn(server, objects)).isError).toBe(true)
      expect((await server.call(tool, { scheduleId })).isError).toBe(false)
      expect((await server.call('qualys_status', {})).text).toContain('3 of 3 hosts of today’s budget')
    }
  })

  test('stays charged where it is unclear whether it was switched off', async ({
    sandbox,
    serveHere,
    objects,
  }) => {
    const server = await serveHere(budget(3))
    const made = await server.call('car_create_schedule', {
      ...planOf(objects, 'Plan'),
      assets: objects.hosts.slice(0, 3),
    })
    const [, scheduleId] = /schedule (\S+) "[^"]*" created/.exec(made.text) ?? []
    const route = 'POST /sm/v1/scheduler/{scheduleId}/deactivate'
    await sandbox.control.faults([{ route, kind: 'status', status: 502, times: 1 }])
    expect((await server.call('car_deactivate_schedule', { scheduleId })).error).toMatchObject({
      kind: 'unclear',
    })
    expect((await server.call('qualys_status', {})).text).toContain('0 of 3 hosts of today’s budget')
    expect((await server.call('car_deactivate_schedule', { scheduleId })).isError).toBe(false)
    expect((await server.call('qualys_status', {})).text).toContain('3 of 3 hosts of today’s budget')
  })

  test('stored without running is charged when it is switched on', async ({ serveHere, objects }) => {
    const server = await serveHere(budget(3))
    const made = await server.call('car_create_schedule', {
      ...planOf(objects, 'Later'),
      assets: objects.hosts.slice(0, 3),
      activate: false,
    })
    const [, scheduleId] = /schedule (\S+) "[^"]*" created/.exec(made.text) ?? []
    await executeOn(server, objects)
    expect((await server.call('car_activate_schedule', { scheduleId })).text).toMatch(
      /would spend 3 hosts, and 2 of today’s 3/,
    )
  })

  test('that is changed is charged anew, and not twice', async ({ serveHere, objects }) => {
    const server = await serveHere(budget(3))
    const plan = { ...planOf(objects, 'Plan'), assets: objects.hosts.slice(0, 2) }
    const [, scheduleId] =
      /schedule (\S+) "[^"]*" created/.exec((await server.call('car_create_schedule', plan)).text) ?? []
    const change = (count: number) =>
      server.call('car_update_schedule', { ...plan, scheduleId, assets: objects.hosts.slice(0, count) })
    expect((await change(4)).text).toMatch(/would spend 4 hosts, and 3 of today’s 3/)
    expect((await change(3)).isError).toBe(false)
    expect((await server.call('qualys_status', {})).text).toContain('0 of 3 hosts of today’s budget')
  })
})

describe('a campaign', () => {
  interface Campaign {
    readonly id: number
    readonly status: string
    readonly dueDate: number
    readonly recipientIds: readonly number[]
  }

  test('is charged for its recipients when it is launched, and until it is canceled', async ({
    sandbox,
    serveHere,
  }) => {
    const campaigns = (await sandbox.control.dump('campaigns')) as unknown as Campaign[]
    const one = campaigns.find(
      ({ status, recipientIds, dueDate }) =>
        status === 'INACTIVE' && recipientIds.length > 1 && dueDate > Date.now(),
    )
    const count = one?.recipientIds.length ?? 0
    expect(count).toBeGreaterThan(1)
    const on = (max: number) => serveHere({ QUALYS_MAX_MAILS_PER_DAY: String(max) })
    const call = { campaignId: String(one?.id) }
    const over = await (await on(count - 1)).call('saq_launch_campaign', call)
    expect(over.text).toContain(`would spend ${count} mails, and ${count - 1} of today’s ${count - 1}`)
    const server = await on(count)
    const launched = await server.call('saq_launch_campaign', call)
    expect(launched.isError, launched.text).toBe(false)
    expect((await server.call('qualys_status', {})).text).toContain(`0 of ${count} mails of today’s budget`)
    expect((await server.call('saq_cancel_campaign', call)).isError).toBe(false)
  })
  test('that runs is charged for the reminders that another due date brings', async ({
    sandbox,
    serveHere,
  }) => {
    const campaigns = (await sandbox.control.dump('campaigns')) as unknown as Campaign[]
    const one = campaigns.find(({ status, recipientIds }) => status === 'ACTIVE' && recipientIds.length > 1)
    const count = one?.recipientIds.length ?? 0
    expect(count).toBeGreaterThan(1)
    const later = ['saq_update_campaign', { campaignId: String(one?.id), dueDate: '2096-01-01' }] as const
    const on = (max: number) => serveHere({ QUALYS_MAX_MAILS_PER_DAY: String(max) })
    const over = await (await on(count - 1)).call(...later)
    expect(over.text).toContain(`would spend ${count} mails, and ${count - 1} of today’s ${count - 1}`)
    const server = await on(count)
    const moved = await server.call(...later)
    expect(moved.isError, moved.text).toBe(false)
    expect((await server.call('qualys_status', {})).text).toContain(`0 of ${count} mails of today’s budget`)
  })
})
