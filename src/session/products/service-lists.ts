import { isNothing, isObject, plainText } from '../../shared/json.ts'
import type { Turns } from '../../shared/turns/turns.ts'

// Lists in the objects of a ServiceResponse: `<tags><Tag>…`, with or without `<list>` around it and with one child or
// many; also the JSON form, in which each entry is an object of one key
// (docs.qualys.com/en/conn/api/get_started/json_support.htm).

/** Levels of the elements that are read: no answer of Qualys reaches it, and no reader of it can follow. */
export const maxDepth = 100

export const asList = (value: unknown): readonly unknown[] =>
  isNothing(value) ? [] : Array.isArray(value) ? value : [value]

/** True for the name of an entry of a list, such as `Tag`. */
export const isElement = (name: string): boolean => /^[A-Z]/.test(name)

/** If a list is shorter than its count, it is left as it is: a part must not pass for the whole. */
export const isWholeList = (parts: readonly unknown[], count: unknown): boolean =>
  count === undefined || Number(plainText(count)) === parts.length

/** A count of 0 and no list. */
export const isEmptyCount = (count: unknown): boolean => plainText(count) === '0'

function normalize(value: unknown, level: number): unknown {
  // Deeper than any row is read.
  if (level > maxDepth) return value
  if (Array.isArray(value)) return value.map((part) => normalize(part, level + 1))
  if (!isObject(value)) return value
  const [first, ...others] = Object.keys(value).filter((name) => name !== 'count')
  if (first === undefined && isEmptyCount(value['count'])) return []
  if (first === undefined || others.length > 0) return normalizeMembers(value, level)
  const parts =
    first === 'list'
      ? asList(value['list']).flatMap((entry) => asList(normalize(entry, level + 1)))
      : isElement(first)
        ? asList(value[first]).map((part) => normalize(part, level + 1))
        : undefined
  return parts && isWholeList(parts, value['count']) ? parts : normalizeMembers(value, level)
}

/** The object with the lists in it as lists. */
function normalizeMembers(value: unknown, level = 0): unknown {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, normalize(part, level + 1)]))
}

/** The content of `data` in JSON, with the lists in its objects as lists. */
export async function normalizeData(data: unknown, turns: Turns): Promise<unknown> {
  if (Array.isArray(data)) {
    const parts: unknown[] = []
    for (const part of data) parts.push(await normalizeData(part, turns))
    return parts
  }
  if (!isObject(data)) return data
  const members: [string, unknown][] = []
  for (const [name, member] of Object.entries(data)) {
    if (name === 'list') members.push([name, await normalizeData(member, turns)])
    else members.push([name, Array.isArray(member) ? await eachOf(member, turns) : normalizeMembers(member)])
  }
  return Object.fromEntries(members)
}

async function eachOf(objects: readonly unknown[], turns: Turns): Promise<unknown[]> {
  const parts: unknown[] = []
  for (const object of objects) {
    parts.push(normalizeMembers(object))
    await turns.give()
  }
  return parts
}
