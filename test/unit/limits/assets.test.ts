import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { fleetReplies, type Host } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes, type Outcome } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// QUALYS_ALLOWED_ASSETS and QUALYS_BLOCKED_ASSETS: on which hosts anything runs, by id or name.

const red = { id: '11', name: 'Red' }
const hosts: readonly Host[] = [1, 2, 3].map((id) => ({ id, tags: id <= 2 ? [red] : [] }))
const allowed = (list: string): Environment => ({ QUALYS_ALLOWED_ASSETS: list })
const blocked = (list: string): Environment => ({ QUALYS_BLOCKED_ASSETS: list })

const run = (targets: object, limits: Environment, replies: Replies = fleetReplies({ hosts })) =>
  attemptInBothModes(replies, 'car_execute_script', { scriptId: 5, ...targets }, limits)

describe('blocked hosts', () => {
  test.each(['2', '002', 'host 2', 'HOST  2', 'ｈｏｓｔ\u00a02', 'x, 9, host 2'])('%s', async (list) => {
    for (const targets of [{ assetIds: [1, 2] }, { assetTagIds: [11] }, { testMode: true, testAssets: [2] }])
      expect(await run(targets, blocked(list))).toEqual({
        sent: 0,
        kind: 'setup',
        text: forbidden(
          'host 2 is one of QUALYS_BLOCKED_ASSETS',
          'QUALYS_BLOCKED_ASSETS',
          'host "host 2" (id 2)',
        ),
      })
    expect((await run({ assetIds: [1, 3] }, blocked(list))).sent).toBe(1)
    expect((await run({ assetTagIds: [11], excludedAssetIds: [2] }, blocked(list))).sent).toBe(1)
  })

  const nameless = fleetReplies({ hosts, row: ({ id, tags }) => ({ id, tags }) })

  test('are refused by name where a host shows none, and told by id', async () => {
    expect((await run({ assetIds: [1] }, blocked('host 2'), nameless)).text).toBe(
      forbidden(
        'the name of host 1 cannot be read, and QUALYS_BLOCKED_ASSETS needs it',
        'QUALYS_BLOCKED_ASSETS',
      ),
    )
    expect((await run({ assetIds: [1] }, blocked('2'), nameless)).sent).toBe(1)
    expect((await run({ assetIds: [2] }, blocked('2,host 9'), nameless)).text).toMatch(/host 2 is one of/)
  })

  test('are refused by name where a host is not listed', async () => {
    expect((await run({ assetIds: [555] }, blocked('host 2'))).text).toMatch(/the name of host 555 cannot/)
    expect((await run({ assetIds: [555] }, blocked('2'))).sent).toBe(1)
  })
})

describe('allowed hosts', () => {
  test.each(['1,2', 'HOST 1, 2', '1, host 2, 77'])('%s', async (list) => {
    expect((await run({ assetIds: [1, 2] }, allowed(list))).sent).toBe(1)
    expect((await run({ assetTagIds: [11] }, allowed(list))).sent).toBe(1)
    expect((await run({ assetIds: [1, 3] }, allowed(list))).text).toBe(
      forbidden(
        'host 3 is not one of QUALYS_ALLOWED_ASSETS',
        'QUALYS_ALLOWED_ASSETS',
        'host "host 3" (id 3)',
      ),
    )
  })

  test('of which one is blocked by its name stop it', async () => {
    const both = { ...allowed('1,2'), ...blocked('host 2') }
    expect((await run({ assetIds: [1] }, both)).sent).toBe(1)
    expect((await run({ assetIds: [1, 2] }, both)).text).toMatch(/host 2 is one of QUALYS_BLOCKED_ASSETS/)
  })

  test('go by id where a host shows no name', async () => {
    const nameless = fleetReplies({ hosts, row: ({ id, tags }) => ({ id, tags }) })
    expect((await run({ assetIds: [1] }, allowed('1,host 2'), nameless)).sent).toBe(1)
    expect((await run({ assetIds: [3] }, allowed('1,host 2'), nameless)).text).toMatch(
      /the name of host 3 cannot be read, and QUALYS_ALLOWED_ASSETS needs it/,
    )
    expect((await run({ assetIds: [3] }, allowed('1'), nameless)).text).toMatch(/host 3 is not one of/)
  })
})

describe('schedules', () => {
  const schedule = {
    ...{ id: 'a', title: 'Nightly', activate: true, scripts: [{ id: 7 }] },
    ...{ assets: [{ id: 3 }], assetTags: [{ id: 11 }], excludedAssets: [] },
  }
  const replies: Replies = {
    ...fleetReplies({ hosts }),
    car_get_schedule: schedule,
    car_search_schedules: [schedule],
  }
  const plan = { title: 'P', scripts: [{ id: 7, title: 'T' }], startDate: '2096-02-29', startTime: '08:30' }

  test.each<readonly [string, object]>([
    ['car_activate_schedule', { scheduleId: 'a' }],
    ['car_create_schedule', { ...plan, activate: false, assetTags: [11] }],
    ['car_update_schedule', { ...plan, recurrence: 'ONCE', scheduleId: 'a' }],
    ['car_update_script', { scriptId: 7, content: 'echo 1', comment: 'simpler' }],
    ['car_update_script', { scriptId: 7, scriptApprovalUserConsent: true }],
  ])('%s %j', async (tool, args) => {
    const attempt = (limits: Environment): Promise<Outcome> => attemptInBothModes(replies, tool, args, limits)
    expect((await attempt(blocked('host 2'))).text).toMatch(/host 2 is one of QUALYS_BLOCKED_ASSETS/)
    expect((await attempt(allowed('1,3'))).text).toMatch(/host 2 is not one of QUALYS_ALLOWED_ASSETS/)
    expect((await attempt({ ...blocked('host 4'), ...allowed('1,2,3') })).sent).toBe(1)
  })

  test('that are switched off need no allowed host', async () => {
    const limits = { ...blocked('1'), ...allowed('9') }
    expect(
      (await attemptInBothModes(replies, 'car_deactivate_schedule', { scheduleId: 'a' }, limits)).sent,
    ).toBe(1)
  })
})
