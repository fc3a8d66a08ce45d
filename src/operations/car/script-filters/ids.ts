import { ids } from '../../fields.ts'
import type { Operation } from '../../operation.ts'
import { type LocalFilter, localFilter } from '../../reads/local-filter.ts'
import { counted } from '../../sentences.ts'

const maxNamed = 10

/** Keeps rows by their ids, since no page documents a token for them. `from`: where ids come from. */
export const idsFilter = (noun: string, from: string): LocalFilter<Operation> =>
  localFilter(ids(from, 100), (wanted, _lists, { continuationToken }) => {
    const missing = new Set(wanted)
    const all = new Set(wanted)
    return {
      test: ({ id }) => {
        missing.delete(String(id))
        return all.has(String(id))
      },
      notes: () => {
        // A later page does not look at the rows of the first one.
        if (missing.size === 0 || continuationToken !== undefined) return []
        const named = [...missing].slice(0, maxNamed).join(', ')
        const more = missing.size - maxNamed
        return [
          `No ${noun} that was looked at has the id ${named}${more > 0 ? ` or one of ${counted(more, 'other')}` : ''}.`,
        ]
      },
    }
  })
