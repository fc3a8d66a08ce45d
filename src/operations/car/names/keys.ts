import { id } from '../../fields.ts'
import { isObject } from '../../json-object.ts'
import type { Verdict } from '../../reads/local-filter.ts'
import { hostUuidFields, isUuid } from '../hosts.ts'
import { tagUuids } from '../inputs/run-targets.ts'

// Records name hosts and tags by a number, a UUID or a name. None of these is sure to be there.

/** What a record shows of a host, a tag or a script. */
export interface Key {
  readonly id?: string
  /** Another number of a tag, if that is not its id. */
  readonly tagId?: string
  /** In lower case. */
  readonly uuid?: string
  readonly name?: string
}

const uuidFields: readonly string[] = ['UUId', ...tagUuids.fields, ...hostUuidFields]

const isNumber = (value: unknown): boolean =>
  (typeof value === 'number' || typeof value === 'string') && /^\d+$/.test(String(value))

/** The id of a row of this list in a filter. A name would be compared with what is no name. */
export const exactId = (list: string) =>
  id(`from ${list}`)
    .refine((text) => isNumber(text) || isUuid(text), {
      error: `must be the id that ${list} shows (its match finds names)`,
    })
    .describe(`id from ${list}`)

// Qualys reads 007 as the id 7.
const numbersIn = (...values: readonly unknown[]): string[] => [
  ...new Set(values.filter(isNumber).map((value) => String(value).replace(/^0+(?=\d)/, ''))),
]

/** The key of an entry: an object such as `{id, UUId}`, or a number, a UUID or a name alone. */
export function keyOf(entry: unknown): Key {
  const fields: Readonly<Record<string, unknown>> = isObject(entry)
    ? entry
    : { id: entry, name: isNumber(entry) || isUuid(entry) ? undefined : entry }
  const name = fields['name'] ?? fields['title']
  const [id, tagId] = numbersIn(fields['id'], fields['tagId'])
  const uuid = [fields['id'], ...uuidFields.map((field) => fields[field])].find(isUuid)
  return {
    ...(id !== undefined && { id }),
    ...(tagId !== undefined && { tagId }),
    ...(uuid !== undefined && { uuid: uuid.toLowerCase() }),
    ...(typeof name === 'string' && name.trim() !== '' && { name }),
  }
}

/** The keys in a list of a record; null is an empty list, and undefined is one that the record does not show. */
export function keysIn(value: unknown): readonly Key[] | undefined {
  if (value === null) return []
  return Array.isArray(value) ? value.map(keyOf) : undefined
}

/** Whether two keys mean the same. A name counts only if nothing better can be compared. */
function isSame(one: Key, other: Key): Verdict {
  const compare = (...fields: readonly (keyof Key)[]): Verdict => {
    const [values, others] = [one, other].map((key) => fields.flatMap((field) => key[field] ?? []))
    if (!values?.length || !others?.length) return undefined
    return values.some((value) => others.includes(value))
  }
  const exact = [compare('id', 'tagId'), compare('uuid')]
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
