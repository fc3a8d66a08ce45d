import { describe, expect } from 'vitest'
import type { Control } from '../../support/sandbox.ts'
import {
  creating,
  daily,
  expectOff,
  expectTaken,
  getting,
  listing,
  notFoundFaults,
  plan,
  type Schedules,
  scheduleTest,
  shownSchedule,
  unlisted,
} from './schedule-fixtures.ts'

// Changed schedules, and those that only a list shows, are verified as new ones are.

describe('read from the list, where no call returns a single one', () => {
  const test = scheduleTest({ evidence: 'documented' }).extend<{ titled: Record<string, unknown> }>({
    /** Titles of scripts cannot be looked up there either. */
    titled: async ({ sandbox, objects }, use) => {
      const [script] = (await sandbox.control.dump('scripts')).filter(({ id }) => id === 19218)
      await use(plan(objects, { scripts: [{ id: '19218', title: script?.['title'] }] }))
    },
  })

  test('as it was asked for', async ({ schedules, titled }) => {
    const { text, isError } = await schedules.create(titled)
    expect(isError, text).toBe(false)
    expect(text).toContain('first run 2041-03-05T08:30:00Z')
    expect(await schedules.timesSeen(listing)).toBe(1)
  })

  test('with another start', async ({ sandbox, schedules, titled }) => {
    await sandbox.control.knobs({ scheduleTimes: 'shifted' })
    expectOff(await schedules.create(titled), titled['title'], /its start is/)
  })

  test.for<readonly [string, object]>([
    ['cannot be read', { kind: 'status', status: 500 }],
    ['breaks off', { kind: 'truncate' }],
    ['does not show it', unlisted],
    ['shows rows without ids', { kind: 'dropId' }],
  ])('that %s', async ([, fault], { sandbox, schedules, titled }) => {
    await sandbox.control.faults([{ route: listing, ...fault }])
    expectTaken(await schedules.create(titled), titled['title'], /it cannot be read back/)
    expect(await schedules.timesSeen(creating)).toBe(1)
  })
})

describe('updated', () => {
  const test = scheduleTest()
  const updating = (id: unknown) => `POST /sm/v1/scheduler/${id}`

  /** An existing schedule, and the arguments without everything that may be left out. */
  async function made(control: Control, schedules: Schedules, args: Record<string, unknown>) {
    const { text, isError } = await schedules.create(args)
    expect(isError, text).toBe(false)
    const { title, scripts, startDate, startTime } = args
    const id = (await schedules.storedAs(title))?.['id']
    await control.clearRequests()
    return { id, bare: { scheduleId: id, title, scripts, startDate, startTime } }
  }

  test('and omitted fields are kept', async ({ sandbox, schedules, objects }) => {
    const { id, bare } = await made(sandbox.control, schedules, plan(objects))
    const { text, isError } = await schedules.update({ ...bare, startTime: '09:45' })
    expect(isError, text).toBe(false)
    expect(text).toContain(
      `schedule ${id} "Plan" updated; active, first run 2041-03-05T09:45:00Z, zone unknown`,
    )
    expect((await schedules.storedAs(bare.title))?.['assets']).toMatchObject([
      { id: Number(objects.hosts[0]) },
    ])
    expect(await schedules.timesSeen(updating(id))).toBe(1)
  })

  test('and omitted fields are lost', async ({ sandbox, schedules, objects }) => {
    const { id, bare } = await made(sandbox.control, schedules, plan(objects))
    await sandbox.control.knobs({ scheduleStores: 'noTargets' })
    const result = await schedules.update(bare)
    expectOff(result, bare.title, /its assets are "" instead of "\d+"/)
    expect(String(result.error?.['next'])).toContain(`scheduleId ${id}`)
    expect(await schedules.timesSeen(updating(id))).toBe(1)
  })

  test('to other hosts', async ({ sandbox, schedules, objects: effectObjects }) => {
    const { hosts } = effectObjects
    const { bare } = await made(sandbox.control, schedules, plan(effectObjects))
    const { text, isError } = await schedules.update({
      ...bare,
      assets: hosts.slice(1, 3),
      excludedAssets: hosts.slice(4, 5),
    })
    expect(isError, text).toBe(false)
    expect((await schedules.storedAs(bare.title))?.['assets']).toMatchObject(
      hosts.slice(1, 3).map((id) => ({ id: Number(id) })),
    )
  })

  test('and switched on by somebody else', async ({ sandbox, schedules, objects }) => {
    const { bare } = await made(sandbox.control, schedules, plan(objects, { activate: false }))
    const body = { body: shownSchedule(objects, { activate: true }) }
    await sandbox.control.faults([{ route: getting, kind: 'reply', body, skip: 1 }])
    expectOff(await schedules.update(bare), bare.title, /activate is true/)
  })

  test('from recurring to one-time', async ({ sandbox, schedules, objects }) => {
    const { bare } = await made(sandbox.control, schedules, plan(objects, daily))
    expect((await schedules.update({ ...bare, recurrence: 'ONCE' })).isError).toBe(false)
    const stored = await schedules.storedAs(bare.title)
    expect(stored).toMatchObject({ scheduleType: 'ONE_TIME' })
    expect(stored).not.toHaveProperty('recurrence')
  })

  test('and missing when it is verified', async ({ sandbox, schedules, objects }) => {
    const { bare } = await made(sandbox.control, schedules, plan(objects))
    await sandbox.control.faults([{ ...notFoundFaults, skip: 1 }, unlisted])
    expectTaken(await schedules.update(bare), bare.title, /it cannot be read back/)
  })
})
