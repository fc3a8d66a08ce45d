import { decodedParameters } from '../../../operations/car/inputs/parameters.ts'
import { startOf } from '../../../operations/car/inputs/schedule.ts'
import type { Input } from '../../../operations/operation.ts'
import { inSentence } from '../../../operations/sentences.ts'
import type { Row } from '../../../session/answer.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { InputError, UnclearError } from '../../../shared/errors.ts'
import { texts } from '../../../shared/format.ts'
import { isId, isObject, objectsIn } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import type { ToolContext } from '../../tool.ts'
import { idsIn, readSchedule } from '../targets/car-targets.ts'
import type { Target } from '../targets/lookup.ts'
import type { SentEffect } from './sent-effect.ts'

const asText = (value: unknown): string =>
  quotation(typeof value === 'string' ? value : JSON.stringify(value))

function startProblem(args: Input, { startTime }: Row): string | undefined {
  const expected = startOf({ startDate: String(args['startDate']), startTime: String(args['startTime']) })
  // The form that record parsing produces; another text has no zone or is not a time.
  if (typeof startTime !== 'string' || !/^[\d-]{10}T[\d:]{8}Z$/.test(startTime))
    return 'its start cannot be read'
  return Date.parse(startTime) === expected
    ? undefined
    : `its start is ${asText(startTime)} instead of ${new Date(expected).toISOString().slice(0, 16)}Z`
}

function recurrenceProblem({ recurrence, interval = 1, endDate }: Input, row: Row): string | undefined {
  const stored = row['recurrence']
  const type = row['scheduleType']
  if (recurrence === undefined || recurrence === 'ONCE') {
    if (isObject(stored) && stored['frequency'] != null) return `it recurs (${asText(stored)})`
    if (type === 'ONE_TIME') return undefined
    return type === undefined
      ? 'whether it recurs cannot be read'
      : `it is ${asText(type)} instead of ONE_TIME`
  }
  if (!isObject(stored)) return 'its recurrence cannot be read'
  if (stored['frequency'] !== recurrence || Number(stored['interval']) !== interval || type === 'ONE_TIME')
    return `its recurrence is ${asText(stored)} (${asText(type ?? '')}) instead of every ${String(interval)} ${String(recurrence)}`
  const end = row['endDate']
  // The record showed none before, and none was sent.
  if (endDate === undefined) return undefined
  if (typeof end !== 'string') return 'its end cannot be read'
  return end.startsWith(String(endDate))
    ? undefined
    : `its end is ${asText(end)} instead of ${String(endDate)}`
}

const targetLists = ['assets', 'assetTags', 'excludedAssets'] as const

/**
 * Compares the stored targets with the arguments, and with the previous targets for lists that were not
 * passed.
 */
function targetProblem(args: Input, row: Row, previous: Row | undefined): string | undefined {
  for (const name of targetLists) {
    const expected = (args[name] as readonly string[] | undefined) ?? idsIn(previous?.[name]) ?? []
    const stored = idsIn(row[name]) ?? (expected.length === 0 ? [] : undefined)
    if (stored === undefined) return `its ${name} cannot be read`
    const same = stored.length === expected.length && expected.every((id) => stored.includes(id))
    if (!same) return `its ${name} are ${asText(stored.join(', '))} instead of ${asText(expected.join(', '))}`
  }
  return undefined
}

/**
 * Options that change what a run does. No page documents them in a record, so only a value that differs
 * counts.
 */
const optionNames = [
  'activate',
  'allTagsForAssetsEnabled',
  'rebootAfterScriptExecution',
  'executionPolicyBypassEnabled',
]

function otherProblem(args: Input, row: Row, previous: Row | undefined): string | undefined {
  const name = optionNames.find((name) => {
    const expected = args[name] ?? previous?.[name]
    return typeof expected === 'boolean' && typeof row[name] === 'boolean' && row[name] !== expected
  })
  if (name !== undefined) return `${name} is ${String(row[name])}`
  const [expected, stored] = [idsIn(args['scripts']), idsIn(row['scripts'])]
  if (expected && stored && expected.join() !== stored.join())
    return `it runs the scripts ${asText(stored.join(', '))}`
  return undefined
}

/** Blanks around a text may go. */
const plain = (text: string): string => text.trim().replace(/\s+/g, ' ')

