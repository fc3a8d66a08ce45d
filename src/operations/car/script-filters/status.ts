import { z } from 'zod'
import type { Operation } from '../../operation.ts'
import { type LocalFilter, localFilter } from '../../reads/local-filter.ts'
import { counted, inSentence } from '../../sentences.ts'

/** More states than any list has: beyond them, further ones are only counted. */
const maxStates = 20

/** `Pending approval` and `PENDING_APPROVAL` are one word. */
const comparable = (word: string): string => word.replace(/[^\p{L}\p{N}]+/gu, '').toUpperCase()

const error = 'must be one or more states as the list shows them, such as APPROVED'

/** A sign before a word, such as that of `!APPROVED`: rows of other states are not what a state finds. */
const negation = /(?:^|[,;|\n])\s*[!<>=-]/

/** One state or several, as a text or a list. Listed as a text: a list costs each conversation more. */
const words = z.preprocess(
  (value) => (Array.isArray(value) && value.every((part) => typeof part === 'string') ? value.join() : value),
  z
    .string({ error })
    .regex(/[\p{L}\p{N}]/u, { error })
    .max(500, { error: 'must be at most 500 characters' })
    .refine((text) => !negation.test(text), { error })
    .transform((text) => text.split(/[,;|\n]/).filter((word) => comparable(word) !== '')),
)

/** The state of a row, if it shows one. */
function stateOf({ status }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof status === 'string' && status.trim() !== '' ? status : undefined
}

/** The states that rows have, with the number of their rows. */
class States {
  readonly #counts = new Map<string, number>()
  #others = 0

  add(state: string): void {
    const count = this.#counts.get(state)
    if (count === undefined && this.#counts.size === maxStates) this.#others++
    else this.#counts.set(state, (count ?? 0) + 1)
  }

  toString(): string {
    const named = [...this.#counts]
      .sort(([, a], [, b]) => b - a)
      .map(([state, count]) => `${count.toLocaleString('en')} ${inSentence(state)}`)
    return [...named, ...(this.#others > 0 ? [`${counted(this.#others, 'row')} in others`] : [])].join(', ')
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0
  }
}

/**
 * Keeps rows by their state, whatever its words are. It is not sent to Qualys: a state that Qualys spells otherwise
 * would bring no rows, and nothing would show the states that there are. `advice`: what to do where rows show none.
 */
export const statusFilter = (advice?: string): LocalFilter<Operation> =>
  localFilter(words, (states, _lists, { continuationToken }) => {
    const wanted = new Set(states.map(comparable))
    const shown = new States()
    const missing = new Set(wanted)
    let isShown = true
    /** On a later page a state may be missing that the first one has. */
    const isMissing = (): boolean =>
      !shown.isEmpty && missing.size > (continuationToken === undefined ? 0 : wanted.size - 1)
    return {
      test: (row) => {
        const state = stateOf(row)
        if (state === undefined) {
          isShown = false
          return undefined
        }
        shown.add(state)
        missing.delete(comparable(state))
        return wanted.has(comparable(state))
      },
      needs: 'their state',
      notes: () => [
        ...(isMissing() ? [`The states of these rows are: ${shown}.`] : []),
        ...(isShown || advice === undefined ? [] : [advice]),
      ],
    }
  })
