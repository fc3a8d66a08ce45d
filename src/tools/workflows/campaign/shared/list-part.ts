import type { Place } from './places.ts'

/** A part of a list that goes on by token. */
export interface ListPart<Item> {
  /** As many as were asked for, if there are as many. */
  readonly items: readonly Item[]
  /** Number of items on earlier pages. */
  readonly before: number
  readonly total: number
  /** True if only this part is shown, since the call has a token. */
  readonly isAlone: boolean
  /** The token of the items behind a place; without one, of all items. */
  readonly tokenBehind: (place: Place | undefined) => string
  /** The place behind which the part begins. */
  readonly after: Place | undefined
}

/** The token of the items that follow the first `shown` of a part; undefined if there are none. */
export function tokenAfter<Item extends { readonly place: Place }>(
  { items, before, total, after, tokenBehind }: ListPart<Item>,
  shown: number,
  wanted: boolean,
): string | undefined {
  if (!wanted || before + shown >= total) return undefined
  return tokenBehind(items[shown - 1]?.place ?? after)
}
