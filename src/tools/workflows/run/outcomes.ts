import { searchAssetJobs } from '../../../operations/car/runs.ts'
import type { Row } from '../../../session/answer.ts'
import { formatNumber } from '../../../shared/format.ts'

const outcomeFilters = Object.entries(searchAssetJobs.rowFilters?.['outcome'] ?? {})
/** The word for a host that is done without a code. */
const unknownOutcome = 'of unknown outcome'

/** How a host of a run ended, in the words of car_search_asset_jobs. */
export function outcomeOf(row: Row): string {
  return outcomeFilters.find(([, matches]) => matches(row))?.[0] ?? unknownOutcome
}

/** True for an asset job that is not done. */
export const isOpen = (outcome: string): boolean => outcome === 'open'

/** Counts the hosts of a run by outcome. */
export class Tally {
  readonly #counts = new Map<string, number>()
  #hosts = 0
  /** Why there may be more hosts than Qualys lists; undefined if it lists all. */
  resultLimit: string | undefined

  add(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1)
    this.#hosts++
  }

  get hosts(): number {
    return this.#hosts
  }

  get open(): number {
    return this.#counts.get('open') ?? 0
  }

  get done(): number {
    return this.#hosts - this.open
  }

  /** `9 succeeded, 3 failed`: the outcomes that occur, in a fixed order. */
  toString(): string {
    return [...outcomeFilters.map(([outcome]) => outcome), unknownOutcome]
      .flatMap((word) => {
        const count = this.#counts.get(word)
        return count === undefined ? [] : [`${formatNumber(count)} ${word}`]
      })
      .join(', ')
  }
}
