import { describe, expect, test } from 'vitest'
import { creating, daily, denied, expectOff, getting, listing, Planned, unlisted } from './planned.ts'

// What Qualys stored of a new schedule is read back: part of what was sent is guessed.

const on = new Planned()

describe('created', () => {
  test('and read back: its first run, with a zone that nobody knows', async () => {
    const args = on.plan()
    const { text, isError } = await on.create(args)
    const stored = await on.storedAs(args['title'])
    expect(isError, text).toBe(false)
    expect(text.split('\n')[0]).toBe(
      `schedule ${stored?.['id']} created; first run 2041-03-05T08:30:00Z, zone unknown`,
    )
    expect(stored).toMatchObject({ startTime: Date.UTC(2041, 2, 5, 8, 30), activate: true })
    expect(await on.timesSeen(creating)).toBe(1)
    expect(await on.timesSeen(`GET /sm/v1/scheduler/${stored?.['id']}`)).toBe(1)
  })

  test('recurring, with an end and without anything different', async () => {
    const args = on.plan(daily)
    const { text, isError } = await on.create(args)
    expect(isError, text).toBe(false)
    expect(await on.storedAs(args['title'])).toMatchObject({
      recurrence: { frequency: 'DAILY', interval: 2 },
    })
  })

  test.each([
    [
      'another start',
      { scheduleTimes: 'shifted' },
      {},
      'its start is "2041-03-05T09:30:00Z" instead of 2041-03-05T08:30Z',
    ],
    ['no recurrence', { scheduleStores: 'noRecurrence' }, daily, 'its recurrence cannot be read'],
    ['no targets', { scheduleStores: 'noTargets' }, {}, /its assets are "" instead of "\d+"/],
    [
      'neither start nor targets',
      { scheduleStores: 'noTargets', scheduleTimes: 'shifted' },
      {},
      /its start is .*, and its assets are/,
    ],
  ])('but stored with %s', async (_what, knobs, more, wrong) => {
    await on.sandbox.control.knobs(knobs)
    const args = on.plan(more)
    const next = expectOff(await on.create(args), args['title'], wrong)
    const stored = await on.storedAs(args['title'])
    expect(next).toContain(`scheduleId ${stored?.['id']}`)
    expect(await on.timesSeen(creating)).toBe(1)
  })

  // What the sandbox has no knob for: the record as it might come.
  test.each<readonly [string, object, object, RegExp]>([
    ['a start that is a time of day', { startTime: '08:30' }, {}, /start cannot be read/],
    [
      'a start without a zone',
      { startTime: '2041-03-05T08:30:00', timezone: 'Asia/Tokyo' },
      {},
      /start cannot/,
    ],
    ['a start with words behind it', { startTime: '2041-03-05 08:30 UTC (and more)' }, {}, /start cannot/],
    ['no start', { startTime: undefined }, {}, /start cannot be read/],
    ['another type', { scheduleType: 'RECURRING' }, {}, /it is "RECURRING" instead of ONE_TIME/],
    ['no type', { scheduleType: undefined }, {}, /whether it recurs cannot be read/],
    [
      'a rhythm that nobody asked for',
      { recurrence: { frequency: 'HOURLY', interval: 1 } },
      {},
      /it recurs \("\{'frequency':'HOURLY'/,
    ],
    [
      'another rhythm',
      {
        scheduleType: 'RECURRING',
        recurrence: { frequency: 'HOURLY', interval: 2 },
        endDate: '2041-04-01T00:00:00Z',
      },
      daily,
      /its recurrence is .*HOURLY.* instead of every 2 DAILY/,
    ],
    [
      'another interval',
      { scheduleType: 'RECURRING', recurrence: { frequency: 'DAILY' }, endDate: '2041-04-01T00:00:00Z' },
      daily,
      /its recurrence is .* instead of every 2 DAILY/,
    ],
    [
      'a rhythm, and run once all the same',
      { recurrence: { frequency: 'DAILY', interval: 2 }, endDate: '2041-04-01T00:00:00Z' },
      daily,
      /its recurrence is .*"ONE_TIME".* instead of every 2 DAILY/,
    ],
    [
      'no end',
      { scheduleType: 'RECURRING', recurrence: { frequency: 'DAILY', interval: 2 } },
      daily,
      /its end cannot be read/,
    ],
    [
      'another end',
      {
        scheduleType: 'RECURRING',
        recurrence: { frequency: 'DAILY', interval: 2 },
        endDate: '2042-04-01T00:00:00Z',
      },
      daily,
      /its end is "2042-04-01T00:00:00Z" instead of 2041-04-01/,
    ],
    ['one host more', { assets: [{ id: 1 }, { id: 2 }] }, {}, /its assets are "1, 2" instead of "\d+"/],
    ['another host', { assets: [{ id: 1 }] }, {}, /its assets are "1" instead of "\d+"/],
    ['no hosts to be read', { assets: 'all of them' }, {}, /its assets cannot be read/],
    ['a tag as well', { assetTags: [{ id: 7 }] }, {}, /its assetTags are "7" instead of ""/],
    ['switched on', {}, { activate: false }, /activate is true/],
    [
      'a reboot',
      { rebootAfterScriptExecution: true },
      { rebootAfterScriptExecution: false },
      /rebootAfterScriptExecution is true/,
    ],
    ['another script', { scripts: [{ id: 5 }] }, {}, /it runs the scripts "5"/],
  ])('but shown with %s', async (_what, body, more, wrong) => {
    await on.show(body)
    const args = on.plan(more)
    expectOff(await on.create(args), args['title'], wrong)
  })

  test.each([
    ['timezone', 'Asia/Tokyo', 'zone "Asia/Tokyo"'],
    ['timeZone', 'UTC" and more\nof it', `zone "UTC' and more of it"`],
    ['zoneId', '', 'zone unknown'],
  ])('and shown with a zone (%s %j)', async (name, zone, told) => {
    await on.show({ [name]: zone })
    const { text } = await on.create(on.plan())
    expect(text.split('\n')[0]).toMatch(new RegExp(`first run 2041-03-05T08:30:00Z, ${told}$`))
  })

  test('and denied when it is asked for, by id and in the list: not the mistake of the assistant', async () => {
    await on.faults([denied, unlisted])
    const args = on.plan()
    expectOff(await on.create(args), args['title'], /it cannot be read back/)
  })

  test('and denied by id alone, whose path is a guess: read from the list', async () => {
    await on.faults([denied])
    const { text, isError } = await on.create(on.plan())
    expect(isError, text).toBe(false)
    expect(text).toContain('first run 2041-03-05T08:30:00Z')
    expect(await on.timesSeen(listing)).toBe(1)
  })

  test('and shown with other names of fields', async () => {
    await on.faults([{ route: getting, kind: 'rename' }])
    const args = on.plan()
    expectOff(await on.create(args), args['title'], /its start cannot be read, and whether it recurs/)
  })

  test.each([
    ['no id', {}],
    ['an id that is none', { id: { toString: 1 } }],
    ['an id that leads elsewhere', { id: '../../x' }],
  ])('with %s in the answer: named by its title', async (_what, body) => {
    await on.faults([{ route: creating, kind: 'reply', body: { errorCode: '0', body } }])
    const args = on.plan()
    expectOff(await on.create(args), args['title'], /it cannot be read back/)
  })
})
