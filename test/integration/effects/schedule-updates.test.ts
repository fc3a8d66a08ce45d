import { describe, expect, test } from 'vitest'
import { creating, daily, denied, expectOff, getting, listing, Planned, unlisted } from './planned.ts'

// Schedules that are changed, and those that only a list shows, are read back as new ones are.

describe('read from the list, where no call gets one', () => {
  const on = new Planned({ evidence: 'documented' })

  /** Titles of scripts cannot be looked up there either. */
  const titled = async () => {
    const [script] = (await on.sandbox.control.truth('scripts')).filter(({ id }) => id === 19218)
    return on.plan({ scripts: [{ id: '19218', title: script?.['title'] }] })
  }

  test('as it was asked for', async () => {
    const { text, isError } = await on.create(await titled())
    expect(isError, text).toBe(false)
    expect(text).toContain('first run 2041-03-05T08:30:00Z')
    expect(await on.timesSeen(listing)).toBe(1)
  })

  test('with another start', async () => {
    await on.sandbox.control.knobs({ scheduleTimes: 'shifted' })
    const args = await titled()
    expectOff(await on.create(args), args['title'], /its start is/)
  })

  test.each<readonly [string, object]>([
    ['cannot be read', { kind: 'status', status: 500 }],
    ['breaks off', { kind: 'truncate' }],
    ['does not show it', unlisted],
    ['shows rows without ids', { kind: 'dropId' }],
  ])('that %s', async (_what, fault) => {
    await on.faults([{ route: listing, ...fault }])
    const args = await titled()
    expectOff(await on.create(args), args['title'], /it cannot be read back/)
    expect(await on.timesSeen(creating)).toBe(1)
  })
})

describe('updated', () => {
  const on = new Planned()
  const updating = (id: unknown) => `POST /sm/v1/scheduler/${id}`
  /** A schedule of its own, and the arguments that leave out whatever may be left out. */
  async function made(more: object = {}) {
    const args = on.plan(more)
    expect((await on.create(args)).isError).toBe(false)
    const stored = await on.storedAs(args['title'])
    const { title, scripts, startDate, startTime } = args as Record<string, unknown>
    await on.sandbox.control.reset()
    return {
      id: stored?.['id'],
      bare: { scheduleId: stored?.['id'], title, scripts, startDate, startTime },
    }
  }
  const update = (args: object) => on.server.call('car_update_schedule', args)

  test('and what was left out is kept', async () => {
    const { id, bare } = await made()
    const { text, isError } = await update({ ...bare, startTime: '09:45' })
    expect(isError, text).toBe(false)
    expect(text).toContain(`schedule ${id} updated; first run 2041-03-05T09:45:00Z, zone unknown`)
    expect((await on.storedAs(bare.title))?.['assets']).toMatchObject([{ id: Number(on.ground.hosts[0]) }])
    expect(await on.timesSeen(updating(id))).toBe(1)
  })

  test('and what was left out is lost', async () => {
    const { id, bare } = await made()
    await on.sandbox.control.knobs({ scheduleStores: 'noTargets' })
    const heard = await update(bare)
    expectOff(heard, bare.title, /its assets are "" instead of "\d+"/)
    expect(String(heard.error?.['next'])).toContain(`scheduleId ${id}`)
    expect(await on.timesSeen(updating(id))).toBe(1)
  })

  test('to other hosts', async () => {
    const { bare } = await made()
    const { text, isError } = await update({
      ...bare,
      assets: on.ground.hosts.slice(1, 3),
      excludedAssets: on.ground.hosts.slice(4, 5),
    })
    expect(isError, text).toBe(false)
    expect((await on.storedAs(bare.title))?.['assets']).toMatchObject(
      on.ground.hosts.slice(1, 3).map((id) => ({ id: Number(id) })),
    )
  })

  test('and switched on behind everybody’s back', async () => {
    const { bare } = await made({ activate: false })
    await on.faults([
      { route: getting, kind: 'reply', body: { body: on.shown({ activate: true }) }, skip: 1 },
    ])
    expectOff(await update(bare), bare.title, /activate is true/)
  })

  test('from recurring to once', async () => {
    const { bare } = await made(daily)
    expect((await update(bare)).isError).toBe(false)
    const stored = await on.storedAs(bare.title)
    expect(stored).toMatchObject({ scheduleType: 'ONE_TIME' })
    expect(stored).not.toHaveProperty('recurrence')
  })

  test('and gone when it is read back', async () => {
    const { bare } = await made()
    await on.faults([{ ...denied, skip: 1 }, unlisted])
    expectOff(await update(bare), bare.title, /it cannot be read back/)
  })
})