/** `raw`: the record with what is masked in `row`. */
function textProblem(args: Input, row: Row, raw: Row): string | undefined {
  for (const name of ['title', 'description']) {
    const [sent, stored] = [args[name], raw[name]]
    if (typeof sent === 'string' && typeof stored === 'string' && plain(sent) !== plain(stored))
      return `its ${name} is ${asText(row[name])}`
  }
  return undefined
}

/** Compares what a script gets, where the record shows it. The value of a secret is not known here. */
function parameterProblem(args: Input, raw: Row): string | undefined {
  const stored = objectsIn(raw['scripts'])
  for (const [index, { id, params }] of objectsIn(args['scripts']).entries()) {
    const shown = stored[index]?.['params']
    const values = Array.isArray(shown) ? decodedParameters(shown) : undefined
    if (!values) continue
    const sent = objectsIn(params)
    const same =
      values.length === sent.length &&
      values.every(
        ({ key, value }, at) => key === sent[at]?.['key'] && (sent[at]['value'] ?? value) === value,
      )
    if (!same) return `script ${String(id)} gets other parameters`
  }
  return undefined
}

const zoneOf = (row: Row): string => {
  const zone = row['timezone'] ?? row['timeZone'] ?? row['zoneId']
  return typeof zone === 'string' && zone !== '' ? `zone ${quotation(zone)}` : 'zone unknown'
}

/**
 * No row for a schedule that cannot be read back: here a refusal by Qualys is not the assistant's mistake,
 * and a time-out does not undo the change. Throws any other error again.
 */
function toUnreadable(error: unknown): Pick<Target, 'row' | 'raw'> {
  if (error instanceof InputError || error instanceof CallTimeoutError) return {}
  throw error
}

/** The error for a schedule that is not stored as it was sent, or cannot be compared. */
function differs(
  name: string,
  id: string,
  problems: readonly string[],
  { activate, scheduleId }: Input,
  row: Row | undefined,
): UnclearError {
  const what = `Qualys took ${name}, but ${problems.join(', and ')}`
  if (activate === false && row?.['activate'] === false)
    return new UnclearError(
      `${what}: it is off, and may run at another time or elsewhere once it is on.`,
      'Look at it with car_get_schedule before it is switched on.',
    )
  // The record does not tell whether the call that was to switch it off did.
  if (activate === false && scheduleId !== undefined && row?.['activate'] !== true)
    return new UnclearError(
      `${what}: it may still be active.`,
      'Look at it with car_get_schedule; car_deactivate_schedule or the Qualys UI can switch it off.',
    )
  return new UnclearError(
    `${what}: it may run at another time or elsewhere.`,
    `Switch it off: car_update_schedule with scheduleId ${id || 'from car_search_schedules'} and activate: false, or the Qualys UI; then look at it with car_get_schedule.`,
  )
}

/** What comes of the stored schedule. */
function stateIn(row: Row, { activate }: Input): string {
  if (row['activate'] === false) return 'stored, not active; its start is'
  if (activate === false) return 'stored; whether it is active is not shown; its start is'
  return Date.parse(String(row['startTime'])) <= Date.now()
    ? 'stored; its start lies in the past:'
    : 'first run'
}

/**
 * Reads a schedule back after it was created or changed, since part of the request is guessed. Throws an
 * UnclearError that says how to switch it off if anything differs or cannot be read. Returns a note for the
 * reply.
 */
export async function verifySchedule(
  { args, targets }: SentEffect,
  record: Row,
  context: ToolContext,
): Promise<string> {
  const previous = targets.product === 'car' ? targets.schedules[0]?.row : undefined
  const idValue = args['scheduleId'] ?? record['id']
  const id = isId(idValue) ? String(idValue) : ''
  const saidId = id === '' ? '' : inSentence(id, 40)
  const { row, raw = {} } = id === '' ? {} : await readSchedule(context, id).catch(toUnreadable)
  const problems = row
    ? texts(
        startProblem(args, row),
        recurrenceProblem(args, row),
        targetProblem(args, row, previous),
        otherProblem(args, row, previous),
        textProblem(args, row, raw),
        parameterProblem(args, raw),
      )
    : ['it cannot be read back']
  const name = id === '' ? asText(args['title']) : `${saidId} ${asText(args['title'])}`
  if (!row || problems.length > 0) throw differs(`schedule ${name}`, saidId, problems, args, row)
  return `${stateIn(row, args)} ${inSentence(row['startTime'], 40)}, ${zoneOf(row)}`
}
