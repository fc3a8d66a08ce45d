import { id } from '../../fields.ts'
import type { Operation } from '../../operation.ts'
import { localFilter, type Verdict } from '../../reads/local-filter.ts'
import { inSentence } from '../../sentences.ts'
import { isUuid } from '../hosts.ts'
import { type NamedTag, readTags, type ShownTag, shownTag, tagsOf } from '../tag-names.ts'

/** A tag as far as it is known. */
type KnownTag = Partial<NamedTag>

/** True if a host shows this tag; undefined if what it shows cannot be compared. */
function isSameTag(shown: ShownTag, { id, tagId = id, uuid, name }: KnownTag): Verdict {
  if (shown.id !== undefined && id !== undefined) return shown.id === id || shown.id === tagId
  if (shown.uuid !== undefined && uuid !== undefined) return shown.uuid === uuid
  return shown.name !== undefined && name ? shown.name === name : undefined
}

/** Whether one of the tags of a host is this one. */
function hasTag(tags: readonly unknown[] | undefined, tag: KnownTag): Verdict {
  const verdicts = tags?.map((one) => isSameTag(shownTag(one), tag))
  if (verdicts === undefined || verdicts.includes(true)) return verdicts && true
  return verdicts.includes(undefined) ? undefined : false
}

/** Hosts with a tag, also one of a lab: by its id, its UUID or, where hosts show no more, its name. */
export const tagFilter = localFilter<ReturnType<typeof id>, Operation>(
  id('from car_search_asset_tags'),
  async (tagId, lists) => {
    const key = tagId.toLowerCase()
    const tags = await readTags([key], lists)
    const tag = tags?.get(key)
    const why = tags
      ? `No list of tags shows the id ${inSentence(tagId)}; lab tags may be missing there.`
      : 'The list of tags cannot be read.'
    return {
      test: (host) => hasTag(tagsOf(host), tag ?? (isUuid(key) ? { uuid: key } : { id: key })),
      needs: 'their tags in a form that can be compared',
      notes: () => (tag ? [] : [`${why} Hosts are compared with that id alone.`]),
    }
  },
)
