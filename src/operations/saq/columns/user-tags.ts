import type { Operation } from '../../operation.ts'
import { type JoinedColumns, unjoined } from '../../reads/joined-columns.ts'
import type { Lists } from '../../reads/lists.ts'
import { type LocalFilter, localFilter, type Verdict } from '../../reads/local-filter.ts'
import { inSentence } from '../../sentences.ts'
import { words } from '../fields.ts'
import { normalizedName } from '../people/names.ts'
import { ExampleNames } from './example-names.ts'
import { apart, noTags, placeholders } from './own-words.ts'
import { RowTally } from './row-tally.ts'

type Row = Readonly<Record<string, unknown>>

/** A tag of a user. Name or id may be missing. */
interface UserTag {
  readonly id: string
  readonly name: string
}

/** The tags in a user's record; undefined if it shows none. */
function tagsOf({ tags }: Row): readonly UserTag[] | undefined {
  if (!Array.isArray(tags)) return undefined
  return tags.map((tag: unknown) => {
    const { id, name } = (typeof tag === 'object' ? (tag ?? {}) : {}) as Row
    return { id: id === undefined ? '' : String(id), name: typeof name === 'string' ? name : '' }
  })
}

/**
 * True if records of users show tags: Qualys leaves out what is empty, so a record without tags is then that of a user
 * without tags. The first rows of the list tell.
 */
async function showTags(users: Operation, lists: Lists<Operation>): Promise<boolean> {
  const isShown = await lists.attempt(async () => {
    for await (const rows of lists.walk(users, {}, ['id', 'tags']))
      return rows.some((row) => (tagsOf(row)?.length ?? 0) > 0)
    return false
  })
  return isShown === true
}

const asWithout = 'no tags in the record, where other records have some, so it counts as without'

/** Looks for a tag among those of users. `*` is any tag. */
class WithoutTag {
  readonly #spelled: string
  readonly #tag: string
  readonly #showTags: boolean
  readonly #names = new ExampleNames()
  #isBorne = false
  readonly #tally = new RowTally('user')

  constructor(tag: string, isShown: boolean) {
    this.#spelled = tag
    this.#tag = normalizedName(tag)
    this.#showTags = isShown
  }

  readonly test = (row: Row): Verdict => {
    const tags = tagsOf(row)
    if (!tags) {
      if (!this.#showTags) return undefined
      this.#tally.add(row, asWithout)
      return true
    }
    for (const { name } of tags) this.#names.add(name)
    const isBearer = tags.some(
      ({ id, name }) => this.#tag === '*' || [id, normalizedName(name)].includes(this.#tag),
    )
    this.#isBorne ||= isBearer
    if (isBearer) return false
    return tags.some(({ name }) => name === '') && !/^\d+$/.test(this.#tag) ? undefined : true
  }

  readonly notes = (): readonly string[] => {
    return [
      ...this.#tally.notes,
      ...(!this.#isBorne && this.#tag !== '*' && !this.#names.isEmpty
        ? [
            `No user that was looked at has the tag ${inSentence(this.#spelled)}. Tags that occur: ${this.#names.text}.`,
          ]
        : []),
    ]
  }
}

/** Keeps the users without a tag. `users`: the list of users. */
export const withoutTag = (users: () => Operation): LocalFilter<Operation> =>
  localFilter(words(256, 'a name or *'), async (tag, lists: Lists<Operation>) => {
    const { test, notes } = new WithoutTag(tag, await showTags(users(), lists))
    return { test, notes, needs: 'their tags' }
  })

/** Tags, by which users can be counted: several count a user once under each. */
export const tagColumns = (users: () => Operation): JoinedColumns<Operation> => ({
  names: ['tags.name'],
  placeholders,
  load: async (_columns, lists) => {
    const isShown = await showTags(users(), lists)
    const tally = new RowTally('user')
    return {
      value: (row) => {
        const tags = tagsOf(row)
        if (tags && tags.length > 0) return tags.map(({ id, name }) => apart(name || id))
        if (tags) return noTags
        tally.add(
          row,
          isShown ? asWithout : 'no tags in the record, nor in others, so whether there are any is unknown',
        )
        return isShown ? noTags : unjoined
      },
      notes: () => tally.notes,
    }
  },
})
