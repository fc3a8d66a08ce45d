import type { UserTag } from '../../data/saq/rows.ts'
import { nextId, type SaqStore } from '../../data/saq/store.ts'
import { invalid, required } from '../../http/api-error.ts'
import { id, madeUp, type Read, record, words } from '../elements.ts'
import type { Changes } from '../lists.ts'

/** A tag by its name; naming it by id is an assumption. */
export const tagInputs = { id: madeUp(id), name: words }
export const tag = record(tagInputs)
type ReadTag = Read<typeof tagInputs>

export const sameTag = (a: UserTag, b: UserTag) => a.id === b.id

/** The requested tags. Validates all of them before any is created. */
export function tagsOf({ tags }: SaqStore, given: Changes<ReadTag> = {}): Changes<ReadTag> {
  for (const one of Object.values(given).flat()) {
    if (one.id === undefined && one.name === undefined) throw required('Tag.name')
    const known = one.id === undefined || tags.some((tag) => tag.id === one.id)
    if (!known) throw invalid('Tag.id', one.id ?? 0, 'Specify the id of a tag that exists.')
  }
  return given
}

/** Finds the tags; an unknown name becomes a new tag. */
export function resolved({ tags }: SaqStore, given: Changes<ReadTag>): Changes<UserTag> {
  const tagFor = ({ id: wanted, name = '' }: ReadTag): UserTag => {
    const known = tags.find((one) => (wanted === undefined ? one.name === name : one.id === wanted))
    if (known) return known
    const made = { id: nextId(tags), name }
    tags.push(made)
    return made
  }
  return Object.fromEntries(Object.entries(given).map(([change, list]) => [change, list.map(tagFor)]))
}
