import { describe, expect, test } from 'vitest'
import type { Row } from '../../../src/session/answer.ts'
import { DriftError, InputError, VendorError } from '../../../src/shared/errors.ts'
import { fleetReplies, type Host } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes, type Outcome, unattendedCall } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import { MemorySession, type Replies, type Reply } from '../../support/effects/memory-session.ts'

// QUALYS_MAX_ASSETS_PER_RUN for scheduled runs: schedules, and new content of the scripts they run.

const red = { id: '11', name: 'Red' }
/** Hosts 1 to 4 are red, 5 to 7 have no tags. */
const hosts: readonly Host[] = [1, 2, 3, 4, 5, 6, 7].map((id) => ({ id, tags: id <= 4 ? [red] : [] }))
const rowOf = (ids: readonly number[]): Row[] => ids.map((id) => ({ id }))
const schedule = {
  id: 'a',
  title: 'Nightly',
  description: '',
  activate: true,
  scripts: [{ id: 7 }],
  excludedAssets: [],
}
const scheduleHolding = (
  assets: readonly number[],
  tags: readonly number[] = [],
  more: object = {},
): Row => ({
  ...{ ...schedule, assets: rowOf(assets), assetTags: rowOf(tags) },
  ...more,
})
const most = (number: number) => ({ QUALYS_MAX_ASSETS_PER_RUN: String(number) })
const setting = 'QUALYS_MAX_ASSETS_PER_RUN'

function attempt(tool: string, args: object, limit: number, replies: Replies = {}): Promise<Outcome> {
  return attemptInBothModes({ ...fleetReplies({ hosts }), ...replies }, tool, args, most(limit))
}

