import { searchSchedules } from '../../../operations/car/schedules.ts'
import { nextRunText, scheduleFields } from '../../../operations/car/states/schedule.ts'
import { countedByName, textIn } from '../../../operations/car/states/words.ts'
import type { NewState, ShownTargets } from '../../../operations/effects/new-state.ts'
import type { Input } from '../../../operations/operation.ts'
import { inSentence } from '../../../operations/sentences.ts'
import type { Row } from '../../../session/answer.ts'
import type { Clock } from '../../../shared/clock.ts'
import { UnclearError } from '../../../shared/errors.ts'
import { counted, texts } from '../../../shared/format.ts'
import { isId } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import type { ToolContext } from '../../tool.ts'
import { idsIn, readSchedule } from '../targets/car-targets.ts'
import { readList, type Target, toTarget } from '../targets/lookup.ts'
import { look } from './look.ts'
import { asText, type Problem, plain, scheduleProblems } from './schedule-problems.ts'
import type { SentEffect } from './sent-effect.ts'
import { shownTargets } from './shown-targets.ts'

const zoneOf = (row: Row): string => {
  const zone = row['timezone'] ?? row['timeZone'] ?? row['zoneId']
  return typeof zone === 'string' && zone !== '' ? `zone ${quotation(zone)}` : 'zone unknown'
}

/**
 * The error for a schedule that is not stored as it was sent. An error, although Qualys took it: what was asked for did
 * not happen, and something else may run.
 */
function differs(
  name: string,
  id: string,
  problems: readonly string[],
  { activate, scheduleId }: Input,
  row: Row,
): UnclearError {
  const what = `Qualys took ${name}, but ${problems.join(', and ')}`
  if (activate === false && row['activate'] === false)
    return new UnclearError(
      `${what}: it is off, and may run at another time or elsewhere once it is on.`,
      'Look at it with car_get_schedule before it is switched on.',
    )
  // The record does not tell whether the call that was to switch it off did.
  if (activate === false && scheduleId !== undefined && row['activate'] !== true)
    return new UnclearError(
      `${what}: it may still be active.`,
      'Look at it with car_get_schedule; car_deactivate_schedule or the Qualys UI can switch it off.',
    )
  return new UnclearError(
    `${what}: it may run at another time or elsewhere.`,
    `Switch it off: car_update_schedule with scheduleId ${id || 'from car_search_schedules'} and activate: false, or the Qualys UI; then look at it with car_get_schedule.`,
  )
}

/** The reply about a schedule that Qualys took, and whose record does not show that it is stored as it was sent. */
function notCompared(
  id: string,
  problems: readonly Problem[],
  { activate, scheduleId, title }: Input,
): NewState {
  const what =
    problems.length === 0 ? 'it cannot be read back' : problems.map(({ text }) => text).join(', and ')
  const isSwitchOff = activate === false && scheduleId !== undefined
  const risk = isSwitchOff ? 'it may still be active' : 'it may run at another time or elsewhere than asked'
  const whose = id === '' ? 'its id from car_search_schedules' : `scheduleId ${id}`
  return {
    text: `Qualys took it, but ${what}: ${risk}. Look at it with car_search_schedules or car_get_schedule; car_update_schedule with ${whose} and activate: false, or the Qualys UI, switches it off`,
    fields: { ...(id !== '' && { id }), ...(typeof title === 'string' && { title }), readBack: false },
  }
}

/** `1 host: "FIN-WS-0001"`; with the names that the preview showed. */
function targetText(noun: 'host' | 'tag', list: unknown, shown: ShownTargets): string | undefined {
  const ids = idsIn(list)
  if (!ids?.length) return undefined
  const names = ids.flatMap((id) => textIn(shown.row(noun, id), 'name', 'title') ?? [])
  return countedByName(noun, ids.length, names)
}

/** When it runs, as it is stored. */
function timesIn(row: Row, { activate }: Input): string {
  const start = `${inSentence(row['startTime'], 40)}, ${zoneOf(row)}`
  if (row['activate'] === false) return `stored, not active; its start is ${start}`
  if (activate === false) return `stored; whether it is active is not shown; its start is ${start}`
  const hidden = row['activate'] === true ? '' : '; whether it is active is not shown'
  const next = nextRunText(row, Date.now())
  return Date.parse(String(row['startTime'])) <= Date.now()
    ? `stored; its start lies in the past: ${start}; ${next}${hidden}`
    : `${hidden === '' ? 'active, ' : ''}first run ${start}${hidden}`
}

/** The state of a schedule that is stored as it was sent. */
function storedState(id: string, row: Row, args: Input, shown: ShownTargets): NewState {
  const targets = texts(
    targetText('host', row['assets'], shown),
    targetText('tag', row['assetTags'], shown),
    idsIn(row['excludedAssets'])?.length
      ? `without ${counted(idsIn(row['excludedAssets'])?.length ?? 0, 'host')}`
      : undefined,
  )
  const on = targets.length === 0 ? '' : `; on ${targets.join(', ')}`
  const counts = { hosts: idsIn(row['assets'])?.length, tags: idsIn(row['assetTags'])?.length }
  return {
    text: `${timesIn(row, args)}${on}`,
    fields: {
      id,
      ...(typeof args['title'] === 'string' && { title: args['title'] }),
      ...scheduleFields(row, Date.now()),
      ...counts,
    },
  }
}

/**
 * The schedule as it is stored. Without an id in the answer it is the one of its title, which is unique
 * (schedule_script_execution.htm).
 */
async function readStored(context: ToolContext, id: string, title: unknown): Promise<Partial<Target>> {
  if (id !== '') return readSchedule(context, id)
  for await (const { rows } of readList(context, searchSchedules)) {
    const named = rows.filter((row) => plain(String(row['title'])) === plain(String(title)))
    const [only] = named
    return only && named.length === 1 && isId(only['id']) ? toTarget(context, String(only['id']), only) : {}
  }
  return {}
}

/**
 * Reads a schedule back after it was created or changed, since part of the request is guessed. Returns the state that
 * is stored, or what cannot be read of it. Throws an UnclearError that says how to switch it off if anything differs.
 */
export async function verifySchedule(
  effect: SentEffect,
  record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState> {
  const { args, targets } = effect
  const previous = targets.product === 'car' ? targets.schedules[0]?.row : undefined
  const idValue = args['scheduleId'] ?? record['id']
  const answeredId = isId(idValue) ? String(idValue) : ''
  const { found = {} } = await look<Partial<Target>>(context, clock, (running) =>
    readStored(running, answeredId, args['title']),
  )
  const { row, raw = {} } = found
  const id = inSentence(answeredId === '' ? (found.id ?? '') : answeredId, 40).replace(/^""$/, '')
  const problems = row ? scheduleProblems(args, { row, raw }, previous) : []
  const differences = problems.filter(({ isUnread }) => !isUnread)
  const name = id === '' ? asText(args['title']) : `${id} ${asText(args['title'])}`
  if (row && differences.length > 0)
    throw differs(
      `schedule ${name}`,
      id,
      problems.map(({ text }) => text),
      args,
      row,
    )
  const said = { ...args, ...redactTitle(args, context) }
  if (!row || problems.length > 0) return notCompared(id, problems, said)
  const state = storedState(id, row, said, shownTargets({ targets, hosts: undefined }))
  return answeredId === '' ? { ...state, text: `its id is ${id}; ${state.text}` } : state
}

const redactTitle = ({ title }: Input, { session }: ToolContext): Input =>
  typeof title === 'string' ? { title: session.redact(title) } : {}
