import { z } from 'zod'
import type { Operation } from '../../operation.ts'
import { localFilter } from '../../reads/local-filter.ts'
import { searchAssets } from '../assets.ts'
import { platformOf } from '../hosts.ts'
import { withTagNames } from '../names/tag-names.ts'
import { resultFilter, successFilter } from './results-filter.ts'
import { seenFilter } from './seen-filter.ts'
import { tagFilter, withoutTagFilter } from './tag-filter.ts'

const platforms = ['WINDOWS', 'LINUX', 'UNIX', 'MAC'] as const

const platform = z.preprocess(
  (word) => (typeof word === 'string' ? word.trim().toUpperCase() : word),
  z.enum(platforms, { error: `must be one of ${platforms.join(', ')}` }),
)

const isPlatform = (word: unknown): boolean => platforms.some((one) => one === word)

/** The list of hosts with what this program adds to it. Here, since runs know the bare list. */
export const searchHosts: Operation = {
  ...searchAssets,
  localFilters: {
    platform: localFilter(platform, (wanted) => ({
      test: (host) => {
        const shown = platformOf(host)
        return isPlatform(shown) ? shown === wanted : undefined
      },
      needs: 'a known platform or system',
    })),
    tagId: tagFilter,
    withoutTag: withoutTagFilter,
    notSeenSince: seenFilter,
    noResultSince: resultFilter,
    noSuccessSince: successFilter,
  },
  complete: withTagNames,
  remarks: [
    'tagId goes by the tags that the record of a host shows; tags below it are not followed.',
    'Results since a time are those that Qualys processed since then, those of test runs included; an open one is none.',
  ],
}
