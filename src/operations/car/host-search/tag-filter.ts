import type { Operation } from '../../operation.ts'
import { localFilter } from '../../reads/local-filter.ts'
import { anyOf, holds, keyOf } from '../keys.ts'
import { tagInput, tagsOf, tagsOfInput } from '../tag-names.ts'

/** Hosts with a tag, also one of a lab: by its id, its UUID or, where hosts show no more, its name. */
export const tagFilter = localFilter<typeof tagInput, Operation>(tagInput, async (input, lists) => {
  const { keys, notes } = await tagsOfInput(input, lists)
  return {
    test: (host) => {
      const tags = tagsOf(host)?.map(keyOf)
      return anyOf(keys.map((key) => holds(tags, key)))
    },
    needs: 'their tags in a form that can be compared',
    notes: () => notes,
  }
})
