import type { Row } from '../../../../session/answer.ts'
import { isObject } from '../../../../shared/json.ts'

// Where the content of a stored script comes from. No page of Qualys shows the record of a script, so any field that
// speaks of a repository counts, and what does not say that it is not synchronised counts as synchronised.

const isSet = (value: unknown): boolean =>
  ![undefined, null, '', false, 'false', 0].some((nothing) => nothing === value) &&
  !(isObject(value) && !Object.values(value).some(isSet))

/** Names of fields about a repository; reports and asynchronous runs are something else. */
const aboutRepository = /github|gitlab|^git|repo(?!rt)|(?<!a)sync/i

/** The fields of a record and of the objects in it, such as `gitLabDetails`. */
const fieldsOf = (record: Row): (readonly [name: string, value: unknown])[] =>
  Object.entries(record).flatMap(([name, value]) => [
    [name, value] as const,
    ...(isObject(value) ? Object.entries(value) : []),
  ])

/** True for a script whose record names a repository, and for one whose record cannot be read. */
export function mayBeOfRepository(record: Row | undefined): boolean {
  if (record === undefined) return true
  const namesOne = Object.entries(record).some(([name, value]) => aboutRepository.test(name) && isSet(value))
  return namesOne || record['content'] === undefined
}

/** True for such a script, unless each field about it says that it is not synchronised. */
export function mayBeSynced(record: Row | undefined): boolean {
  if (record === undefined || !mayBeOfRepository(record)) return record === undefined
  const flags = fieldsOf(record).filter(([name]) => /(?<!a)sync/i.test(name))
  return flags.length === 0 || flags.some(([, value]) => isSet(value))
}
