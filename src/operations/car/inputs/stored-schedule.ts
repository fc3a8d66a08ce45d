import type { FilledInput } from '../../effects/effect-targets.ts'
import { boolean, isBareId, isText } from '../../fields.ts'
import { isObject } from '../../json-object.ts'
import type { Input } from '../../operation.ts'
import { timeOf } from '../../time-text.ts'
import { sendableParameters } from './parameters.ts'
import { frequencies, type Plan, scheduleChange, startOf, timeInputs, validateSchedule } from './schedule.ts'

// A change of a schedule with what it leaves out, taken from the record of the schedule. update_schedules.htm calls
// title, scripts, startDate, startTime and scheduleType mandatory, and does not say what becomes of what is left out.

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

const isoOf = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

const dayMs = 24 * 3_600_000

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /\S/.test(value) && isText(value) ? value : undefined

const yesNoOf = (value: unknown): boolean | undefined => boolean.safeParse(value).data

/** One of `[{id, …}]`, with its id as inputs take it. */
interface Entry {
  readonly id: string
  readonly part: Input
}

/** The entries of a list; undefined if one has no id that could be passed as an input. */
function entriesIn(list: unknown): readonly Entry[] | undefined {
  if (!Array.isArray(list)) return undefined
  const entries = list.map((part: unknown): Entry | undefined => {
    const id = isObject(part) ? part['id'] : part
    // `007` is the id 7, as Qualys reads it.
    const text = isBareId(id) ? String(id).replace(/^0+(?=\d)/, '') : ''
    return /^\d+$/.test(text) ? { id: text, part: isObject(part) ? part : {} } : undefined
  })
  const found = entries.filter((entry) => entry !== undefined)
  return found.length === entries.length ? found : undefined
}

/** What the entries show in one of the fields, by id. */
const shownIn = (entries: readonly Entry[] = [], ...fields: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    entries.flatMap(({ id, part }) => {
      const value = fields.map((field) => textOf(part[field])).find((text) => text !== undefined)
      return value === undefined ? [] : [[id, value] as const]
    }),
  )

/** What is taken from a record, and what has to be passed because the record does not show it. */
interface Taken {
  readonly values: Plan
  readonly missing: readonly string[]
}

/** The stored scripts. The values of parameters are taken only if all of them are shown. */
function takeScripts(current: Input): Taken {
  const entries = entriesIn(current['scripts'])
  if (!entries?.length) return { values: {}, missing: ['scripts'] }
  const scripts = entries.map(({ id, part }) => ({ id, params: sendableParameters(part['params']) }))
  const hidden = scripts.filter(({ params }) => params === undefined).map(({ id }) => id)
  if (hidden.length > 0)
    return {
      values: {},
      missing: [`scripts (with all params of ${hidden.join(', ')}, whose values are not shown)`],
    }
  return {
    values: { scripts: scripts.map(({ id, params = [] }) => ({ id, ...(params.length > 0 && { params }) })) },
    missing: [],
  }
}

/** The stored start, in the form of the inputs where it has that form. */
function takeStart(input: Plan, current: Input): Taken {
  const [first, start] = [timeOf(current['startDate']), timeOf(current['startTime'])]
  const isOdd = first !== undefined && start !== undefined && Math.abs(start - first) > 2 * dayMs
  const iso = start === undefined || isOdd ? undefined : isoOf(start)
  const clock = iso?.slice(11, 19).replace(/:00$/, '')
  const ownDay = first === undefined || isOdd || first % dayMs !== 0 ? undefined : isoOf(first).slice(0, 10)
  if (input.startDate !== undefined || input.startTime !== undefined) {
    const startDate = input.startDate ?? iso?.slice(0, 10) ?? ownDay
    const startTime = input.startTime ?? clock
    const plan = { startDate, startTime }
    const missing = (['startDate', 'startTime'] as const).filter((name) => plan[name] === undefined)
    if (missing.length > 0) return { values: {}, missing }
    // What lists show in minutes is the stored start.
    const isStored = start !== undefined && Math.floor(start / 60_000) * 60_000 === startOf(plan)
    return { values: isStored ? { ...plan, startTime: clock } : plan, missing: [] }
  }
  if (iso === undefined || clock === undefined)
    return { values: {}, missing: ownDay === undefined || isOdd ? ['startDate', 'startTime'] : ['startTime'] }
  const day = iso.slice(0, 10)
  // A day that begins elsewhere than in UTC is sent back as it is, and so is the time.
  return first === undefined || ownDay === day
    ? { values: { startDate: day, startTime: clock }, missing: [] }
    : { values: { startDate: isoOf(first), startTime: iso }, missing: [] }
}