describe('a schedule', () => {
  const plan = {
    ...{ title: 'P', scripts: [{ id: 7, title: 'T' }], startDate: '2096-02-29', startTime: '08:30' },
  }
  const stored = (row: Row): Replies => ({ car_get_schedule: row })

  describe('created', () => {
    const create = (args: object, limit: number) =>
      attempt('car_create_schedule', { ...plan, activate: false, ...args }, limit)

    test.each([
      ['on hosts', { assets: [1, 2, 5] }, 3],
      ['on a tag', { assetTags: [11] }, 4],
      ['on both', { assetTags: [11], assets: [1, 5] }, 5],
      ['without an excluded one', { assetTags: [11], assets: [5], excludedAssets: [1] }, 4],
    ])('%s', async (_what, args, count) => {
      expect((await create(args, count)).sent).toBe(1)
      const over = await create(args, count - 1)
      expect(over).toMatchObject({ sent: 0, kind: 'setup' })
      expect(over.text).toMatch(/^The operator’s limits forbid it: the target has \d hosts, and QUALYS_MAX/)
    })
  })

  describe('switched on', () => {
    const activate = (row: Row, limit: number) =>
      attempt('car_activate_schedule', { scheduleId: 'a' }, limit, stored(row))

    test.each([
      ['the hosts it holds', scheduleHolding([1, 2, 5]), 3],
      ['the hosts of its tags', scheduleHolding([], [11]), 4],
      ['both', scheduleHolding([1, 5], [11]), 5],
      ['but not those it excludes', scheduleHolding([5], [11], { excludedAssets: rowOf([1]) }), 4],
      ['the hosts it holds by bare ids', { ...schedule, assets: [1, '2'], assetTags: null }, 2],
      ['whose excluded ones cannot be read', scheduleHolding([5], [11], { excludedAssets: 'none' }), 5],
    ])('%s', async (_what, row, count) => {
      expect((await activate(row, count)).sent).toBe(1)
      expect((await activate(row, count - 1)).text).toMatch(/the target has \d hosts, and QUALYS_MAX_ASSETS/)
    })

    test('its hosts are read once', async () => {
      const session = new MemorySession({ ...fleetReplies({ hosts }), ...stored(scheduleHolding([1, 2])) })
      const { sent } = await unattendedCall(session, 'car_activate_schedule', { scheduleId: 'a' }, most(2))
      expect(sent).toBe(1)
      expect(session.times('car_search_assets')).toBe(1)
    })

    test.each([
      ['its hosts are missing', { ...schedule, assetTags: [] }],
      ['its tags are missing', { ...schedule, assets: rowOf([1]) }],
      ['its hosts are a text', { ...scheduleHolding([1]), assets: 'all' }],
      ['its hosts are no ids', { ...scheduleHolding([1]), assets: [{ id: null }] }],
    ])('where %s: over any limit', async (_what, row) => {
      expect(await activate(row, 1_000)).toEqual({
        sent: 0,
        kind: 'setup',
        text: forbidden('the targets of schedule a cannot be read', setting),
      })
    })

    test('that shows no host: a count of zero proves nothing', async () => {
      expect((await activate({ ...schedule, assets: [], assetTags: null }, 25)).text).toMatch(
        /the target: no host can be counted, and an unknown number counts as more than the 25/,
      )
    })

    test('that does not exist', async () => {
      const replies: Replies = {
        car_get_schedule: () => {
          throw new InputError('no such id', 'Pass another.')
        },
      }
      expect(await attempt('car_activate_schedule', { scheduleId: 'b' }, 25, replies)).toMatchObject({
        sent: 0,
        kind: 'input',
        text: 'no such id Pass another.',
      })
    })

    test('that only the list shows', async () => {
      const replies: Replies = {
        car_get_schedule: () => {
          throw new InputError('no such path', '')
        },
        car_search_schedules: [scheduleHolding([1, 2])],
      }
      expect((await attempt('car_activate_schedule', { scheduleId: 'a' }, 2, replies)).sent).toBe(1)
      expect((await attempt('car_activate_schedule', { scheduleId: 'a' }, 1, replies)).sent).toBe(0)
    })
  })

  describe('changed', () => {
    const update = (row: Row, args: object, limit: number) =>
      attempt(
        'car_update_schedule',
        { ...plan, recurrence: 'ONCE', scheduleId: 'a', ...args },
        limit,
        stored(row),
      )

    test.each([
      ['without a word about its hosts: those it holds', scheduleHolding([1, 2, 5]), {}, 3],
      ['without a word about its tags: those it holds', scheduleHolding([5, 6], [11]), { assets: [5] }, 5],
      ['to other hosts and tags', scheduleHolding([1, 2, 5], [11]), { assets: [1], assetTags: [11] }, 4],
      ['to another tag alone: its hosts stay', scheduleHolding([5, 6]), { assetTags: [11] }, 6],
      [
        'what it excludes is sent back, and counts',
        scheduleHolding([], [11], { excludedAssets: rowOf([1]) }),
        {},
        3,
      ],
      ['with the excluded ones that are passed', scheduleHolding([5], [11]), { excludedAssets: [1] }, 4],
    ])('%s', async (_what, row, args, count) => {
      expect((await update(row, { activate: true, ...args }, count)).sent).toBe(1)
      expect((await update(row, { activate: true, ...args }, count - 1)).text).toMatch(
        /the target has \d hosts/,
      )
    })

    test('to be off, however many hosts it has: it runs nothing', async () => {
      const row = scheduleHolding([1, 2, 3], [11])
      expect((await update(row, { title: 'Nightly', activate: false }, 1)).sent).toBe(1)
      expect((await update(row, { activate: true }, 1)).sent).toBe(0)
      expect((await update(row, {}, 1)).sent).toBe(0)
    })

    test.each([
      ['other hosts', { assets: [5, 6] }],
      ['other tags', { assetTags: [11] }],
      ['another script', { scripts: [{ id: 8, title: 'T' }] }],
      ['a reboot', { rebootAfterScriptExecution: true }],
      ['another title', { title: 'P' }],
      ['another description', { title: 'Nightly', description: 'P' }],
    ])('to be off with %s: within the limit', async (_what, args) => {
      expect((await update(scheduleHolding([1, 2, 3]), { activate: false, ...args }, 1)).sent).toBe(0)
    })
  })

  test('is switched off whatever it has', async () => {
    const row = scheduleHolding([1, 2, 3], [11])
    expect((await attempt('car_deactivate_schedule', { scheduleId: 'a' }, 0, stored(row))).sent).toBe(1)
  })
})

