import { decodedParameters } from '../../../operations/car/inputs/parameters.ts'
import { startOf } from '../../../operations/car/inputs/schedule.ts'
import type { Input } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject, objectsIn } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import { idsIn } from '../targets/car-targets.ts'

// A stored schedule compared with what was sent.

/** What is not as it was sent, as a clause; `isUnread`: the record does not show it, so it may be. */
export interface Problem {
  readonly text: string
  readonly isUnread?: true
}

const unread = (what: string): Problem => ({ text: `${what} cannot be read`, isUnread: true })
const differs = (text: string): Problem => ({ text })

export const asText = (value: unknown): string =>
  quotation(typeof value === 'string' ? value : JSON.stringify(value))

function startProblem(args: Input, { startTime }: Row): Problem | undefined {
  const expected = startOf({ startDate: String(args['startDate']), startTime: String(args['startTime']) })
  // The form that record parsing produces; another text has no zone or is not a time.
  if (typeof startTime !== 'string' || !/^[\d-]{10}T[\d:]{8}Z$/.test(startTime)) return unread('its start')
  return Date.parse(startTime) === expected
    ? undefined
    : differs(
        `its start is ${asText(startTime)} instead of ${new Date(expected).toISOString().slice(0, 16)}Z`,
      )
}

function recurrenceProblem({ recurrence, interval = 1, endDate }: Input, row: Row): Problem | undefined {
  const stored = row['recurrence']
  const type = row['scheduleType']
  if (recurrence === undefined || recurrence === 'ONCE') {
    if (isObject(stored) && stored['frequency'] != null) return differs(`it recurs (${asText(stored)})`)
    if (type === 'ONE_TIME') return undefined
    return type === undefined
      ? unread('whether it recurs')
      : differs(`it is ${asText(type)} instead of ONE_TIME`)
  }
  if (!isObject(stored)) return unread('its recurrence')
  if (stored['frequency'] !== recurrence || Number(stored['interval']) !== interval || type === 'ONE_TIME')
    return differs(
      `its recurrence is ${asText(stored)} (${asText(type ?? '')}) instead of every ${String(interval)} ${String(recurrence)}`,
    )
  const end = row['endDate']
  // The record showed none before, and none was sent.
  if (endDate === undefined) return undefined
  if (typeof end !== 'string') return unread('its end')
  return end.startsWith(String(endDate))
    ? undefined
    : differs(`its end is ${asText(end)} instead of ${String(endDate)}`)
}

const targetLists = ['assets', 'assetTags', 'excludedAssets'] as const

/**
 * Compares the stored targets with the arguments, and with the previous targets for lists that were not
 * passed.
 */
function targetProblem(args: Input, row: Row, previous: Row | undefined): Problem | undefined {
  for (const name of targetLists) {
    const expected = (args[name] as readonly string[] | undefined) ?? idsIn(previous?.[name]) ?? []
    const stored = idsIn(row[name]) ?? (expected.length === 0 ? [] : undefined)
    if (stored === undefined) return unread(`its ${name}`)
    const same = stored.length === expected.length && expected.every((id) => stored.includes(id))
    if (!same)
      return differs(`its ${name} are ${asText(stored.join(', '))} instead of ${asText(expected.join(', '))}`)
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

function otherProblem(args: Input, row: Row, previous: Row | undefined): Problem | undefined {
  const name = optionNames.find((name) => {
    const expected = args[name] ?? previous?.[name]
    return typeof expected === 'boolean' && typeof row[name] === 'boolean' && row[name] !== expected
  })
  if (name !== undefined) return differs(`${name} is ${String(row[name])}`)
  const [expected, stored] = [idsIn(args['scripts']), idsIn(row['scripts'])]
  if (expected && stored && expected.join() !== stored.join())
    return differs(`it runs the scripts ${asText(stored.join(', '))}`)
  return undefined
}

/** Blanks around a text may go. */
export const plain = (text: string): string => text.trim().replace(/\s+/g, ' ')

/** `raw`: the record with what is masked in `row`. */
function textProblem(args: Input, row: Row, raw: Row): Problem | undefined {
  for (const name of ['title', 'description']) {
    const [sent, stored] = [args[name], raw[name]]
    if (typeof sent === 'string' && typeof stored === 'string' && plain(sent) !== plain(stored))
      return differs(`its ${name} is ${asText(row[name])}`)
  }
  return undefined
}

/** Compares what a script gets, where the record shows it. The value of a secret is not known here. */
function parameterProblem(args: Input, raw: Row): Problem | undefined {
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
    if (!same) return differs(`script ${String(id)} gets other parameters`)
  }
  return undefined
}

/** What is not as it was sent. `raw`: the record with what is masked in `row`; `previous`: the one before the change. */
export function scheduleProblems(
  args: Input,
  { row, raw }: { readonly row: Row; readonly raw: Row },
  previous: Row | undefined,
): readonly Problem[] {
  return [
    startProblem(args, row),
    recurrenceProblem(args, row),
    targetProblem(args, row, previous),
    otherProblem(args, row, previous),
    textProblem(args, row, raw),
    parameterProblem(args, raw),
  ].filter((problem) => problem !== undefined)
}
