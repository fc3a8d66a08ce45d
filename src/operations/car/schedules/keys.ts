import type { Verdict } from '../../reads/local-filter.ts'
import { hostUuidFields, isUuid } from '../hosts.ts'
import { tagUuids } from '../inputs/run-targets.ts'

// Records name hosts and tags by a number, a UUID or a name. None of these is sure to be there.

/** What a record shows of a host, a tag or a script. */
export interface Key {
  readonly id?: string
  /** In lower case. */
  readonly uuid?: string
  readonly name?: string
}

const uuidFields: readonly string[] = ['UUId', ...tagUuids.fields, ...hostUuidFields]

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNumber = (value: unknown): boolean =>
  (typeof value === 'number' || typeof value === 'string') && /^\d+$/.test(String(value))

/** The key of an entry: an object such as `{id, UUId}`, or a number, a UUID or a name alone. */
export function keyOf(entry: unknown): Key {
  const {
    id,
    title,
    name = title,
    ...others
  } = isObject(entry) ? entry : { id: entry, name: isNumber(entry) || isUuid(entry) ? undefined : entry }
  const fields: Readonly<Record<string, unknown>> = others
  const uuid = [id, ...uuidFields.map((field) => fields[field])].find(isUuid)
  return {
    // Qualys reads 007 as the id 7.
    ...(isNumber(id) && { id: String(id).replace(/^0+(?=\d)/, '') }),
    ...(uuid !== undefined && { uuid: uuid.toLowerCase() }),
    ...(typeof name === 'string' && name !== '' && { name }),
  }
}

/** The keys in a list of a record; null is an empty list, and undefined is one that the record does not show. */
export function keysIn(value: unknown): readonly Key[] | undefined {
  if (value === null) return []
  return Array.isArray(value) ? value.map(keyOf) : undefined
}

/** Whether two keys mean the same. A name counts only if nothing better can be compared. */
function isSame(one: Key, other: Key): Verdict {
  const compare = (field: keyof Key): Verdict =>
    one[field] === undefined || other[field] === undefined ? undefined : one[field] === other[field]
  const exact = [compare('id'), compare('uuid')]
  if (exact.includes(true)) return true
  return exact.includes(false) ? false : compare('name')
}

// Verdicts are joined so that one that is unknown matters only where it decides.

export function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) return true
  return verdicts.includes(undefined) ? undefined : false
}

export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false
  return verdicts.includes(undefined) ? undefined : true
}

export const not = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict)

/** Whether a list names something; undefined for a list that is not shown. */
export const holds = (keys: readonly Key[] | undefined, key: Key): Verdict =>
  keys && anyOf(keys.map((one) => isSame(one, key)))
