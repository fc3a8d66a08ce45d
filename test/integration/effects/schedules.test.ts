import { describe, expect } from 'vitest'
import {
  creating,
  daily,
  expectOff,
  expectTaken,
  getting,
  listing,
  notFoundFaults,
  plan,
  scheduleTest,
  unlisted,
} from './schedule-fixtures.ts'

// A new schedule is verified: parts of the request are guessed. (Each difference:
// test/unit/effects/verify-schedule.test.ts.)

const test = scheduleTest()

describe('created', () => {
  test('and verified: its first run, with an unknown time zone', async ({ schedules, objects }) => {
    const args = plan(objects)
    const { text, isError } = await schedules.create(args)
    const stored = await schedules.storedAs(args['title'])
    expect(isError, text).toBe(false)
    expect(text.split('\n')[0]).toMatch(
      new RegExp(
        `^schedule ${stored?.['id']} "Plan" created; active, first run 2041-03-05T08:30:00Z, zone unknown; on 1 host: "[^"]+"$`,
      ),
    )
    expect(stored).toMatchObject({ startTime: Date.UTC(2041, 2, 5, 8, 30), activate: true })
    expect(await schedules.timesSeen(creating)).toBe(1)
    expect(await schedules.timesSeen(`GET /sm/v1/scheduler/${stored?.['id']}`)).toBe(1)
  })

  test('with titles that are looked up once: what was checked is what is sent', async ({
    schedules,
    objects,
  }) => {
    const { text, isError } = await schedules.create(plan(objects))
    expect(isError, text).toBe(false)
    // The script itself is read by its own path, for the preview.
    expect(await schedules.timesSeen('POST /sm/v1/scripts/search')).toBe(1)
  })

  test('recurring, with an end and without differences', async ({ schedules, objects }) => {
    const args = plan(objects, daily)
    const { text, isError } = await schedules.create(args)
    expect(isError, text).toBe(false)
    expect(await schedules.storedAs(args['title'])).toMatchObject({
      recurrence: { frequency: 'DAILY', interval: 2 },
    })
  })

  test.for<readonly [string, object, object, string | RegExp]>([
    [
      'another start',
      { scheduleTimes: 'shifted' },
      {},
      'its start is "2041-03-05T09:30:00Z" instead of 2041-03-05T08:30Z',
    ],
    ['no targets', { scheduleStores: 'noTargets' }, {}, /its assets are "" instead of "\d+"/],
    [
      'neither start nor targets',
      { scheduleStores: 'noTargets', scheduleTimes: 'shifted' },
      {},
      /its start is .*, and its assets are/,
    ],
  ])('but stored with %s', async ([, knobs, more, wrong], { sandbox, schedules, objects }) => {
    await sandbox.control.knobs(knobs)
    const args = plan(objects, more)
    const next = expectOff(await schedules.create(args), args['title'], wrong)
    const stored = await schedules.storedAs(args['title'])
    expect(next).toContain(`scheduleId ${stored?.['id']}`)
    expect(await schedules.timesSeen(creating)).toBe(1)
  })

  // For differences that the sandbox cannot simulate: the record as it might be.
  test.for<readonly [string, object, RegExp]>([
    ['another host', { assets: [{ id: 1 }] }, /its assets are "1" instead of "\d+"/],
    ['another script', { scripts: [{ id: 5 }] }, /it runs the scripts "5"/],
  ])('but shown with %s', async ([, body, wrong], { schedules, objects }) => {
    await schedules.show(body)
    const args = plan(objects)
    expectOff(await schedules.create(args), args['title'], wrong)
  })

  test.for<readonly [string, object]>([
    ['a start that is a time of day', { startTime: '08:30' }],
    ['a start without a zone', { startTime: '2041-03-05T08:30:00', timezone: 'Asia/Tokyo' }],
  ])('and shown with %s: what is not known is said', async ([, body], { schedules, objects }) => {
    await schedules.show(body)
    const args = plan(objects)
    expectTaken(await schedules.create(args), args['title'], /its start cannot be read/)
  })

  test.for<readonly [string, object, object, RegExp]>([
    ['no recurrence', { scheduleStores: 'noRecurrence' }, daily, /its recurrence cannot be read/],
    [
      'its id alone',
      { scheduleRecord: 'bare' },
      {},
      /its start cannot be read, and whether it recurs cannot be/,
    ],
  ])(
    'and shown with %s: what is not known is said',
    async ([, knobs, more, unread], { sandbox, schedules, objects }) => {
      await sandbox.control.knobs(knobs)
      const args = plan(objects, more)
      expectTaken(await schedules.create(args), args['title'], unread)
      expect(await schedules.timesSeen(creating)).toBe(1)
    },
  )

  test('without an id in the answer: found by its title, with one read', async ({
    sandbox,
    schedules,
    objects,
  }) => {
    await sandbox.control.knobs({ effectIds: 'none' })
    const args = plan(objects)
    const { text, isError } = await schedules.create(args)
    expect(isError, text).toBe(false)
    expect(text).toContain(
      `its id is ${(await schedules.storedAs(args['title']))?.['id']}; active, first run 2041`,
    )
    expect(await schedules.timesSeen(listing)).toBe(1)
  })

  test('and shown with a time zone', async ({ schedules, objects }) => {
    await schedules.show({ timeZone: 'UTC" and more\nof it' })
    const { text } = await schedules.create(plan(objects))
    expect(text.split('\n')[0]).toMatch(
      /first run 2041-03-05T08:30:00Z, zone "UTC' and more of it"; on 1 host: "[^"]+"$/,
    )
  })

  test('and not found by id or in the list: not an error of the assistant', async ({
    sandbox,
    schedules,
    objects,
  }) => {
    await sandbox.control.faults([notFoundFaults, unlisted])
    const args = plan(objects)
    expectTaken(await schedules.create(args), args['title'], /it cannot be read back/)
  })

  test('and not found by its id, whose path is a guess: read from the list', async ({
    sandbox,
    schedules,
    objects,
  }) => {
    await sandbox.control.faults([notFoundFaults])
    const { text, isError } = await schedules.create(plan(objects))
    expect(isError, text).toBe(false)
    expect(text).toContain('first run 2041-03-05T08:30:00Z')
    expect(await schedules.timesSeen(listing)).toBe(1)
  })

  test('and shown with other names of fields', async ({ sandbox, schedules, objects }) => {
    await sandbox.control.faults([{ route: getting, kind: 'rename' }])
    const args = plan(objects)
    expectTaken(
      await schedules.create(args),
      args['title'],
      /its start cannot be read, and whether it recurs/,
    )
  })

  test.for<readonly [string, object]>([
    ['no id', {}],
    ['an invalid id', { id: { toString: 1 } }],
    ['an id that leads elsewhere', { id: '../../x' }],
  ])('with %s in the answer: identified by its title', async ([, body], { sandbox, schedules, objects }) => {
    await sandbox.control.faults([{ route: creating, kind: 'reply', body: { errorCode: '0', body } }])
    const args = plan(objects)
    expectTaken(await schedules.create(args), args['title'], /it cannot be read back/)
  })
})
