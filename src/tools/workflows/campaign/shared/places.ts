import type { Binding } from '../../../../session/answer.ts'
import { encodeCursor } from '../../../../session/paging/continuation.ts'
import { sha256 } from '../../../../shared/crypto.ts'
import { cursorIn } from '../../../replies/parts/position.ts'

/**
 * A place in a list that is ordered by value: by numbers, the smallest first, then by a text. A token holds the place of
 * the last item shown, not its rank, so that no item is skipped or repeated when others leave the list between pages.
 */
export interface Place {
  readonly numbers: readonly number[]
  readonly text: string
}

const plainId = /^(?:0|[1-9]\d{0,19})$/
const hashLength = 12

/** A text of at most 20 characters that orders by an id: the digits of an id of Qualys, else a hash of the text. */
export const idText = (id: string): string => (plainId.test(id) ? id : `~${sha256(id).slice(0, hashLength)}`)

/** The order of ids: digits by their value, and anything else behind them. */
export function compareIds(one: string, other: string): number {
  const [isPlain, isOtherPlain] = [plainId.test(one), plainId.test(other)]
  if (isPlain !== isOtherPlain) return isPlain ? -1 : 1
  if (isPlain && one.length !== other.length) return one.length - other.length
  return one < other ? -1 : Number(one > other)
}

function comparePlaces(one: Place, other: Place): number {
  for (const [at, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[at] ?? 0)
    if (difference !== 0) return difference
  }
  return compareIds(one.text, other.text)
}

/** The first items behind a place. Holds a few times as many as are wanted, however many are added. */
export class FirstPlaces<Item extends { readonly place: Place }> {
  readonly #wanted: number
  readonly #after: Place | undefined
  #items: Item[] = []
  /** Number of items up to and with the place. */
  before = 0
  total = 0

  constructor(wanted: number, after?: Place) {
    this.#wanted = wanted
    this.#after = after
  }

  add(item: Item): void {
    this.total++
    if (this.#after && comparePlaces(item.place, this.#after) <= 0) this.before++
    else if (this.#wanted > 0) this.#items.push(item)
    if (this.#items.length > 4 * this.#wanted + 100) this.#sort()
  }

  get items(): readonly Item[] {
    this.#sort()
    return this.#items
  }

  #sort(): void {
    this.#items.sort((one, other) => comparePlaces(one.place, other.place))
    this.#items.length = Math.min(this.#items.length, this.#wanted)
  }
}

/** The token of the items behind a place; without one, of all items. At most 64 characters. */
export const tokenBehind = (place: Place | undefined, binding: Binding): string =>
  encodeCursor(place ? [place.numbers.length, ...place.numbers, place.text] : [0], binding)

/** The place in a token; undefined if it is the start. Throws an InputError for a damaged token, or one of another call. */
export function placeIn(token: string, binding: Binding): Place | undefined {
  const [count, ...values] = cursorIn(token, binding)
  if (count === 0) return undefined
  return { numbers: values.slice(0, count).map(Number), text: String(values[count] ?? '') }
}
