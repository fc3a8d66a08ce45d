import { describe, expect, test } from 'vitest'
import type { Row } from '../../../src/session/answer.ts'
import { unattendedCall } from '../../support/effects/in-memory.ts'
import { MemorySession } from '../../support/effects/memory-session.ts'
import { plan, recurring, replies, shownSchedule, switchOff } from '../../support/effects/schedule-replies.ts'

// A schedule is verified after it was changed: omitted fields are compared with their values before.

describe('a schedule that was updated', () => {
  const { activate: _, assets: __, ...bare } = plan

  /** Shown in one way before, and in another one afterwards. */
  function update(before: object, after: object, args: object = {}) {
    let times = 0
    const getting = (): Row => ({ ...(times++ === 0 ? before : after) })
    return unattendedCall(new MemorySession(replies(getting)), 'car_update_schedule', {
      ...bare,
      scheduleId: 'a1',
      ...args,
    })
  }

  test('keeps omitted fields', async () => {
    expect((await update(shownSchedule, shownSchedule)).text).toMatch(
      /^schedule a1 updated; active, first run 2041-03-05T08:30:00Z, zone unknown/,
    )
  })

  test('keeps what it began with in the past', async () => {
    const past = { ...shownSchedule, startTime: '2026-01-05T08:30:00Z' }
    const { text } = await unattendedCall(new MemorySession(replies(() => past)), 'car_update_schedule', {
      ...{ scheduleId: 'a1', title: 'Nightly', scripts: plan.scripts },
    })
    expect(text).toMatch(
      /^schedule a1 updated; stored; its start lies in the past: 2026-01-05T08:30:00Z, zone unknown; no run is left/,
    )
  })

  test.each<readonly [string, object, string]>([
    ['its hosts', { assets: [] }, 'its assets are "" instead of "1"'],
    ['its state', { activate: false }, 'activate is false'],
  ])('and lost the omitted %s is unclear', async (_what, change, problem) => {
    expect((await update(shownSchedule, { ...shownSchedule, ...change })).text).toBe(
      `Qualys took schedule a1 "Nightly", but ${problem}: it may run at another time or elsewhere. ${switchOff('a1')}`,
    )
  })

  test('has the passed fields', async () => {
    const { kind } = await update(shownSchedule, { ...shownSchedule, assets: [{ id: 2 }] }, { assets: [2] })
    expect(kind).toBeUndefined()
    expect((await update(shownSchedule, shownSchedule, { assets: [2] })).text).toContain(
      'its assets are "1" instead of "2"',
    )
  })

  test('from recurring to one-time', async () => {
    const once = { recurrence: 'ONCE' }
    expect((await update({ ...shownSchedule, ...recurring }, shownSchedule, once)).kind).toBeUndefined()
    expect((await update(shownSchedule, { ...shownSchedule, ...recurring })).text).toContain('it recurs ("')
  })

  test('is named by the id of the call, whatever the answer says', async () => {
    const session = new MemorySession(replies(shownSchedule, { car_update_schedule: { id: 'b2' } }))
    const args = { ...bare, scheduleId: 'a1' }
    const { text } = await unattendedCall(session, 'car_update_schedule', args)
    expect(text).toMatch(/^schedule a1 updated/)
  })
})

test('of a schedule that is switched off, the list tells the state', async () => {
  const session = new MemorySession(
    replies(shownSchedule, { car_search_schedules: [{ ...shownSchedule, activate: false }] }),
  )
  const { text } = await unattendedCall(session, 'car_deactivate_schedule', { scheduleId: 'a1' })
  expect(text).toBe('schedule a1 deactivated; not active')
  expect(session.times('car_get_schedule')).toBe(1)
})
