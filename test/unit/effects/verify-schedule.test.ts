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
} from '../../support/effects/schedule-replies.ts'

// A schedule is verified after it was created: an error about a difference, or about a failed read, says how to
// disable it.

describe('a schedule that was created', () => {
  test.each<readonly [string, object, object]>([
    ['once', shownSchedule, {}],
    ['once, as texts', { ...shownSchedule, scripts: ['7'], assets: ['1'] }, {}],
    [
      'with empty lists that are null, or missing',
      { ...shownSchedule, assetTags: null, excludedAssets: undefined },
      {},
    ],
    ['without a word about its scripts', { ...shownSchedule, scripts: undefined }, {}],
    ['without a word about its state', { ...shownSchedule, activate: undefined }, {}],
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
      text: 'schedule a1 created; first run 2041-03-05T08:30:00Z, zone unknown',
    })
  })

  test('and not activated: the reply says when it would start', async () => {
    const { text } = await create({ ...shownSchedule, activate: false }, { activate: false })
    expect(text).toBe(
      'schedule a1 created; stored, not active; its start is 2041-03-05T08:30:00Z, zone unknown',
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
      `schedule a1 created; first run 2041-03-05T08:30:00Z, ${text}`,
    )
  })

  test.each<readonly [string, object, object, string]>([
    [
      'another start',
      { startTime: '2041-03-05T09:30:00Z' },
      {},
      'its start is "2041-03-05T09:30:00Z" instead of 2041-03-05T08:30Z',
    ],
    ['no start', { startTime: undefined }, {}, 'its start cannot be read'],
    ['a start without a zone', { startTime: '2041-03-05T08:30:00' }, {}, 'its start cannot be read'],
    ['a start that is a number', { startTime: 2_246_085_000 }, {}, 'its start cannot be read'],
    ['another type', { scheduleType: 'RECURRING' }, {}, 'it is "RECURRING" instead of ONE_TIME'],
    ['no type', { scheduleType: undefined }, {}, 'whether it recurs cannot be read'],
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
    ['no rhythm', { ...recurring, recurrence: null }, daily, 'its recurrence cannot be read'],
    [
      'a rhythm, and run once all the same',
      { ...recurring, scheduleType: 'ONE_TIME' },
      daily,
      `its recurrence is "{'frequency':'DAILY','interval':2}" ("ONE_TIME") instead of every 2 DAILY`,
    ],
    ['no end', { ...recurring, endDate: null }, daily, 'its end cannot be read'],
    [
      'another end',
      { ...recurring, endDate: '2042-04-01T00:00:00Z' },
      daily,
      'its end is "2042-04-01T00:00:00Z" instead of 2041-04-01',
    ],
    ['one host more', { assets: [{ id: 1 }, { id: 2 }] }, {}, 'its assets are "1, 2" instead of "1"'],
    ['another host', { assets: [{ id: 2 }] }, {}, 'its assets are "2" instead of "1"'],
    ['no hosts', { assets: [] }, {}, 'its assets are "" instead of "1"'],
    ['no hosts to be read', { assets: 'all of them' }, {}, 'its assets cannot be read'],
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
  ])('and cannot be verified %s is unclear', async (_what, getting, more) => {
    expect(await create(getting, {}, more)).toEqual({
      sent: 1,
      kind: 'unclear',
      text: `Qualys took schedule a1 "Nightly", but it cannot be read back: it may run at another time or elsewhere. ${switchOff('a1')}`,
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

  test('and not verified, since time is up, is unclear', async () => {
    await expect(endedBy(new CallTimeoutError('late', ''))).rejects.toMatchObject({
      kind: 'unclear',
      message:
        'Qualys took schedule a1 "Nightly", but it cannot be read back: it may run at another time or elsewhere.',
    })
  })

  test('of a call that was cancelled has no reply', async () => {
    await expect(endedBy(new Error('cancelled'))).rejects.toThrow('cancelled')
  })

  test('and not found by its id alone is read from the list', async () => {
    expect((await create(noSuchId, {}, { car_search_schedules: [shownSchedule] })).text).toMatch(
      /; first run 2041-03-05/,
    )
  })

  test.each<readonly [string, object]>([
    ['no id', {}],
    ['an invalid id', { id: { toString: 1 } }],
    ['an empty id', { id: '' }],
  ])('with %s in the answer is identified by its title', async (_what, record) => {
    const { text } = await create(shownSchedule, {}, { car_create_schedule: { ...record } })
    expect(text).toBe(
      `Qualys took schedule "Nightly", but it cannot be read back: it may run at another time or elsewhere. ${switchOff('from car_search_schedules')}`,
    )
  })
})
