import { expect, test } from 'vitest'
import { getSchedule } from '../../../src/operations/car/schedules.ts'
import { isShortUuid, withWholeIds } from '../../../src/tools/arguments/short-ids.ts'
import { MemorySession } from '../../support/effects/memory-session.ts'

const rows = [
  { id: 'a3258427-0000-4000-8000-000000000001', title: 'One' },
  { id: 'b3258427-0000-4000-8000-000000000001', title: 'Two' },
  { id: 'b3258427-0000-4000-8000-000000000002', title: 'Three "x"' },
  { id: '12345678-0000-4000-8000-000000000001', title: 'Digits' },
  { id: 'c3258427 and more', title: 'No UUID' },
]
const signal = new AbortController().signal
function whole(scheduleId: string) {
  const session = new MemorySession({ car_search_schedules: rows }).asSession
  return withWholeIds(getSchedule, { scheduleId }, { session, signal })
}

test.each([
  ['a3258427', rows[0]?.id],
  ['A3258427', rows[0]?.id],
  // A number, though a UUID begins with it; and what is no beginning of eight characters.
  ['12345678', '12345678'],
  ['a325842', 'a325842'],
  ['a3258427-0000', 'a3258427-0000'],
  [String(rows[1]?.id), rows[1]?.id],
])('%s', async (given, id) => expect(await whole(given)).toEqual({ scheduleId: id }))

test('several are named, and none is unknown', async () => {
  await expect(whole('b3258427')).rejects.toThrow(
    `b3258427 begins the id of several: "Two" (${rows[1]?.id}), "Three 'x'" (${rows[2]?.id}).`,
  )
  await expect(whole('c3258427')).rejects.toThrow(
    'car_search_schedules shows no id that begins with c3258427',
  )
})

test('eight digits alone are a number', () => {
  expect([isShortUuid('12345678'), isShortUuid(12345678), isShortUuid('1234567f')]).toEqual([
    false,
    false,
    true,
  ])
})

test('a list is not read beyond its first rows', async () => {
  const many = Array.from({ length: 10_001 }, (_, at) => ({ id: `d${at}` }))
  const session = new MemorySession({ car_search_schedules: many }).asSession
  await expect(withWholeIds(getSchedule, { scheduleId: 'e3258427' }, { session, signal })).rejects.toThrow(
    /in the first 10,\d{3} rows\./,
  )
})
