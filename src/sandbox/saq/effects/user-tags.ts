import type { UserTag } from '../../data/saq/rows.ts'
import { nextId, type SaqStore } from '../../data/saq/store.ts'
import { invalidValue, missingElement } from '../../http/api-error.ts'
import { assumed, type Parsed } from '../../http/input.ts'
import { nonBlankText, objectId, record } from '../element-schema.ts'
import type { ListChanges } from '../list-schema.ts'

/** A tag by its name, or by its id. */
const tagInputs = {
  ...assumed('The pages name tags.tag.name; update lists tags.tag.id as well.', { id: objectId }),
  name: nonBlankText,
}
export const tagInput = record(tagInputs)
type TagInput = Parsed<typeof tagInputs>

export const isSameTag = (a: UserTag, b: UserTag) => a.id === b.id

/** The requested tags. Validates all of them before any is created. */
export function validateTags({ tags }: SaqStore, changes: ListChanges<TagInput> = {}): ListChanges<TagInput> {
  for (const requested of Object.values(changes).flat()) {
    if (requested.id === undefined && requested.name === undefined) throw missingElement('Tag.name')
    const exists = requested.id === undefined || tags.some((tag) => tag.id === requested.id)
    if (!exists) throw invalidValue('Tag.id', requested.id ?? 0, 'Specify the id of a tag that exists.')
  }
  return changes
}

/** Finds the tags; an unknown name becomes a new tag. */
export function resolveTags({ tags }: SaqStore, changes: ListChanges<TagInput>): ListChanges<UserTag> {
  const findOrCreate = ({ id: wantedId, name = '' }: TagInput): UserTag => {
    const existing = tags.find((candidate) =>
      wantedId === undefined ? candidate.name === name : candidate.id === wantedId,
    )
    if (existing) return existing
    const created = { id: nextId(tags), name }
    tags.push(created)
    return created
  }
  return Object.fromEntries(Object.entries(changes).map(([change, list]) => [change, list.map(findOrCreate)]))
}
