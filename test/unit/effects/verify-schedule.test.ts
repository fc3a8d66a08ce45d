import { describe, expect, test } from 'vitest'
import { CallTimeoutError } from '../../../src/shared/deadline.ts'
import { DriftError, InputError, VendorError } from '../../../src/shared/errors.ts'
import { performInMemory, toolContextOn } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'
import {
  create,
  daily,
  type Get,
  plan,
  recurring,
  replies,
  shownSchedule,
  switchOff,
  unreadBut,
} from '../../support/effects/schedule-replies.ts'

// A schedule is verified after it was created: an error about a difference, or about a failed read, says how to
// disable it.

describe('a schedule that was created', () => {
  const unshown = { ...shownSchedule, activate: undefined }

  test.each<readonly [string, object, object]>([
    ['once', shownSchedule, {}],
    ['once, as texts', { ...shownSchedule, scripts: ['7'], assets: ['1'] }, {}],
    [
      'with empty lists that are null, or missing',
      { ...shownSchedule, assetTags: null, excludedAssets: undefined },
      {},
    ],
    ['without a word about its scripts', { ...shownSchedule, scripts: undefined }, {}],
    ['without a word about its state', unshown, {}],
    ['with an invalid rhythm', { ...shownSchedule, recurrence: { frequency: null } }, {}],
    ['recurring', { ...shownSchedule, ...recurring }, daily],
    [
      'recurring, the number as a text',
      { ...shownSchedule, ...recurring, recurrence: { frequency: 'DAILY', interval: '2' } },
      daily,
    ],
    [
      'recurring each time',
      { ...shownSchedule, ...recurring, recurrence: { frequency: 'DAILY', interval: 1 } },
      { ...daily, interval: undefined },
    ],
  ])('as requested: %s', async (_what, row, args) => {
    expect(await create({ ...row }, args)).toEqual({
      sent: 1,
      kind: undefined,
      text: `schedule a1 "Nightly" created; ${row === unshown ? '' : 'active, '}first run 2041-03-05T08:30:00Z, zone unknown${row === unshown ? '; whether it is active is not shown' : ''}; on 1 host: "host 1"`,
    })
  })

  test('and not activated: the reply says when it would start', async () => {
    const { text } = await create({ ...shownSchedule, activate: false }, { activate: false })
    expect(text).toBe(
      'schedule a1 "Nightly" created; stored, not active; its start is 2041-03-05T08:30:00Z, zone unknown; on 1 host: "host 1"',
    )
  })

  test.each([
    ['timezone', 'Asia/Tokyo', 'zone "Asia/Tokyo"'],
    ['timeZone', 'UTC" and more\nof it', `zone "UTC' and more of it"`],
    ['zoneId', 'Europe/Berlin', 'zone "Europe/Berlin"'],
    ['zoneId', '', 'zone unknown'],
    ['timezone', 5, 'zone unknown'],
  ])('is reported with its time zone: %s %j', async (name, zone, text) => {
    expect((await create({ ...shownSchedule, [name]: zone })).text).toBe(
      `schedule a1 "Nightly" created; active, first run 2041-03-05T08:30:00Z, ${text}; on 1 host: "host 1"`,
    )
  })

  test.each<readonly [string, object, object, string]>([
    ['no start', { startTime: undefined }, {}, 'its start cannot be read'],
    ['a start without a zone', { startTime: '2041-03-05T08:30:00' }, {}, 'its start cannot be read'],
    ['a start that is a number', { startTime: 2_246_085_000 }, {}, 'its start cannot be read'],
    ['no type', { scheduleType: undefined }, {}, 'whether it recurs cannot be read'],
    ['no rhythm', { ...recurring, recurrence: null }, daily, 'its recurrence cannot be read'],
    ['no end', { ...recurring, endDate: null }, daily, 'its end cannot be read'],
    ['no hosts to be read', { assets: 'all of them' }, {}, 'its assets cannot be read'],
  ])('with %s is taken, and the reply says what is not known', async (_what, change, args, problem) => {
    expect(await create({ ...shownSchedule, ...change }, args)).toEqual({
      sent: 1,
      kind: undefined,
      text: `schedule a1 "Nightly" created; ${unreadBut(problem, 'scheduleId a1')}`,
    })
  })

  test.each<readonly [string, object, object, string]>([
    [
      'another start',
      { startTime: '2041-03-05T09:30:00Z' },
      {},
      'its start is "2041-03-05T09:30:00Z" instead of 2041-03-05T08:30Z',
    ],
    ['another type', { scheduleType: 'RECURRING' }, {}, 'it is "RECURRING" instead of ONE_TIME'],
    [
      'a rhythm that nobody asked for',
      { recurrence: { frequency: 'HOURLY', interval: 1 } },
      {},
      `it recurs ("{'frequency':'HOURLY','interval':1}")`,
    ],
    [
      'another rhythm',
      { ...recurring, recurrence: { frequency: 'HOURLY', interval: 2 } },
      daily,
      `its recurrence is "{'frequency':'HOURLY','interval':2}" ("RECURRING") instead of every 2 DAILY`,
    ],
    [
      'another interval',
      { ...recurring, recurrence: { frequency: 'DAILY', interval: 1 } },
      daily,
      `its recurrence is "{'frequency':'DAILY','interval':1}" ("RECURRING") instead of every 2 DAILY`,
    ],
    [
      'no interval',
      { ...recurring, recurrence: { frequency: 'DAILY' } },
      daily,
      `its recurrence is "{'frequency':'DAILY'}" ("RECURRING") instead of every 2 DAILY`,
    ],
    [
      'a rhythm, and run once all the same',
      { ...recurring, scheduleType: 'ONE_TIME' },
      daily,
      `its recurrence is "{'frequency':'DAILY','interval':2}" ("ONE_TIME") instead of every 2 DAILY`,
    ],
    [
      'another end',
      { ...recurring, endDate: '2042-04-01T00:00:00Z' },
      daily,
      'its end is "2042-04-01T00:00:00Z" instead of 2041-04-01',
    ],
    ['one host more', { assets: [{ id: 1 }, { id: 2 }] }, {}, 'its assets are "1, 2" instead of "1"'],
    ['another host', { assets: [{ id: 2 }] }, {}, 'its assets are "2" instead of "1"'],
    ['no hosts', { assets: [] }, {}, 'its assets are "" instead of "1"'],
    ['a tag as well', { assetTags: [{ id: 7 }] }, {}, 'its assetTags are "7" instead of ""'],
    ['an excluded host', { excludedAssets: [{ id: 7 }] }, {}, 'its excludedAssets are "7" instead of ""'],
    ['switched on', {}, { activate: false }, 'activate is true'],
    ['switched off', { activate: false }, {}, 'activate is false'],
    [
      'a reboot',
      { rebootAfterScriptExecution: true },
      { rebootAfterScriptExecution: false },
      'rebootAfterScriptExecution is true',
    ],
    [
      'another policy',
      { executionPolicyBypassEnabled: true },
      { executionPolicyBypassEnabled: false },
      'executionPolicyBypassEnabled is true',
    ],
    [
      'all of its tags',
      { allTagsForAssetsEnabled: true },
      { allTagsForAssetsEnabled: false },
      'allTagsForAssetsEnabled is true',
    ],
    ['another script', { scripts: [{ id: 5 }] }, {}, 'it runs the scripts "5"'],
    ['another title', { title: 'Daily' }, {}, 'its title is "Daily"'],
    ['another description', { description: 'a' }, { description: 'b' }, 'its description is "a"'],
    [
      'other parameters',
      { scripts: [{ id: 7, params: [{ key: 'cGF0aA==', value: 'L3RtcA==' }] }] },
      {},
      'script 7 gets other parameters',
    ],
    ['a script more', { scripts: [{ id: 7 }, { id: 5 }] }, {}, 'it runs the scripts "7, 5"'],
    [
      'several of these',
      { startTime: null, assets: [] },
      {},
      'its start cannot be read, and its assets are "" instead of "1"',
    ],
  ])('with %s is unclear', async (_what, change, args, problem) => {
    expect(await create({ ...shownSchedule, ...change }, args)).toEqual({
      sent: 1,
      kind: 'unclear',
      text: `Qualys took schedule a1 "Nightly", but ${problem}: it may run at another time or elsewhere. ${switchOff('a1')}`,
    })
  })

  test.each<readonly [string, object]>([
    ['a switch that nobody set', { rebootAfterScriptExecution: true }],
    ['a switch as a text', { activate: 'false' }],
  ])('is not checked for %s', async (_what, change) => {
    expect((await create({ ...shownSchedule, ...change })).kind).toBeUndefined()
  })

  const fail = (error: Error) => (): never => {
    throw error
  }
  const noSuchId = fail(new InputError('there is no such id', ''))

  test.each<readonly [string, Get, Replies]>([
    ['by both ways', noSuchId, { car_search_schedules: [] }],
    [
      'since Qualys fails',
      fail(new VendorError('away', '')),
      { car_search_schedules: fail(new DriftError('', '')) },
    ],
  ])('and cannot be read back %s is taken', async (_what, getting, more) => {
    expect(await create(getting, {}, more)).toEqual({
      sent: 1,
      kind: undefined,
      text: `schedule a1 "Nightly" created; ${unreadBut('it cannot be read back', 'scheduleId a1')}`,
    })
  })

  /** A call whose signal aborts with this reason while the schedule is verified. */
  const endedBy = (reason: Error) => {
    const ending = new AbortController()
    const getting = (): never => {
      ending.abort(reason)
      throw new VendorError('away', '')
    }
    const session = new MemorySession(replies(getting))
    const running = toolContextOn(session, { QUALYS_MODE: 'unattended' }, { signal: ending.signal })
    return performInMemory(session, 'car_create_schedule', plan, running)
  }

  test('and not read back, since time is up, is taken', async () => {
    const reply = await endedBy(new CallTimeoutError('late', ''))
    expect(reply).toMatchObject({
      summary: `schedule a1 "Nightly" created; ${unreadBut('it cannot be read back', 'scheduleId a1')}`,
      rows: [{ id: 'a1', 'now.title': 'Nightly', 'now.readBack': false }],
    })
  })

  test('of a call that was cancelled has no reply', async () => {
    await expect(endedBy(new Error('cancelled'))).rejects.toThrow('cancelled')
  })

  test('and not found by its id alone is read from the list', async () => {
    expect((await create(noSuchId, {}, { car_search_schedules: [shownSchedule] })).text).toMatch(
      /; active, first run 2041-03-05/,
    )
  })

  test.each<readonly [string, object]>([
    ['no id', {}],
    ['an invalid id', { id: { toString: 1 } }],
    ['an empty id', { id: '' }],
  ])('with %s in the answer is found by its title', async (_what, record) => {
    const answers = { car_create_schedule: { ...record } }
    const listed = { ...shownSchedule, title: 'Nightly' }
    const found = await create(shownSchedule, {}, { ...answers, car_search_schedules: [listed] })
    expect(found.text).toMatch(/ "Nightly" created; its id is a1; active, first run 2041-03-05T08:30:00Z/)
    for (const rows of [[], [listed, listed], [{ ...listed, title: 'Other' }]]) {
      const { kind, text } = await create(shownSchedule, {}, { ...answers, car_search_schedules: rows })
      expect(kind).toBeUndefined()
      expect(text).toBe(
        `schedule (id not told: see car_search_schedules) "Nightly" created; ${unreadBut('it cannot be read back', 'its id from car_search_schedules')}`,
      )
    }
  })
})
