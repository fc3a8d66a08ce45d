/** Limits memory: different values that are kept, over all groups. */
export const maxDistinct = 200_000

/** The different values of one group. */
export interface DistinctValues {
  readonly values: Set<string>
  /** True if further values were not kept, or if rows do not show theirs: there are at least as many. */
  isPartial: boolean
}

/** Collects different values. */
export class DistinctCounter {
  #left: number

  constructor(max = maxDistinct) {
    this.#left = max
  }

  /** True if no more values can be kept. */
  get isFull(): boolean {
    return this.#left === 0
  }

  /** No values yet. */
  readonly empty = (): DistinctValues => ({ values: new Set(), isPartial: false })

  add(to: DistinctValues, value: string): void {
    if (to.values.has(value)) return
    if (this.#left === 0) {
      to.isPartial = true
      return
    }
    this.#left--
    to.values.add(value)
  }
}

export const copyOf = ({ values, isPartial }: DistinctValues): DistinctValues => ({
  values: new Set(values),
  isPartial,
})

/** Adds the values of a group that is shown as one with another. */
export function addAll(to: DistinctValues, { values, isPartial }: DistinctValues): void {
  for (const value of values) to.values.add(value)
  to.isPartial ||= isPartial
}

export const unknown = 'unknown'

/** A number of different values; a text if there may be more, or if none is shown. */
export function distinctCell({ values, isPartial }: DistinctValues): number | string {
  if (!isPartial) return values.size
  return values.size === 0 ? unknown : `at least ${values.size.toLocaleString('en')}`
}
