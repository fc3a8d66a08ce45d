import type { Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { localFilter, type RowTest } from '../../reads/local-filter.ts'
import { anyOf, holds, keyOf, not } from '../names/keys.ts'
import { tagInput, tagsOf, tagsOfInput } from '../names/tag-names.ts'

type TagFilter = typeof tagInput

const needs = 'their tags in a form that can be compared'

/** Whether a host has a tag, also one of a lab: by its id, its UUID or, where hosts show no more, its name. */
async function ofTag(input: string, lists: Lists<Operation>) {
  const { keys, notes } = await tagsOfInput(input, lists)
  return {
    test: (host: Readonly<Record<string, unknown>>) => {
      const tags = tagsOf(host)?.map(keyOf)
      return anyOf(keys.map((key) => holds(tags, key)))
    },
    needs,
    notes: () => notes,
  }
}

/** Hosts with a tag. */
export const tagFilter = localFilter<TagFilter, Operation>(tagInput, ofTag)

/** Hosts without a tag; `*` is any tag, as for users. */
export const withoutTagFilter = localFilter<TagFilter, Operation>(
  tagInput.describe('tag as in tagId; * for no tag at all'),
  async (input, lists): Promise<RowTest> => {
    if (input === '*') return { test: (host) => tagsOf(host) && tagsOf(host)?.length === 0, needs }
    const { test, ...others } = await ofTag(input, lists)
    return { test: (host) => not(test(host)), ...others }
  },
)
