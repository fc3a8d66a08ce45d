import { describe, expect, test } from 'vitest'
import { fleetReplies } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes, type Outcome } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// QUALYS_BLOCKED_SCRIPTS: scripts that never run, by whatever tool.

const schedule = (scripts: unknown, activate = true) => ({
  ...{ id: 'a', title: 'Nightly', activate, scripts },
  ...{ assets: [{ id: 1 }], assetTags: [], excludedAssets: [] },
})
const replies = (stored: object = schedule([{ id: 7 }])): Replies => ({
  ...fleetReplies({ hosts: [{ id: 1, tags: [] }] }),
  car_get_schedule: { ...stored },
  car_search_schedules: [{ ...stored }],
})
const attempt = (blocked: string, tool: string, args: object, more = replies()): Promise<Outcome> =>
  attemptInBothModes(more, tool, args, { QUALYS_BLOCKED_SCRIPTS: blocked })

const setting = 'QUALYS_BLOCKED_SCRIPTS'
const never = forbidden(`script 7 is one of ${setting}, which never run`, setting, 'script "script 7" (id 7)')
const plan = { title: 'P', startDate: '2096-02-29', startTime: '08:30', assets: [1] }
const scripts = [
  { id: 8, title: 'T' },
  { id: 7, title: 'T' },
]

describe('a blocked script', () => {
  test.each<readonly [string, object]>([
    ['car_execute_script', { scriptId: 7, assetIds: [1] }],
    ['car_execute_script', { scriptId: ' 7 ', assetIds: [1] }],
    ['car_execute_script', { scriptId: 7, testMode: true, testAssets: [1] }],
    ['car_create_schedule', { ...plan, scripts, activate: true }],
    ['car_create_schedule', { ...plan, scripts, activate: false }],
    ['car_update_schedule', { ...plan, recurrence: 'ONCE', scheduleId: 'a', scripts }],
    ['car_activate_schedule', { scheduleId: 'a' }],
    ['car_update_script', { scriptId: 7, content: 'echo 1', comment: 'simpler' }],
    ['car_update_script', { scriptId: 7, params: [{ key: 'a', value: '1' }] }],
    ['car_update_script', { scriptId: 7, scriptApprovalUserConsent: true }],
  ])('does not run by %s %j', async (tool, args) => {
    expect(await attempt('5,7', tool, args)).toEqual({ sent: 0, kind: 'setup', text: never })
    expect((await attempt('5,70', tool, args)).sent).toBe(1)
  })

  test('is not copied: the copy could run', async () => {
    const clone = { scriptId: 7, title: 'Mine' }
    expect((await attempt('7', 'car_clone_script', clone)).text).toMatch(
      /script 7 is one of QUALYS_BLOCKED_SCRIPTS/,
    )
    expect((await attempt('8', 'car_clone_script', clone)).sent).toBe(1)
  })

  test('may change where no active schedule runs it, and in what does not run', async () => {
    const off = replies(schedule([{ id: 7 }], false))
    const content = { scriptId: 7, content: 'echo 1', comment: 'simpler' }
    expect((await attempt('7', 'car_update_script', content, off)).sent).toBe(1)
    expect((await attempt('7', 'car_update_script', { scriptId: 7, title: 'Other' })).sent).toBe(1)
  })
})

describe('a stored schedule', () => {
  const many = Array.from({ length: 25 }, (_, at) => ({ id: at + 100 }))
  test.each<readonly [string, unknown, RegExp]>([
    ['with another script first', [{ id: 8 }, { id: 7 }], /script 7 is one of/],
    ['with more scripts than a preview shows', [...many, { id: 7 }], /script 7 is one of/],
    ['with a text as id', [{ id: '7' }], /script 7 is one of/],
    ['with an id in another spelling', [{ id: '007' }], /script 7 is one of/],
    ['with bare ids', [7], /script 7 is one of/],
    ['that hides its scripts', undefined, /the scripts of schedule a cannot be read/],
  ])('%s is not switched on', async (_what, stored, says) => {
    const outcome = await attempt(
      '7',
      'car_activate_schedule',
      { scheduleId: 'a' },
      replies(schedule(stored)),
    )
    expect(outcome).toMatchObject({ sent: 0, kind: 'setup', text: expect.stringMatching(says) })
  })

  test('with a blocked script can be switched off', async () => {
    expect((await attempt('7', 'car_deactivate_schedule', { scheduleId: 'a' })).sent).toBe(1)
    const off = {
      ...{ ...plan, title: 'Nightly' },
      recurrence: 'ONCE',
      assets: undefined,
      scheduleId: 'a',
      scripts: [{ id: 7, title: 'T' }],
      activate: false,
    }
    expect((await attempt('7', 'car_update_schedule', off)).sent).toBe(1)
    expect((await attempt('8', 'car_update_schedule', { ...off, scripts })).sent).toBe(0)
  })
})
