import type { NewState } from '../../effects/new-state.ts'
import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { searchSchedules } from '../schedules.ts'
import { nextRunOf } from '../timetable/next-run.ts'
import { idIn, textIn } from './words.ts'

// A schedule after an effect, by one search (release_2_6_api.htm): the path that reads a single one is a guess.

const shownBy = 'car_search_schedules'
const again = `look again with ${shownBy}, it may take a while`

/** The schedule in the list; undefined if it is not there, and `unknown` if the list does not tell. */
async function findSchedule(id: string, lists: Lists<Operation>): Promise<Input | 'unknown' | undefined> {
  const { rows, isWhole } = await lists.first(searchSchedules)
  const row = rows.find((one) => idIn(one) === id)
  if (row) return row
  return isWhole && rows.every((one) => idIn(one) !== undefined) ? undefined : 'unknown'
}

const words: Readonly<Record<string, string>> = {
  off: 'no next run',
  over: 'no run is left',
  unknown: 'its next run is not known',
}

/** When it runs next, as the list of schedules computes it. */
export function nextRunText(row: Input, now: number): string {
  const next = nextRunOf(row, now)
  return words[next] ?? `next run ${next}`
}

/** What programs get of a schedule. */
export const scheduleFields = (row: Input, now: number): Input => ({
  ...(textIn(row, 'title') !== undefined && { title: row['title'] }),
  ...(typeof row['activate'] === 'boolean' && { activate: row['activate'] }),
  ...(row['startTime'] != null && { startTime: row['startTime'] }),
  nextRun: nextRunOf(row, now),
})

/** Whether a schedule is switched on or off, as it was asked for. */
export async function switchedState(id: string, isOn: boolean, lists: Lists<Operation>): Promise<NewState> {
  const row = await findSchedule(id, lists)
  if (row === 'unknown') return { text: `${shownBy} does not show it among the schedules that can be read` }
  if (!row) return { text: `BUT ${shownBy} does not show it: ${again}` }
  const fields = { id, ...scheduleFields(row, lists.now) }
  const isActive = row['activate']
  if (typeof isActive !== 'boolean')
    return { text: `whether it is active is not shown by ${shownBy}`, fields }
  if (isActive !== isOn)
    return {
      text: `BUT ${shownBy} still shows it as ${isActive ? 'active' : 'not active'}: ${again}`,
      fields,
    }
  return { text: isOn ? `active, ${nextRunText(row, lists.now)}` : 'not active', fields }
}

/** Whether a schedule is gone. */
export async function deletedScheduleState(id: string, lists: Lists<Operation>): Promise<NewState> {
  const row = await findSchedule(id, lists)
  if (row === undefined) return { text: `${shownBy} no longer shows it`, fields: { id, deleted: true } }
  if (row === 'unknown')
    return { text: `whether it is gone is not known: ${shownBy} does not show all schedules with their ids` }
  const state = row['activate'] === false ? 'not active' : 'perhaps active'
  return {
    text: `BUT ${shownBy} still shows it, ${state}: ${again}, or switch it off with car_deactivate_schedule`,
    fields: { id, deleted: false },
  }
}
