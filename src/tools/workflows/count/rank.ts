import type { CountRequest } from './count-input.ts'
import { type Group, type Groups, sizeOf } from './groups.ts'

/** The groups of a count in their order. */
export interface Ranking {
  readonly kept: readonly Group[]
  /** Groups that are smaller than `min`. */
  readonly small: readonly Group[]
  readonly min: number | undefined
  /** Groups to show. */
  readonly top: number
}

/** Sorts the groups, and puts those aside that are too small. One that may be larger than it is known is kept. */
export function rank(groups: Groups, { min, top, bySize }: CountRequest): Ranking {
  const all = groups.keys.length === 0 ? [] : groups.sorted(bySize)
  const isKept = (group: Group): boolean =>
    min === undefined || sizeOf(group) >= min || group.distinct?.isPartial === true
  return { kept: all.filter(isKept), small: all.filter((group) => !isKept(group)), min, top }
}