/** How a stored schedule recurs; undefined if that cannot be read. */
function recurrenceOf({ recurrence, scheduleType }: Input) {
  if (isAbsent(recurrence) || (isObject(recurrence) && isAbsent(recurrence['frequency'])))
    return scheduleType === 'ONE_TIME' ? ({ recurrence: 'ONCE' } as const) : undefined
  if (!isObject(recurrence) || scheduleType === 'ONE_TIME') return undefined
  const { frequency, interval = 1, ...others } = recurrence
  const word = frequencies.find((known) => known === frequency)
  const count = Number(interval ?? 1)
  // What else it holds could not be sent back.
  const isWhole = Object.values(others).every(isAbsent)
  return word && isWhole && Number.isInteger(count) && count > 0
    ? { recurrence: word, interval: count }
    : undefined
}

/** The stored recurrence and its end. An interval belongs to its recurrence. */
function takeRecurrence({ recurrence, interval, endDate }: Plan, current: Input): Taken {
  if (recurrence === 'ONCE') return { values: {}, missing: [] }
  const stored = recurrenceOf(current)
  if (recurrence === undefined && stored === undefined)
    return { values: {}, missing: ['recurrence ("ONCE", or one with interval and endDate)'] }
  const word = recurrence ?? stored?.recurrence
  if (word === 'ONCE') return { values: { recurrence: word }, missing: [] }
  const end = timeOf(current['endDate'])
  if (endDate === undefined && end === undefined && !isAbsent(current['endDate']))
    return { values: {}, missing: ['endDate'] }
  const every = interval ?? (stored?.recurrence === word ? stored?.interval : undefined)
  const until = end === undefined ? undefined : end % dayMs === 0 ? isoOf(end).slice(0, 10) : isoOf(end)
  return {
    values: {
      recurrence: word,
      ...(every !== undefined && { interval: every }),
      ...(until !== undefined && endDate === undefined && { endDate: until }),
    },
    missing: [],
  }
}

const lists = ['assets', 'assetTags', 'excludedAssets'] as const
const flags = [
  'allTagsForAssetsEnabled',
  'rebootAfterScriptExecution',
  'executionPolicyBypassEnabled',
  'activate',
] as const

/** The units of a delay (update_schedules.htm). */
const secondsOf: ReadonlyMap<string, number> = new Map([
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3_600],
])

/** What may be left out of the request: taken where the record shows it. `missing`: what it does not show. */
function takeOptional(input: Plan, current: Input): Taken {
  const values: Record<string, unknown> = {}
  const missing: string[] = []
  const take = (name: keyof Plan, value: unknown): void => {
    if (input[name] !== undefined) return
    if (value === undefined && !(current[name] === null || current[name] === '')) missing.push(name)
    else if (value !== undefined) values[name] = value
  }
  for (const name of lists) {
    const ids = entriesIn(current[name])?.map(({ id }) => id)
    if (ids?.length !== 0) take(name, ids)
  }
  for (const name of flags) take(name, yesNoOf(current[name]))
  take('description', textOf(current['description']))
  const reboots = input.rebootAfterScriptExecution ?? values['rebootAfterScriptExecution']
  const { rebootDelayInSeconds: delay, rebootDelayTimeUnit: unit } = current
  if (reboots === true && !isAbsent(delay)) {
    const seconds =
      Number(delay) * (secondsOf.get(isAbsent(unit) ? 'seconds' : String(unit).toLowerCase()) ?? Number.NaN)
    take('rebootDelayInSeconds', Number.isInteger(seconds) && seconds >= 0 ? seconds : undefined)
  }
  return { values, missing }
}

