import type { Row } from '../../../src/session/answer.ts'
import { fleetReplies } from './fleet-replies.ts'
import { unattendedCall } from './in-memory.ts'
import { MemorySession, type Replies, type Reply } from './memory-session.ts'

// A schedule as it is requested, and as Qualys might show it.

export const plan = {
  title: 'Nightly',
  scripts: [{ id: 7, title: 'T' }],
  startDate: '2041-03-05',
  startTime: '08:30',
  assets: [1],
  activate: true,
}
export const daily = { recurrence: 'DAILY', interval: 2, endDate: '2041-04-01' }
/** A schedule as Qualys might show it, with everything that was requested. */
export const shownSchedule: Row = {
  id: 'a1',
  scheduleType: 'ONE_TIME',
  activate: true,
  startTime: '2041-03-05T08:30:00Z',
  scripts: [{ id: 7 }],
  assets: [{ id: 1 }],
  assetTags: [],
  excludedAssets: [],
}
export const recurring = {
  scheduleType: 'RECURRING',
  recurrence: { frequency: 'DAILY', interval: 2 },
  endDate: '2041-04-01T00:00:00Z',
}

export type Get = Reply | (() => Reply)

export function replies(getting: Get, more: Replies = {}): Replies {
  return {
    ...fleetReplies({ hosts: [1, 2].map((id) => ({ id, tags: [] })) }),
    car_create_schedule: { id: 'a1' },
    car_get_schedule: getting,
    ...more,
  }
}

export const create = (getting: Get, args: object = {}, more: Replies = {}) =>
  unattendedCall(new MemorySession(replies(getting, more)), 'car_create_schedule', { ...plan, ...args })

export const switchOff = (id: string): string =>
  `Switch it off: car_update_schedule with scheduleId ${id} and activate: false, or the Qualys UI; then look at it with car_get_schedule.`

/** What the reply says of a schedule that Qualys took and that does not show that it is stored as asked. */
export const unreadBut = (problem: string, whose: string): string =>
  `Qualys took it, but ${problem}: it may run at another time or elsewhere than asked. Look at it with car_search_schedules or car_get_schedule; car_update_schedule with ${whose} and activate: false, or the Qualys UI, switches it off`