describe('new content runs through active schedules', () => {
  const change = { scriptId: 7, content: 'echo 1', comment: 'simpler' }
  const rewrite = (list: Reply | (() => Reply), limit: number, args: object = change) =>
    attempt('car_update_script', args, limit, { car_search_schedules: list })

  test.each([
    ['of one', [scheduleHolding([1, 2, 5])], 3],
    ['of its tags', [scheduleHolding([5], [11])], 5],
    ['but not those it excludes', [scheduleHolding([5], [11], { excludedAssets: rowOf([1]) })], 4],
    ['of two, each host once', [scheduleHolding([1, 2]), scheduleHolding([2, 3], [], { id: 'b' })], 3],
    [
      'of one that does not say whether it is active',
      [scheduleHolding([1, 2], [], { activate: undefined })],
      2,
    ],
    ['of one that spells its id otherwise', [scheduleHolding([1, 2], [], { scripts: [{ id: '007' }] })], 2],
    [
      'of one that runs other scripts too',
      [scheduleHolding([1, 2], [], { scripts: [{ id: 8 }, { id: 7 }] })],
      2,
    ],
  ])('on the hosts %s', async (_what, list, count) => {
    expect((await rewrite(list, count)).sent).toBe(1)
    expect((await rewrite(list, count - 1)).sent).toBe(0)
  })

  test('each of which is checked against the limit, and so are all together', async () => {
    const [one, two] = [scheduleHolding([1, 2]), scheduleHolding([3, 4], [], { id: 'b' })]
    expect((await rewrite([one], 1)).text).toBe(
      forbidden(`schedule a has 2 hosts, and ${setting} is 1`, setting),
    )
    expect((await rewrite([one, two], 3)).text).toBe(
      forbidden(
        `by its active schedules new content would run on 4 hosts, and ${setting} is 3`,
        setting,
        'script "script 7" (id 7)',
      ),
    )
    expect((await rewrite([one, two], 4)).sent).toBe(1)
  })

  test.each([
    ['no schedule', []],
    ['one that is off', [scheduleHolding([1, 2], [], { activate: false })]],
    ['one of another script', [scheduleHolding([1, 2], [], { scripts: [{ id: 8 }] })]],
  ])('on none with %s', async (_what, list) => {
    expect((await rewrite(list, 0)).sent).toBe(1)
  })

  test.each([
    ['its title', { title: 'T' }, 1],
    ['its severity', { severity: 2 }, 1],
    ['its parameters', { params: [{ key: 'a', value: '1' }] }, 0],
    ['its repository', { sourceUrl: 'https://github.com/acme/scripts/blob/main/a.ps1' }, 0],
    ['that it is approved', { scriptApprovalUserConsent: true }, 0],
  ])('or through %s, or not', async (_what, changes, sent) => {
    expect((await rewrite([scheduleHolding([1, 2])], 1, { scriptId: 7, ...changes })).sent).toBe(sent)
  })

  const row = scheduleHolding([1])
  test.each<readonly [string, Reply | (() => Reply)]>([
    ['fewer rows than it counts', { total: 5, rows: [] }],
    ['no number to hold them against', { rows: [] }],
    ['a number that is too small by one', { total: 2, rows: [row] }],
    [
      'rows beyond which none can be reached',
      { total: 1, rows: [row], resultLimit: 'Qualys shows no more.' },
    ],
    ['a row that runs nothing', { total: 1, rows: [{ ...row, scripts: [] }] }],
    ['a row that does not say what it runs', { total: 1, rows: [{ ...row, scripts: undefined }] }],
    [
      'a failure',
      () => {
        throw new VendorError('away', '')
      },
    ],
    [
      'another form',
      () => {
        throw new DriftError('other', '')
      },
    ],
  ])('where the list answers with %s: over any limit', async (_what, list) => {
    expect(await rewrite(list, 1_000)).toEqual({
      sent: 0,
      kind: 'setup',
      text: forbidden(
        `which active schedules run the script cannot be read, and an unknown number of hosts counts as more than ${setting}`,
        setting,
      ),
    })
    // A change that runs nothing needs no list.
    expect((await rewrite(list, 0, { scriptId: 7, title: 'T' })).sent).toBe(1)
  })

  test('where the list has more rows than it counts, all of them are read', async () => {
    expect(
      (await rewrite({ total: 1, rows: [scheduleHolding([5], [], { scripts: [{ id: 8 }] }), row] }, 0)).sent,
    ).toBe(0)
  })

  test('where a schedule does not show its hosts: over any limit', async () => {
    expect((await rewrite([{ ...row, assets: undefined }], 1_000)).text).toMatch(
      /the targets of schedule a cannot be read/,
    )
  })
})