/** What Qualys calls mandatory, as far as it is not passed. */
function takeMandatory(input: Plan, current: Input): readonly Taken[] {
  const title = textOf(current['title'])
  return [
    input.title !== undefined
      ? { values: {}, missing: [] }
      : title === undefined
        ? { values: {}, missing: ['title'] }
        : { values: { title }, missing: [] },
    input.scripts ? { values: {}, missing: [] } : takeScripts(current),
    takeStart(input, current),
    takeRecurrence(input, current),
  ]
}

/** A script as it is compared: its parameters only if the record shows them. */
const comparable = (scripts: Plan['scripts'], withParameters: boolean): string =>
  JSON.stringify(scripts?.map(({ id, params = [] }) => (withParameters ? [id, params] : id)))

/** The passed inputs that are stored otherwise. What the record does not show cannot be compared. */
function changesOf(input: Plan, filled: Plan, current: Input): readonly string[] {
  const stored: Plan = Object.assign(
    {},
    ...takeMandatory({}, current).map((one) => one.values),
    takeOptional({}, current).values,
  )
  const ids = entriesIn(current['scripts'])?.map(({ id }) => ({ id }))
  const isEqual: Readonly<Partial<Record<keyof Plan, () => boolean>>> = {
    scripts: () =>
      comparable(input.scripts, !!stored.scripts) === comparable(stored.scripts ?? ids, !!stored.scripts),
    startDate: () => startOf(filled) === startOf(stored),
    startTime: () => startOf(filled) === startOf(stored),
  }
  // Nothing in a place that may be empty is shown, too.
  const isShown = (name: keyof Plan): boolean =>
    stored[name] !== undefined ||
    entriesIn(current[name]) !== undefined ||
    (['description', 'endDate', ...lists].includes(name) &&
      current[name] !== undefined &&
      isAbsent(current[name]))
  return Object.keys(scheduleChange)
    .map((name) => name as keyof Plan)
    .filter((name) => name !== 'activate' && input[name] !== undefined && isShown(name))
    .filter((name) => !(isEqual[name]?.() ?? JSON.stringify(input[name]) === JSON.stringify(stored[name])))
}

/** A text of a list in words. */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

const notShown = (names: readonly string[]): string =>
  `Its record does not show ${listed(names)}: left out, and whether Qualys keeps ${names.length === 1 ? 'it' : 'them'} is not documented.`

const instead = '; to switch it off by its id alone, use car_deactivate_schedule'

/** The whole of a change, with what it leaves out as the record of the schedule shows it. */
export function fillSchedule<I extends Plan & { readonly scheduleId: string }>(
  input: I,
  shown: Input | undefined,
  now: number,
): FilledInput<I> {
  // The path of the record is a guess: another one is none.
  const current = shown && String(shown['id']) === input.scheduleId ? shown : {}
  const mandatory = takeMandatory(input, current)
  const optional = takeOptional(input, current)
  const values: Plan = Object.assign({}, ...mandatory.map((one) => one.values), optional.values)
  const filled: I = { ...input, ...values }
  const isRecurring = filled.recurrence !== 'ONCE'
  const unshown = [...optional.missing, ...(isRecurring && filled.endDate === undefined ? ['an end'] : [])]
  const missing = mandatory.flatMap((one) => one.missing)
  const keepsTimes = timeInputs.every((name) => input[name] === undefined)
  const problem =
    missing.length > 0
      ? `Qualys wants the whole of a schedule, and its record does not show all of it: pass ${listed(missing)} as well${input.activate === false ? instead : ''}.`
      : validateSchedule(filled, now, { times: keepsTimes, start: timeOf(current['startTime']) })
  const entries = (name: string) => entriesIn(current[name])
  return {
    input: filled,
    changes: changesOf(input, filled, current),
    taken: Object.keys(values).filter((name) => !(name in input) || input[name as keyof I] === undefined),
    references: {
      script: shownIn(entries('scripts'), 'title'),
      asset: shownIn([...(entries('assets') ?? []), ...(entries('excludedAssets') ?? [])], 'UUId', 'uuid'),
      tag: shownIn(entries('assetTags'), 'UUId', 'uuid'),
    },
    warnings: unshown.length > 0 ? [notShown(unshown)] : [],
    problem,
  }
}
